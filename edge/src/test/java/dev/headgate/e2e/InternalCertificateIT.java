package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.StateFolder;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.PeerContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener with a certificate of the proxy's own making. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InternalCertificateIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"internal", "{certificates: internal}", "{certificates: [{internal: [], default: true}]}"})
    void theShortFormsAreTheLongOne(String tls) {
        var config = ConfigLoader.parse("test.yaml", yaml(tls), Environment.of(Map.of()))
                .orThrow();
        assertEquals(ListenerTls.internal(), config.listeners().getFirst().tls().orElseThrow());
    }

    @Test
    void whoTrustsItIsServedAtThisStartAndTheNext() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (var proxy = start("internal");
                    var client = verified(proxy, "localhost")) {
                String answer =
                        client.send("GET / HTTP/1.1␍␊Host: localhost␍␊␍␊").receive();
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            }
        }
    }

    @Test
    void itIsForTheAddressAndForWhatIsAdded() throws Exception {
        try (var proxy = start("{certificates: [{internal: [shop.test, '*.inner.test']}]}")) {
            String file;
            try (var files = Files.list(folder)) {
                file = files.map(path -> String.valueOf(path.getFileName()))
                        .filter(name -> name.endsWith(".crt"))
                        .findFirst()
                        .orElseThrow();
            }
            Files.copy(folder.resolve(file), folder.resolve("internal.crt"));
            for (String name : new String[] {"127.0.0.1", "shop.test", "a.inner.test"}) {
                try (var client = verified(proxy, name)) {
                    String answer = client.send("GET / HTTP/1.1␍␊Host: " + name + "␍␊␍␊")
                            .receive();
                    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                }
            }
        }
    }

    @Test
    void anyOtherNameSeesItToo() {
        try (var proxy = start("internal");
                var client = SecureClient.connect(TrustAll.context(), proxy.port(), "other.test")) {
            String answer = client.send("GET / HTTP/1.1␍␊Host: other.test␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    /** Another proxy that starts at the same time may have written last. */
    @Test
    void whatTakesItsPlaceIsUsed() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (var proxy = start("{watch: 5ms, certificates: internal}")) {
            ProxyHarness.start(yaml("internal"), HeadgateOptions.defaults().withState(new StateFolder(other, true)))
                    .close();
            assertEquals(0, changes(proxy));
            Files.move(other.resolve("internal.pem"), folder.resolve("internal.pem"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(other.resolve("internal.crt"), folder.resolve("internal.crt"), StandardCopyOption.ATOMIC_MOVE);
            Await.until("it is used", () -> changes(proxy) == 1);
            try (var client = verified(proxy, "localhost")) {
                client.send("GET / HTTP/1.1␍␊Host: localhost␍␊␍␊").receive();
            }
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenKeepsTheProxyFromStarting() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var config = ConfigLoader.parse("test.yaml", yaml("internal"), Environment.of(Map.of()))
                .orThrow();
        var options = HeadgateOptions.defaults().withState(new StateFolder(file.resolve("state"), true));
        var failure = assertThrows(HeadgateStartException.class, () -> Headgate.start(config, options));
        assertEquals(HeadgateStartException.Kind.CERTIFICATE_UNUSABLE, failure.kind());
        String message = Objects.requireNonNull(failure.getMessage());
        assertTrue(
                message.startsWith("listener web cannot speak TLS: cannot keep the internal certificate in " + file),
                message);
    }

    @Test
    void aPlaceThatIsDoneWithoutIsToldOf() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var options = HeadgateOptions.defaults().withState(new StateFolder(file.resolve("state"), false));
        try (var proxy = ProxyHarness.start(yaml("internal"), options);
                var client = SecureClient.connect(TrustAll.context(), proxy.port(), "localhost")) {
            client.send("GET / HTTP/1.1␍␊Host: localhost␍␊␍␊").receive();
            Await.until(
                    "the log tells of it",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=certificate_questionable listener=web")
                                    && line.contains("it is in memory")));
        }
    }

    @Test
    void withoutAPlaceItIsInMemory() {
        try (var proxy = ProxyHarness.start(yaml("internal"));
                var client = SecureClient.connect(TrustAll.context(), proxy.port(), "localhost")) {
            client.send("GET / HTTP/1.1␍␊Host: localhost␍␊␍␊").receive();
        }
    }

    private ProxyHarness start(String tls) {
        return ProxyHarness.start(yaml(tls), HeadgateOptions.defaults().withState(new StateFolder(folder, true)));
    }

    private static String yaml(String tls) {
        return """
                version: 1
                loops: 1
                listeners: [{name: web, address: "127.0.0.1:0", tls: %s}]
                routes: [{respond: {body: x}}]
                """.formatted(tls);
    }

    private static long changes(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow()
                .certificateChanges();
    }

    /** Connects as a client that trusts the file and checks the name. */
    private SecureClient verified(ProxyHarness proxy, String name) {
        SecureClient client =
                SecureClient.connect(PeerContexts.trusting(folder.resolve("internal.crt")), proxy.port(), name);
        SSLParameters parameters = client.socket().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.socket().setSSLParameters(parameters);
        return client;
    }
}
