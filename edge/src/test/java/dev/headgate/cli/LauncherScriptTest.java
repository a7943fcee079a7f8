package dev.headgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.cli.PackagedScript.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code bin/headgate} does before it becomes the JVM, with a JDK that only says what it was called with. */
@Timeout(60)
class LauncherScriptTest {
    @TempDir
    Path folder;

    private PackagedScript script;

    @BeforeEach
    void install() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "a system without sh");
        script = PackagedScript.install(folder);
        script.addJdk("jdk", "9001");
        script.set("JAVA_HOME", folder.resolve("jdk"));
    }

    static Stream<String> shells() {
        return Stream.of("/bin/sh", "/bin/dash", "/bin/bash", "/bin/ksh", "/bin/zsh")
                .filter(shell -> Files.isExecutable(Path.of(shell)));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void startsNoProcessWhereJdkAndCacheAreFound(String shell) throws Exception {
        script.train();
        script.withoutPath();
        Outcome outcome = script.start(List.of(shell, script.program(), "run", "-c", "a b"));
        assertEquals("", outcome.errors());
        assertEquals(List.of("run", "-c", "a b"), outcome.arguments());
        assertEquals(script.caches().getFirst(), outcome.cache());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void takesTheCacheForTlsWhereTheConfigurationSpeaksOfIt(String shell) throws Exception {
        script.train();
        script.withoutPath();
        String plain = script.caches().getFirst();
        String tls = script.caches().getLast();
        assertNotEquals(plain, tls);
        script.write("a b.yaml", "listeners:\n  - address: 0.0.0.0:443\n    tls: {certificates: a}");
        String file = script.home().resolve("a b.yaml").toString();
        for (List<String> line : List.of(
                List.of("run", "-c", file),
                List.of("run", "--config", file),
                List.of("run", "--state", "/s", "--config=" + file),
                List.of("run", "-c" + file),
                List.of("demo"))) {
            Outcome outcome = script.start(withProgram(shell, line));
            assertEquals(List.of("", line, tls), List.of(outcome.errors(), outcome.arguments(), outcome.cache()));
        }
        for (String text :
                List.of("", "# tls: {}\nroutes: []\n", "a: 1 # no tls: here", "a\n".repeat(60) + "tls: {}")) {
            script.write("a b.yaml", text);
            assertEquals(
                    plain,
                    script.start(withProgram(shell, List.of("run", "-c", file))).cache(),
                    text);
        }
        for (List<String> line : List.of(List.of("run", "-c", "/missing"), List.of("check", "-c", file))) {
            assertEquals(plain, script.start(withProgram(shell, line)).cache());
        }
    }

    @Test
    void makesOneKindOfCacheWhenToldWhich() throws Exception {
        script.train("tls");
        assertEquals("", script.run().cache());
        assertEquals(
                script.caches().getFirst(),
                script.start(List.of(script.program(), "demo")).cache());
        script.train("plain");
        assertEquals(2, script.caches().size());
        assertEquals(script.caches().getFirst(), script.run().cache());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void startsInAFolderThatIsGone(String shell) throws Exception {
        String leave = "/bin/mkdir gone && cd gone && /bin/rmdir ../gone && unset PWD && exec \"$0\" \"$@\"";
        Outcome outcome = script.start(List.of("/bin/sh", "-c", leave, shell, script.program(), "check", "-c", "/a"));
        assertEquals(List.of("check", "-c", "/a"), outcome.arguments());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void startsWithoutCacheUntilThereIsOne() throws Exception {
        assertEquals("", script.run().cache());
        script.train();
        assertEquals(script.caches().getFirst(), script.run().cache());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void addsTheModulesOfBenchForBenchOnly(String shell) throws Exception {
        script.train();
        script.write("lib/bench/jvm.options", "-Xmx512m\n");
        script.set("HEADGATE_JAVA_OPTS", "-Xmx1g");
        script.withoutPath();
        String lib = script.home().resolve("lib").toString();
        for (List<String> line : List.of(List.of("bench", "--out", "a b"), List.of("help", "bench"))) {
            Outcome outcome = script.start(withProgram(shell, line));
            assertEquals("", outcome.errors());
            assertEquals(line, outcome.arguments());
            assertEquals("", outcome.cache());
            assertEquals(
                    List.of(
                            "@" + lib + "/bench/jvm.options",
                            "-Dheadgate.home=" + script.home(),
                            "-p",
                            lib + ":" + lib + "/bench"),
                    outcome.flags());
        }
        Outcome run = script.start(withProgram(shell, List.of("run", "bench")));
        assertEquals(List.of("@" + lib + "/jvm.options", "-Xmx1g", "-p", lib), run.flags());
    }

    private List<String> withProgram(String shell, List<String> line) {
        return Stream.concat(Stream.of(shell, script.program()), line.stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void putsFurtherJarsOnTheClassPath(String shell) throws Exception {
        script.write("lib/ext/a b.jar", "");
        script.write("lib/ext/c.jar", "");
        script.write("lib/ext/README", "");
        script.train();
        script.withoutPath();
        Outcome outcome = script.start(withProgram(shell, List.of("run")));
        assertEquals("", outcome.errors());
        String lib = script.home().resolve("lib").toString();
        String jars = lib + "/ext/a b.jar:" + lib + "/ext/c.jar";
        assertEquals(
                List.of("@" + lib + "/jvm.options", "-cp", jars, "--enable-native-access=ALL-UNNAMED", "-p", lib),
                outcome.flags());
        assertEquals(script.caches().getFirst(), outcome.cache());
    }

    @Test
    void makesAnotherCacheForFurtherJars() throws Exception {
        script.train();
        String old = script.run().cache();
        script.write("lib/ext/a.jar", "");
        assertEquals("", script.run().cache());
        script.train();
        assertNotEquals(old, script.run().cache());
        Files.delete(script.home().resolve("lib/ext/a.jar"));
        assertEquals(old, script.run().cache());
    }

    @Test
    void leavesBenchToTheProgramWhereItsModulesAreMissing() throws Exception {
        Outcome outcome = script.start(List.of(script.program(), "bench"));
        assertEquals(List.of("bench"), outcome.arguments());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void usesNoCacheWhenToldSo() throws Exception {
        script.train();
        script.set("HEADGATE_AOT", "off");
        assertEquals("", script.run().cache());
    }

    @Test
    void makesAnotherCacheForAnotherBuild() throws Exception {
        script.train();
        String old = script.run().cache();
        script.write("lib/build.id", "0123456789abcdee\n");
        assertEquals("", script.run().cache());
        script.train();
        assertNotEquals(old, script.run().cache());
    }

    @Test
    void makesAnotherCacheForAnotherBuildOfTheJdk() throws Exception {
        script.train();
        String old = script.run().cache();
        script.addJdk("jdk", "9001.0.1");
        assertEquals("", script.run().cache());
        script.train();
        assertNotEquals(old, script.run().cache());
    }

    @Test
    void makesAnotherCacheForOtherFlagsAndKeepsBoth() throws Exception {
        script.train();
        String old = script.run().cache();
        script.set("HEADGATE_JAVA_OPTS", "-Xmx1g -Da=b/c");
        assertEquals("", script.run().cache());
        script.train();
        assertNotEquals(old, script.run().cache());
        script.set("HEADGATE_JAVA_OPTS", "");
        assertEquals(old, script.run().cache());
    }

    @Test
    void bearsFlagsLongerThanTheNameOfAFile() throws Exception {
        script.set("HEADGATE_JAVA_OPTS", "-Da=" + "x".repeat(300));
        script.train();
        assertEquals(script.caches().getFirst(), script.run().cache());
    }

    @Test
    void replacesCacheThatIsOlderThanTheProgram() throws Exception {
        script.write("lib/ext/a.jar", "");
        for (String part : List.of("lib/program.jar", "lib/jvm.options", "lib/ext/a.jar")) {
            script.train();
            Path cache = Path.of(script.run().cache());
            Instant now = Instant.now();
            Files.setLastModifiedTime(cache, FileTime.from(now.minusSeconds(7200)));
            Files.setLastModifiedTime(script.home().resolve(part), FileTime.from(now.minusSeconds(3600)));
            assertEquals("", script.run().cache(), part);
            script.train();
            assertEquals(cache.toString(), script.run().cache(), part);
        }
    }

    @Test
    void takesNoCacheAlongToAnotherFolder() throws Exception {
        script.train();
        script.moveTo(folder.resolve("elsewhere"));
        assertEquals("", script.run().cache());
    }

    @Test
    void keepsCacheInTheUsersFolderWhenItsOwnIsReadOnly() throws Exception {
        script.makeReadOnly();
        script.train();
        String cache = script.run().cache();
        assertTrue(cache.startsWith(folder.resolve("user/headgate").toString()), cache);
    }

    @Test
    void isTheSameByAnyPath() throws Exception {
        script.train();
        String cache = script.caches().getFirst();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(script.program()));
        Path linkedHome = Files.createSymbolicLink(folder.resolve("linked"), script.home());
        for (String program : List.of(
                link.toString(), linkedHome + "/bin/headgate", "installed/bin/headgate", "./installed/../link")) {
            assertEquals(cache, script.start(List.of(program, "run")).cache(), program);
        }
        // Where the shell looks the name up in the present folder.
        assertEquals(
                cache,
                script.start(List.of("/bin/sh", "-c", "cd installed/bin && exec /bin/sh headgate run"))
                        .cache());
    }

    @Test
    void takesJavaOnThePathWhenItIsNewEnough() throws Exception {
        script.addJdk("other", "9002");
        script.set("JAVA_HOME", "");
        script.set("PATH", folder.resolve("other/bin"));
        assertEquals(folder.resolve("other").toString(), script.run().jdk());
    }

    @Test
    void followsTheLinkThatJavaOnThePathIs() throws Exception {
        script.addJdk("far/away", "9002");
        script.addJdk("user-home/.jdks/near", "9003");
        script.addJdk("user-home/.jdks/older", "9001");
        script.set("JAVA_HOME", "");
        script.linkOnPath("user-home/.jdks/near/bin/java");
        assertEquals(
                folder.resolve("user-home/.jdks/near").toString(), script.run().jdk());
        script.linkOnPath("far/away/bin/java");
        assertEquals(folder.resolve("far/away").toString(), script.run().jdk());
    }

    @Test
    void takesTheOldestThatFitsFromTheUsualFolders() throws Exception {
        script.addJdk("user-home/.jdks/a", "9003");
        script.addJdk("user-home/.jdks/b", "9001.0.2");
        script.addJdk("user-home/.jdks/c", "9002");
        script.addJdk("user-home/.jdks/d", "17.0.1");
        script.linkOnPath("user-home/.jdks/d/bin/java");
        script.set("JAVA_HOME", folder.resolve("user-home/.jdks/d"));
        assertEquals(
                folder.resolve("user-home/.jdks/b").toString(), script.run().jdk());
    }

    @Test
    void saysWhatIsMissingWithoutJdk() throws Exception {
        script.addJdk("jdk", "25.0.1");
        Outcome outcome = script.run();
        assertEquals(3, outcome.exitCode());
        assertTrue(outcome.errors().startsWith("headgate: no JDK 9000 or newer found\n"), outcome.errors());
    }
}
