package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.origin.FastOrigin;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Protection;
import dev.headgate.bench.target.SecureProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator over TLS, through a proxy that has the configuration of a target, with the JDK's TLS and with Conscrypt's. */
@Timeout(60)
@ParameterizedClass
@ValueSource(strings = {"SunJSSE", "Conscrypt"})
class LoadGeneratorTlsIT {
    private static final int CONNECTIONS = 2;
    private static final Duration SHORT = Duration.ofMillis(300);

    @Parameter
    String provider;

    @TempDir
    Path folder;

    private FastOrigin origin;
    private SecureProxy proxy;

    @BeforeEach
    void start() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        int port = ((InetSocketAddress) origin.address()).getPort();
        proxy = SecureProxy.before(port, folder, Optional.of(provider));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        origin.close();
        assertTrue(origin.awaitTermination(Duration.ofSeconds(10)));
    }

    private LoadPlan plan(Protection protection) {
        return LoadShape.usual(CONNECTIONS).with(protection).toPlan(proxy.doors(), Duration.ZERO, SHORT);
    }

    private static LoadResult run(LoadPlan plan) throws Exception {
        return LoadGenerator.ofProcess().run(plan, LoadObserver.NONE);
    }

    private static void assertFlawless(LoadResult result) {
        assertEquals(0, result.errorCount(), () -> result.errors() + " " + result.examples());
        assertTrue(result.requests() > 0, "no answer");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void everyAnswerIsCountedWithItsContent(Protection protection) throws Exception {
        LoadRequest request =
                LoadRequest.get("/100k", 102_400).withHost("bench.test").verified();
        LoadResult result = run(plan(protection).withRequest(request));
        assertFlawless(result);
        assertEquals(result.requests() * 102_400, result.bodyBytes());
        assertEquals(2, result.connectionsOpened());
    }

    @Test
    void handshakesAreWholeOnesEachTime() throws Exception {
        LoadResult result = run(plan(Protection.TLS_1_3).withConnectionUse(ConnectionUse.PER_REQUEST));
        assertFlawless(result);
        assertEquals(0, result.handshakes().resumed());
        // A request within the measured time may have had its handshake before: one on each connection.
        assertTrue(result.handshakes().all() >= result.requests() - CONNECTIONS, result.handshakes()::toString);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_1_3_RESUMED", "TLS_1_2_RESUMED"})
    void eachClientResumesItsSession(Protection protection) throws Exception {
        LoadResult result = run(plan(protection).withConnectionUse(ConnectionUse.PER_REQUEST));
        assertFlawless(result);
        LoadResult.Handshakes handshakes = result.handshakes();
        if (provider.equals("Conscrypt") && protection == Protection.TLS_1_3_RESUMED) {
            assertEquals(0, handshakes.resumed(), "it gives no tickets, and TLS 1.3 knows nothing else");
            return;
        }
        // Whole ones are each client's first. A session of the same millisecond counts as new.
        assertTrue(handshakes.all() > 2 && handshakes.resumed() > 0, handshakes::toString);
        assertTrue(handshakes.resumed() >= handshakes.all() / 2, handshakes::toString);
    }

    @Test
    void requestsGoSideBySideByHttp2WhichIsChosenByAlpn() throws Exception {
        LoadRequest request =
                LoadRequest.get("/100k", 102_400).withHost("bench.test").verified();
        LoadResult result = run(plan(Protection.TLS_1_3).withRequest(request).withHttp2Streams(5));
        assertFlawless(result);
        assertEquals(result.requests() * 102_400, result.bodyBytes());
        assertEquals(CONNECTIONS, result.connectionsOpened());
    }

    @Test
    void http2GoesThroughToTheOrigin() throws Exception {
        LoadShape through = LoadShape.usualHttp2().with(Protection.TLS_1_3).toHttp2Origin();
        LoadResult result = run(through.toPlan(proxy.doors(), Duration.ZERO, SHORT));
        assertFlawless(result);
        // Fewer than clients have requests under way: they share connections there.
        assertTrue(origin.stats().connections() < 10, () -> origin.stats().toString());
    }

    @Test
    void idleConnectionsAreHeldAndAnswerAgain() throws Exception {
        LoadResult result = run(plan(Protection.TLS_1_3).withConnections(0).withIdleConnections(10));
        assertEquals(new LoadResult.Idle(10, 0, 10), result.idle());
    }

    @Test
    void anotherCertificateIsAFailureWithItsReason() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (SecureProxy stranger = SecureProxy.before(1, other, Optional.empty())) {
            LoadTls tls = plan(Protection.TLS_1_3).tls();
            Path wrong = stranger.doors().secure().certificate();
            LoadPlan plan = plan(Protection.TLS_1_3)
                    .withTls(new LoadTls(tls.version(), tls.serverName(), wrong, false))
                    .withConnectionUse(ConnectionUse.PER_REQUEST);
            LoadResult result = run(plan);
            assertEquals(0, result.requests());
            assertTrue(
                    result.errors(LoadError.CONNECT) > 0, () -> result.errors().toString());
            String example = result.examples().getFirst();
            assertTrue(example.startsWith("connect: tls.certificate_untrusted, "), example);
        }
    }

    @Test
    void withoutACertificateToBelieveThereIsNoLoad() {
        LoadTls tls = new LoadTls(LoadTls.Version.TLS_1_3, "bench.test", folder.resolve("absent.pem"), false);
        assertThrows(IOException.class, () -> run(plan(Protection.TLS_1_3).withTls(tls)));
    }
}
