package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import dev.headgate.testkit.peer.TlsPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bound of handshakes that wait ({@code limits.handshakesWaiting}), at its edge: as many as processors are computed, and stand still. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HandshakeBoundIT {
    private static final SSLContext CLIENT = TestCertificates.clientContext();
    private static final String NAME = TestCertificates.NAME;
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊";
    private static final int WAITING = 3;
    private static final String LIMITS =
            "limits: {handshakesWaiting: %d, connectionsPerPrefix: 10000}".formatted(WAITING);
    private static final int PLACES = Runtime.getRuntime().availableProcessors() + WAITING;

    @TempDir
    Path folder;

    private final SteeredIo io = new SteeredIo();
    private final List<AutoCloseable> clients = new ArrayList<>();

    @AfterEach
    void releaseAll() throws Exception {
        io.downstreamHandshakes.release();
        io.upstreamHandshakes.release();
        for (AutoCloseable client : clients) client.close();
    }

    @Test
    void refusesTheHandshakeOfAClientBeyondIt() throws Exception {
        try (var origin = ScriptedOrigin.start();
                var proxy = startTls(origin);
                var open = SecureClient.connect(proxy.port(), NAME)) {
            assertServed(open.send(GET).receive());
            io.downstreamHandshakes.hold();
            List<TlsPeer> taken = begin(proxy, PLACES, "TLSv1.3");
            Await.until("all wait", () -> io.downstreamHandshakes.held() == PLACES);
            assertRefused(proxy, 1);
            assertServed(open.send(GET).receive());
            assertRefused(proxy, 2);
            io.downstreamHandshakes.release();
            for (TlsPeer peer : taken) assertServed(peer.handshake());
            try (var later = SecureClient.connect(proxy.port(), NAME)) {
                assertServed(later.send(GET).receive());
            }
            assertEquals(2, listenerTls(proxy).failures().get("tls.overloaded"));
            releaseAll();
        }
    }

    @Test
    void refusesNoneThatHasBegun() throws Exception {
        try (var origin = ScriptedOrigin.start();
                var proxy = startTls(origin)) {
            TlsPeer begun = begin(proxy, 1, "TLSv1.2").getFirst();
            while (begun.engine().getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                begun.step(); // to the end of the server's first flight
            }
            io.downstreamHandshakes.hold();
            List<TlsPeer> taken = begin(proxy, PLACES, "TLSv1.3");
            Await.until("all wait", () -> io.downstreamHandshakes.held() == PLACES);
            while (begun.engine().getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                begun.step(); // the client's second flight, with its key
            }
            Await.until("it waits too", () -> io.downstreamHandshakes.held() == PLACES + 1);
            assertRefused(proxy, 1);
            io.downstreamHandshakes.release();
            assertServed(begun.handshake());
            for (TlsPeer peer : taken) assertServed(peer.handshake());
            releaseAll();
        }
    }

    @Test
    void refusesTheHandshakeWithAnOriginBeyondIt() throws Exception {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("tls: {ca: " + OriginCertificates.write(folder, "root.crt") + "}")
                        .top(LIMITS)
                        .start(io);
                var open = proxy.connect()) {
            open.send(GET).expectStatus(200);
            io.upstreamHandshakes.hold();
            long readBefore = proxy.bytesRead();
            String post = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊";
            open.send(post); // has the connection that is there, so that the others need new ones
            proxy.awaitRead(readBefore + Wire.bytes(post).length);
            List<RawClient> taken = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                taken.add(closedAtTheEnd(proxy.connect().send(GET)));
            }
            Await.until("all wait", () -> io.upstreamHandshakes.held() == PLACES);
            try (var refused = proxy.connect()) {
                var response = refused.send(GET).expectStatus(503);
                assertEquals(
                        "headgate; error=proxy_internal_response",
                        response.fields().value("proxy-status"));
            }
            assertEquals("hello", open.send("hello").expectStatus(200).text());
            io.upstreamHandshakes.release();
            for (RawClient client : taken) client.expectStatus(200);
            assertEquals(1, upstreamTls(proxy).failures().get("tls.overloaded"));
            releaseAll();
        }
    }

    // ---- aids

    private ProxyHarness startTls(ScriptedOrigin origin) {
        TestCertificates files = TestCertificates.in(folder);
        return ProxySetup.before(origin)
                .listener("tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key()))
                .top(LIMITS)
                .start(io);
    }

    /** So many new clients, each of which has sent its hello. */
    private List<TlsPeer> begin(ProxyHarness proxy, int count, String version) throws IOException {
        List<TlsPeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TlsPeer peer = closedAtTheEnd(TlsPeer.connect(CLIENT, proxy.port(), NAME, version));
            peer.engine().beginHandshake();
            peer.step();
            peers.add(peer);
        }
        return peers;
    }

    private <T extends AutoCloseable> T closedAtTheEnd(T client) {
        clients.add(client);
        return client;
    }

    /** A new client is closed on without a word, and counted. */
    private void assertRefused(ProxyHarness proxy, int count) throws IOException {
        try (var refused = RawClient.connect(proxy.port());
                TlsPeer peer = TlsPeer.connect(CLIENT, proxy.port(), NAME, "TLSv1.3")) {
            peer.engine().beginHandshake();
            refused.send(peer.records(new byte[0])).expectEnd();
        }
        Await.until("it is counted", () -> listenerTls(proxy).failures().get("tls.overloaded") == count);
        Await.until(
                "the error log tells of it",
                () -> proxy.errorLog().stream()
                        .anyMatch(line -> line.contains("event=overloaded") && line.contains("what=tls.overloaded")));
    }

    private static void assertServed(TlsPeer peer) throws IOException {
        peer.send(Wire.bytes(GET));
        assertServed(new String(peer.receive(12), StandardCharsets.ISO_8859_1));
    }

    private static void assertServed(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }

    private static MetricsSnapshot.Tls listenerTls(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }

    private static MetricsSnapshot.Tls upstreamTls(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                .tls()
                .orElseThrow();
    }
}
