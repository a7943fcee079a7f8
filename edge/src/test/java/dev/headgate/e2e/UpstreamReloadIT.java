package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of an upstream that change under a running proxy. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamReloadIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    @TempDir
    Path folder;

    @Test
    void rootsThatChangeCountForNewConnectionsAndForThoseThatAreOpen() throws IOException {
        Path ca = live("ca.pem", origin("root.crt"));
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "ca: " + ca, "").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.handshakes().size(), "the connection is used again");
            put(TestCertificates.in(folder).stranger(), ca);
            Await.until("the roots are changed", () -> tlsOf(proxy).certificateChanges() == 1);
            client.send(GET).expectStatus(502);
            put(origin("root.crt"), ca);
            Await.until("the roots are changed back", () -> tlsOf(proxy).certificateChanges() == 2);
            client.send(GET).expectStatus(200);
            assertEquals(0, tlsOf(proxy).certificateFailures());
        }
    }

    @Test
    void noSessionIsResumedAcrossAChange() throws IOException {
        Path ca = live("ca.pem", origin("root.crt"));
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "ca: " + ca, "pool: {idle: 0}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(1, tlsOf(proxy).resumed().get("TLSv1.3"));
            Path both = Files.writeString(
                    folder.resolve("both.pem"),
                    Files.readString(origin("root.crt"))
                            + Files.readString(TestCertificates.in(folder).stranger()));
            put(both, ca);
            Await.until("the roots are changed", () -> tlsOf(proxy).certificateChanges() == 1);
            client.send(GET).expectStatus(200);
            assertEquals(1, tlsOf(proxy).resumed().get("TLSv1.3"), "a whole handshake");
            client.send(GET).expectStatus(200);
            assertEquals(2, tlsOf(proxy).resumed().get("TLSv1.3"));
        }
    }

    @Test
    void filesThatAreOfNoUseChangeNothing() throws IOException {
        Path ca = live("ca.pem", origin("root.crt"));
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "ca: " + ca, "").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Files.writeString(ca, "nothing");
            Await.until("the alarm", () -> tlsOf(proxy).certificateFailures() == 1);
            Await.until(
                    "the log tells of it",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=certificates_unusable upstream=app")));
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.handshakes().size(), "the connection lives on");
            Files.delete(ca);
            Await.until("the alarm", () -> tlsOf(proxy).certificateFailures() == 2);
            client.send(GET).expectStatus(200);
            put(origin("root.crt"), ca);
            Await.until("the file is back", () -> tlsOf(proxy).certificateChanges() == 1);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.handshakes().size(), "the same roots: the connection lives on");
        }
    }

    @Test
    void aNewCertificateIsShownOnNewConnections() throws IOException {
        Path chain = live("client.pem", TestCertificates.in(folder).chain());
        Path key = live("client-key.pem", TestCertificates.in(folder).key());
        String keys = "ca: %s, clientCertificate: {chain: %s, key: %s}".formatted(origin("root.crt"), chain, key);
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").needsClients();
                var proxy = before(origin, keys, "").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502); // whom the origin does not know
            put(OriginCertificates.write(folder, "client.crt"), chain);
            put(OriginCertificates.write(folder, "key.pem"), key);
            Await.until("the certificate is changed", () -> tlsOf(proxy).certificateChanges() >= 1);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.handshakes().size());
        }
    }

    @Test
    void openConnectionsOutliveAChangeOfTheCertificate() throws IOException {
        Path chain = live("client.pem", OriginCertificates.write(folder, "client.crt"));
        Path key = live("client-key.pem", OriginCertificates.write(folder, "key.pem"));
        String keys = "ca: %s, clientCertificate: {chain: %s, key: %s}".formatted(origin("root.crt"), chain, key);
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").needsClients();
                var proxy = before(origin, keys, "").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            put(TestCertificates.in(folder).chain(), chain);
            put(TestCertificates.in(folder).key(), key);
            Await.until("the certificate is changed", () -> tlsOf(proxy).certificateChanges() >= 1);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.handshakes().size());
        }
    }

    private Path live(String name, Path content) throws IOException {
        return Files.copy(content, folder.resolve("live-" + name));
    }

    private void put(Path content, Path at) throws IOException {
        Path draft = Files.copy(content, folder.resolve("draft"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, at, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path origin(String name) {
        return OriginCertificates.write(folder, name);
    }

    private static ProxySetup before(SecureOrigin origin, String tls, String keys) {
        ProxySetup setup = ProxySetup.before(origin.address())
                .upstream("tls: {watch: 5ms, serverName: example.test, " + tls + "}");
        return keys.isEmpty() ? setup : setup.upstream(keys);
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                .tls()
                .orElseThrow();
    }
}
