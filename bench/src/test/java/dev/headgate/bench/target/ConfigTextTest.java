package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each program accepts what is written for it. */
@Timeout(60)
class ConfigTextTest {
    @TempDir
    Path folder;

    private ProxySetup setup(int connections) {
        return new ProxySetup(20_001, null, 0, null, 20_002, 1, connections, folder);
    }

    private ProxySetup setupWithTls() throws Exception {
        ProxySetup.Tls tls = new ProxySetup.Tls(20_003, BenchCertificate.make(folder));
        return new ProxySetup(20_001, tls, 0, null, 20_002, 1, 64, folder);
    }

    private ProxySetup setupWithHttp2() throws Exception {
        ProxySetup.Tls tls = new ProxySetup.Tls(20_003, BenchCertificate.make(folder));
        return new ProxySetup(20_001, tls, 20_004, null, 20_002, 1, 64, folder);
    }

    private ProxySetup setupWithHttp2OnBothSides() throws Exception {
        BenchCertificate certificate = BenchCertificate.make(folder);
        ProxySetup.Tls tls = new ProxySetup.Tls(20_003, certificate);
        return new ProxySetup(20_001, tls, 20_004, new ProxySetup.Tls(20_005, certificate), 20_002, 1, 64, folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 9000, 100_000})
    void headgateAcceptsItsOwn(int connections) {
        assertHeadgateAccepts(HeadgateConfig.text(setup(connections), Map.of("busyPoll", "50us"), Optional.empty()));
    }

    @Test
    void headgateAcceptsItsOwnWithTls() throws Exception {
        assertHeadgateAccepts(HeadgateConfig.text(setupWithTls(), Map.of(), Optional.empty()));
    }

    @Test
    void headgateAcceptsItsOwnWithAnotherProviderOfTls() throws Exception {
        assertHeadgateAccepts(HeadgateConfig.text(setupWithTls(), Map.of(), Optional.of("Conscrypt")));
    }

    @Test
    void headgateAcceptsItsOwnWithHttp2() throws Exception {
        assertHeadgateAccepts(HeadgateConfig.text(setupWithHttp2(), Map.of(), Optional.empty()));
        assertHeadgateAccepts(HeadgateConfig.text(setupWithHttp2OnBothSides(), Map.of(), Optional.empty()));
    }

    private static void assertHeadgateAccepts(String text) {
        var result = ConfigLoader.parse("bench", text, Environment.of(Map.of()));
        assertTrue(result.config().isPresent(), result.render());
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 100_000})
    void nginxAcceptsItsOwn(int connections) throws Exception {
        assertNginxAccepts(setup(connections));
    }

    @Test
    void nginxAcceptsItsOwnWithTls() throws Exception {
        assertNginxAccepts(setupWithTls());
    }

    @Test
    void nginxAcceptsItsOwnWithHttp2() throws Exception {
        assumeTrue(NginxBuild.of(installed("nginx")).hasHttp2(), "nginx is built without it");
        assertNginxAccepts(setupWithHttp2());
    }

    /** What is not installed here can be looked at. */
    @Test
    void nginxIsToldOfHttp2InTheWordsOfItsTime() throws Exception {
        ProxySetup setup = setupWithHttp2OnBothSides();
        String before = NginxConfig.text(setup, new NginxBuild(1_025_000, true), false);
        assertTrue(before.contains("listen 127.0.0.1:20003 ssl http2 backlog"), before);
        assertTrue(before.contains("listen 127.0.0.1:20004 http2 backlog"), before);
        assertFalse(before.contains("http2 on;"), before);
        String since = NginxConfig.text(setup, new NginxBuild(1_029_004, true), false);
        assertTrue(since.contains("listen 127.0.0.1:20003 ssl backlog"), since);
        assertTrue(since.contains("listen 127.0.0.1:20004 backlog"), since);
        assertEquals(3, since.split("http2 on;", -1).length - 1, since);
        assertTrue(since.contains("proxy_http_version 2;"), since);
    }

    private void assertNginxAccepts(ProxySetup setup) throws Exception {
        FoundProgram nginx = installed("nginx");
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, Recipes.nginx(nginx).configuration(setup));
        List<String> command = new ArrayList<>(Recipes.nginx(nginx).command(file));
        command.add("-t");
        assertAccepted(command);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 9000})
    void haproxyAcceptsItsOwn(int connections) throws Exception {
        assertHaproxyAccepts(setup(connections));
    }

    @Test
    void haproxyAcceptsItsOwnWithTls() throws Exception {
        assertHaproxyAccepts(setupWithTls());
    }

    @Test
    void haproxyAcceptsItsOwnWithHttp2() throws Exception {
        assertHaproxyAccepts(setupWithHttp2());
        assertHaproxyAccepts(setupWithHttp2OnBothSides());
    }

    private void assertHaproxyAccepts(ProxySetup setup) throws Exception {
        FoundProgram haproxy = installed("haproxy");
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, Recipes.haproxy(haproxy).configuration(setup));
        List<String> command = new ArrayList<>(Recipes.haproxy(haproxy).command(file));
        command.add("-c");
        assertAccepted(command);
    }

    private static FoundProgram installed(String name) throws Exception {
        assumeTrue(FoundProgram.locate(name).isPresent(), name + " is not installed");
        return FoundProgram.find(name, "-v");
    }

    private static void assertAccepted(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
