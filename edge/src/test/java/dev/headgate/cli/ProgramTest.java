package dev.headgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.testkit.TestAuthority;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ProgramTest {
    private static final String GOOD = """
            version: 1
            drain: 7s
            listeners: [{name: web, address: "127.0.0.1:8080"}]
            upstreams: {app: {endpoints: "10.0.0.1:80"}}
            routes: [{to: app}]
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final TestSignals signals = new TestSignals();
    private final TestProxy proxy = new TestProxy();
    private final Surroundings surroundings = new Surroundings(() -> 512L << 20);
    private Launcher launcher = (config, state) -> proxy.launch(config);

    /** Signals that a test sends. */
    private static final class TestSignals implements Signals {
        private Runnable terminate = () -> {};
        private Runnable hangup = () -> {};

        @Override
        public void onTerminate(Runnable action) {
            terminate = action;
        }

        @Override
        public void onHangup(Runnable action) {
            hangup = action;
        }
    }

    /** A proxy that notes what is asked of it, and ends when drained or closed. */
    private static final class TestProxy implements Launcher.RunningProxy {
        private final List<String> calls = new ArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch draining = new CountDownLatch(1);
        private Runnable whenWaiting = () -> {};
        private final CountDownLatch warmed = new CountDownLatch(1);
        private boolean drainsAtOnce = true;

        Launcher.RunningProxy launch(ProxyConfig config) {
            note("launch " + config.listeners().getFirst().name());
            return this;
        }

        private synchronized void note(String call) {
            calls.add(call);
        }

        @Override
        public List<Launcher.BoundListener> listeners() {
            return List.of(
                    new Launcher.BoundListener("web", "127.0.0.1:8080"),
                    new Launcher.BoundListener("more", "unix:/run/x"));
        }

        @Override
        public void warmUp() {
            note("warm up");
            warmed.countDown();
        }

        @Override
        public void drain(Duration limit) {
            note("drain " + limit);
            draining.countDown();
            if (drainsAtOnce) ended.countDown();
        }

        @Override
        public void close() {
            if (drainsAtOnce || draining.getCount() == 0) ended.countDown();
        }

        @Override
        public void awaitTermination() throws InterruptedException {
            whenWaiting.run();
            ended.await();
        }
    }

    private int execute(String... args) {
        return new Program(
                        launcher,
                        signals,
                        () -> 184,
                        Environment.of(Map.of()),
                        surroundings,
                        new Console(print(out), print(err)))
                .execute(args);
    }

    private static PrintStream print(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("h.yaml"), text).toString();
    }

    @Test
    void warmsUpWhereTlsIsServed() throws IOException {
        proxy.whenWaiting = () -> {
            awaitWarmUp();
            proxy.close();
        };
        String secure = GOOD.replace("\"127.0.0.1:8080\"", "\"127.0.0.1:8080\", tls: internal");
        assertEquals(0, execute("run", "-c", file(secure)));
        assertEquals(List.of("launch web", "warm up"), proxy.calls);
        proxy.calls.clear();
        assertEquals(0, execute("run", "-c", file("warmUp: 0s\n" + secure)));
        assertEquals(List.of("launch web"), proxy.calls);
    }

    @Test
    void checksTheFolderThatRunWouldKeepCertificatesIn() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        String secure = file(GOOD.replace("\"127.0.0.1:8080\"", "\"127.0.0.1:8080\", tls: internal"));
        Path state = Files.createDirectory(folder.resolve("state"));
        assertEquals(0, execute("check", "-c", secure, "--state", state.toString()));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(3, execute("check", "-c", secure, "--state", state.toString()));
        assertTrue(
                err().contains("the listener web cannot speak TLS: others than its owner may write into the folder"),
                err());
        assertTrue(err().contains("--state or HEADGATE_STATE names another folder"), err());
        Path missing = folder.resolve("missing");
        assertEquals(0, execute("check", "-c", secure, "--state", missing.toString()));
        assertTrue(Files.notExists(missing));
    }

    private void awaitWarmUp() {
        try {
            assertTrue(proxy.warmed.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -c FILE", "run --config FILE", "run --config=FILE", "run -c=FILE"})
    void runsUntilTheProxyEnds(String line) throws IOException {
        proxy.whenWaiting = proxy::close;
        assertEquals(0, execute(line.replace("FILE", file(GOOD)).split(" ")));
        assertEquals(List.of("launch web"), proxy.calls);
        assertEquals("ready in 184 ms: web 127.0.0.1:8080, more unix:/run/x\n", err());
        assertEquals("", out());
    }

    @Test
    void drainsAtTheFirstSignal() throws IOException {
        proxy.whenWaiting = () -> signals.terminate.run();
        assertEquals(0, execute("run", "-c", file(GOOD)));
        assertEquals(List.of("launch web", "drain PT7S"), proxy.calls);
        assertTrue(err().contains("headgate: draining, at most 7 s; a second signal ends at once\n"), err());
    }

    @ThreatRow("L-04")
    @Test
    void l_04_endsAtOnceAtTheSecondSignal() throws IOException {
        proxy.drainsAtOnce = false;
        proxy.whenWaiting = () -> {
            signals.terminate.run();
            awaitUninterruptibly(proxy.draining);
            signals.terminate.run();
        };
        assertEquals(0, execute("run", "-c", file(GOOD)));
        assertEquals(List.of("launch web", "drain PT7S"), proxy.calls);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void survivesAHangUp() throws IOException {
        proxy.whenWaiting = () -> {
            signals.hangup.run();
            proxy.close();
        };
        assertEquals(0, execute("run", "-c", file(GOOD)));
        assertTrue(err().contains("headgate: hang-up ignored\n"), err());
    }

    @ParameterizedTest
    @CsvSource({"PORT_TAKEN, 3, HG3002", "ENVIRONMENT, 3, HG1001", "FAILED, 1, HG1001"})
    void tellsWhyTheProxyCannotStart(LaunchException.Kind kind, int exitCode, String code) throws IOException {
        launcher = (config, state) -> {
            throw new LaunchException(kind, "127.0.0.1:8080 is taken");
        };
        assertEquals(exitCode, execute("run", "-c", file(GOOD)));
        assertEquals("headgate: error " + code + ": 127.0.0.1:8080 is taken\n", err());
    }

    @ThreatRow("L-02")
    @Test
    void l_02_doesNotStartWithAMistakeInTheConfiguration() throws IOException {
        String file = file(GOOD + "nope: 1\nlog: {level: loud}\n");
        assertEquals(2, execute("run", "-c", file));
        assertEquals(List.of(), proxy.calls);
        assertTrue(err().startsWith(file + ":6:1: error HG2005: unknown key in document\n"), err());
        assertTrue(err().endsWith(file + ": 2 errors, 0 warnings\n"), err());
    }

    @Test
    void showsWarningsAndStarts() throws IOException {
        proxy.whenWaiting = proxy::close;
        assertEquals(0, execute("run", "-c", file(GOOD + "limits: {connectionsPerPrefix: 300}\n")));
        assertTrue(err().contains("warning HG2103"), err());
        assertEquals(List.of("launch web"), proxy.calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -c", "check -c", "config --effective -c"})
    void namesAFileThatIsNotThere(String command) {
        String file = folder.resolve("nowhere.yaml").toString();
        assertEquals(3, execute((command + " " + file).split(" ")));
        assertEquals("headgate: error HG3001: cannot read " + file + ": there is no such file\n", err());
    }

    @Test
    void namesADirectory() {
        assertEquals(3, execute("check", "-c", folder.toString()));
        assertEquals("headgate: error HG3001: cannot read " + folder + ": it is a directory\n", err());
    }

    @Test
    void checksAGoodConfiguration() throws IOException {
        String file = file(GOOD);
        assertEquals(0, execute("check", "-c", file));
        assertEquals(file + ": fine: 1 listener, 1 upstream, 1 route\n", out());
    }

    @Test
    void checksAWrongConfiguration() throws IOException {
        String file = file(GOOD + "nope: 1\n");
        assertEquals(2, execute("check", "-c", file));
        assertTrue(out().contains(file + ":6:1: error HG2005: unknown key in document\n    nope: 1\n    ^\n"), out());
        assertTrue(out().endsWith(file + ": 1 error, 0 warnings\n"), out());
    }

    @Test
    void checksInJson() throws IOException {
        assertEquals(2, execute("check", "--format", "json", "-c", file(GOOD + "nope: 1\n")));
        assertTrue(out().contains("\"fine\": false"), out());
        assertTrue(out().contains("\"code\": \"HG2005\",\n      \"line\": 6,\n      \"column\": 1,\n"), out());
    }

    @Test
    void checksTheFolderOfTheLog() throws IOException {
        String log = folder.resolve("nowhere/access.log").toString();
        assertEquals(3, execute("check", "-c", file(GOOD + "log: {access: {to: " + log + "}}\n")));
        assertEquals(
                "headgate: error HG3003: the access log " + log + " cannot be written: its folder is not there\n",
                err());
        assertEquals("", out());
    }

    @Test
    void checksCertificates() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        String listener = "\"127.0.0.1:8080\", tls: {certificates: [{chain: " + files.chain() + ", key: KEY}]}";
        String good = GOOD.replace("\"127.0.0.1:8080\"", listener);
        assertEquals(
                0, execute("check", "-c", file(good.replace("KEY", files.key().toString()))));
        assertEquals(
                3,
                execute("check", "-c", file(good.replace("KEY", files.rsaKey().toString()))));
        assertTrue(
                err().startsWith("headgate: error HG3004: the listener web cannot speak TLS: " + files.chain()), err());
        assertTrue(err().contains("key.certificate_mismatch"), err());
    }

    @Test
    void checksAuthoritiesAndRevocationListsOfClients() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        TestAuthority authority = TestAuthority.root("Clients");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        Path fresh = Files.writeString(
                folder.resolve("fresh.crl"), authority.revocations(Instant.now().plus(Duration.ofDays(1))));
        Path stale = Files.writeString(
                folder.resolve("stale.crl"), authority.revocations(Instant.now().minus(Duration.ofDays(1))));
        String good = GOOD.replace(
                "\"127.0.0.1:8080\"",
                "\"127.0.0.1:8080\", tls: {certificates: [{chain: %s, key: %s}], clientAuth: {mode: require, ca: %s, crl: CRL}}"
                        .formatted(files.chain(), files.key(), ca));
        assertEquals(0, execute("check", "-c", file(good.replace("CRL", fresh.toString()))));
        assertEquals("", err());
        assertEquals(0, execute("check", "-c", file(good.replace("CRL", stale.toString()))));
        assertTrue(err().startsWith("headgate: warning HG2105: the listener web: " + stale + ":1: crl.stale"), err());
        assertEquals(3, execute("check", "-c", file(good.replace("CRL", ca.toString()))));
        assertTrue(err().contains("headgate: error HG3004: the listener web cannot speak TLS: " + ca), err());
        assertEquals(3, execute("check", "-c", file(good.replace("CRL", folder + "/none.crl"))));
        assertTrue(err().contains("cannot read " + folder + "/none.crl: there is no such file"), err());
    }

    @Test
    void checksTheFilesOfTls() throws IOException {
        String ca = folder.resolve("none.pem").toString();
        String upstream = GOOD.replace("endpoints: ", "tls: {ca: " + ca + "}, endpoints: ");
        assertEquals(3, execute("check", "-c", file(upstream)));
        assertEquals(
                "headgate: error HG3004: the upstream app cannot speak TLS: cannot read " + ca
                        + ": there is no such file\n",
                err());
    }

    @Test
    void showsWhatIsQuestionableAboutCertificates() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        Path chain = Files.writeString(
                folder.resolve("more.pem"), Files.readString(files.chain()) + Files.readString(files.stranger()));
        String tls = "tls: {clientCertificate: {chain: " + chain + ", key: " + files.key() + "}}, endpoints: ";
        assertEquals(0, execute("check", "-c", file(GOOD.replace("endpoints: ", tls))));
        assertTrue(
                err().startsWith("headgate: warning HG2105: the upstream app: " + chain)
                        && err().contains("chain.unrelated_dropped"),
                err());
        assertTrue(out().contains(": fine: "), out());
        assertEquals(0, execute("check", "--format", "json", "-c", file(GOOD.replace("endpoints: ", tls))));
        assertTrue(out().contains("\"severity\": \"warning\""), out());
        assertTrue(out().contains("\"fine\": true"), out());
    }

    @Test
    void warnsOfKeysThatOthersCanUse() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        String listener =
                "\"127.0.0.1:8080\", tls: {certificates: [{chain: " + files.chain() + ", key: " + files.key() + "}]}";
        String path = file(GOOD.replace("\"127.0.0.1:8080\"", listener));
        assertEquals(0, execute("check", "-c", path));
        assertEquals("", err());
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(0, execute("check", "-c", path));
        String expected =
                "headgate: warning HG2105: the listener web: %1$s: key.exposed: found a key in a file that others"
                        + " than its owner may read (rw-r--r--); expected rw-r----- or less: chmod 640 %1$s\n";
        assertEquals(expected.formatted(files.key()), err());
    }

    @Test
    void checksTheProvidersOfTls() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        String listener = "\"127.0.0.1:8080\", tls: {provider: SunJSE, certificates: [{chain: " + files.chain()
                + ", key: " + files.key() + "}]}";
        String both = GOOD.replace("\"127.0.0.1:8080\"", listener)
                .replace("endpoints: ", "tls: {provider: Neither}, endpoints: ");
        String path = file(both);
        String[] lines = both.split("\n", -1);
        assertEquals(2, execute("check", "-c", path));
        assertEquals("""
                %1$s:3:68: error HG2011: there is no such provider of TLS
                    %2$s
                    %3$s^
                  found: "SunJSE"
                  expected: SunJSSE
                  suggestion: did you mean SunJSSE?
                %1$s:4:35: error HG2011: there is no such provider of TLS
                    %4$s
                    %5$s^
                  found: "Neither"
                  expected: SunJSSE
                %1$s: 2 errors, 0 warnings
                """.formatted(path, lines[2].substring(0, 100), " ".repeat(67), lines[3], " ".repeat(34)), out());
        String shown = out();
        assertEquals(2, execute("run", "-c", path));
        assertEquals(shown, err());
        assertEquals(0, execute("config", "--effective", "-c", path));
        assertEquals(
                0, execute("check", "-c", file(both.replace("SunJSE", "SunJSSE").replace("Neither", "SunJSSE"))));
    }

    @Test
    void warnsOfAnOriginThatIsNotVerified() throws IOException {
        assertEquals(0, execute("check", "-c", file(GOOD.replace("endpoints: ", "tls: {verify: off}, endpoints: "))));
        assertTrue(out().contains("warning HG2103: verify is wider than its default of full"), out());
    }

    @ParameterizedTest
    @CsvSource({"511MiB, 0", "512MiB, 0", "513MiB, 3"})
    void comparesTheBudgetWithTheDirectMemory(String memory, int exitCode) throws IOException {
        proxy.whenWaiting = proxy::close;
        String file = file(GOOD + "limits: {memory: " + memory + "}\n");
        assertEquals(exitCode, execute("check", "-c", file));
        assertEquals(exitCode, execute("run", "-c", file));
        assertEquals(exitCode == 3, err().contains("HG2018"), err());
    }

    @Test
    void checksTheFolderOfASocket() throws IOException {
        String socket = "unix:" + folder.resolve("nowhere/x.sock");
        assertEquals(3, execute("check", "--format=json", "-c", file(GOOD.replace("127.0.0.1:8080", socket))));
        assertTrue(out().contains("HG3003"), out());
    }

    @Test
    void printsTheEffectiveConfiguration() throws IOException {
        assertEquals(0, execute("config", "-c", file(GOOD), "--effective"));
        String printed = out();
        assertTrue(printed.contains("drain: 7s\n"), printed);
        out.reset();
        assertEquals(0, execute("config", "-c", file(printed), "--effective"));
        assertEquals(printed, out());
    }

    @Test
    void printsTheSchema() {
        assertEquals(0, execute("config", "--schema"));
        assertTrue(out().startsWith("{\n  \"$schema\":"), out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void printsItsVersion(String line) {
        assertEquals(0, execute(line));
        assertTrue(out().startsWith("headgate "), out());
    }

    @Test
    void explainsEveryCode() {
        for (ProblemCode code : ProblemCode.values()) {
            out.reset();
            assertEquals(0, execute("help", code.id()));
            assertTrue(out().startsWith(code.id() + " "), out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "help run", "run --help", "help check"})
    void helps(String line) {
        assertEquals(0, execute(line.split(" ")));
        assertTrue(out().startsWith("Usage: headgate"), out());
        assertFalse(out().contains("train"), out());
        assertEquals("", err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run -c",
                "run -c a b",
                "runn -c a",
                "check",
                "check -c a --format xml",
                "config",
                "config --effective",
                "config --schema --effective -c a",
                "config -c a",
                "demo --port x",
                "demo --port 65536",
                "demo --port -1",
                "demo --tls-port x",
                "help HG9999",
                "--nope",
                "version x"
            })
    void refusesAWrongCommandLine(String line) {
        assertEquals(2, execute(line.split(" ")));
        assertTrue(err().startsWith("headgate: "), err());
        assertEquals("", out());
    }

    @ParameterizedTest
    @CsvSource({
        "runn -c a, there is no command runn",
        "run, run wants -c FILE",
        "run -c, run wants -c FILE",
        "check a.yaml, check wants -c FILE",
        "check -c a b.yaml, check does not take b.yaml",
        "check -c a --strict, there is no option --strict",
        "demo --prot 80, there is no option --prot"
    })
    void saysWhatIsWrongWithACommandLine(String line, String expected) {
        assertEquals(2, execute(line.split(" ")));
        assertEquals("headgate: " + expected, err().lines().findFirst().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "bench --quick", "bench --help", "help bench"})
    void saysThatBenchIsNotInstalled(String line) {
        assertEquals(3, execute(line.split(" ")));
        assertEquals(
                "headgate: bench is not part of this installation: there is no lib/bench with its modules\n", err());
    }

    @Test
    void listsBenchAmongItsCommands() {
        assertEquals(0, execute("help"));
        assertTrue(out().contains("  bench "), out());
    }

    @Test
    void suggestsACommand() {
        assertEquals(2, execute("chekc", "-c", "a"));
        assertTrue(err().contains("check"), err());
    }

    @Test
    void showsItsUsageWithoutCommand() {
        assertEquals(2, execute());
        assertTrue(err().startsWith("Usage: headgate"), err());
    }

    @Test
    void demonstratesOnThePortThatIsAskedFor() {
        List<ProxyConfig> launched = new ArrayList<>();
        launcher = (config, state) -> {
            launched.add(config);
            return proxy;
        };
        proxy.whenWaiting = proxy::close;
        assertEquals(0, execute("demo", "--port", "8181"));
        assertEquals(
                "127.0.0.1:8181",
                launched.getFirst().listeners().getFirst().address().toString());
        assertTrue(err().contains("  curl -i http://127.0.0.1:8080/one/"), err());
    }

    @Test
    void demonstratesTlsOnThePortThatIsAskedFor() {
        List<ProxyConfig> launched = new ArrayList<>();
        List<StateFolder> states = new ArrayList<>();
        launcher = (config, state) -> {
            launched.add(config);
            states.add(state);
            return proxy;
        };
        proxy.whenWaiting = proxy::close;
        assertEquals(0, execute("demo", "--tls-port", "8444", "--state", "/some/where"));
        var listener = launched.getFirst().listeners().getLast();
        assertEquals("127.0.0.1:8444", listener.address().toString());
        assertTrue(listener.tls().isPresent());
        assertEquals(List.of(new StateFolder(Path.of("/some/where"), false)), states);
        assertTrue(err().contains("  curl -i -k https://localhost:"), err());
    }
}
