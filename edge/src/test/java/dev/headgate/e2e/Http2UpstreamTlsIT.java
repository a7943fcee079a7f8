package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 with origins over TLS, agreed on by ALPN. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2UpstreamTlsIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";

    @TempDir
    Path folder;

    private ProxySetup before(String address, String protocol) {
        return ProxySetup.before(address)
                .upstream("protocol: " + protocol)
                .upstream("tls: {ca: " + OriginCertificates.write(folder, "root.crt") + ", serverName: example.test}");
    }

    private static Http2Origin serving(String text, String... protocols) {
        return Http2Origin.startTls(
                OriginCertificates.serverContext("origin.crt"), List.of(protocols), Script.serving((peer, request) -> {
                    peer.awaitContent(request.streamId());
                    peer.respond(
                            request.streamId(), 200, text + request.fields().value(":scheme"));
                }));
    }

    private static List<RawClient> send(ProxyHarness proxy, int count) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(proxy.connect().send(GET));
        }
        return clients;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "auto"})
    void speaksHttp2WithOriginsThatDo(String protocol) {
        try (var origin = serving("by ", "h2", "http/1.1");
                var proxy = before(origin.address(), protocol).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("by https", client.send(POST).expectStatus(200).text());
            }
            for (RawClient each : send(proxy, 20)) {
                each.expectStatus(200);
                each.close();
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void speaksHttp1WithOriginsThatChooseIt() {
        int count = 10;
        var go = new CountDownLatch(1);
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "by http/1.1");
                });
                var origin = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var proxy = before(origin.address(), "auto").start();
                var client = proxy.connect()) {
            List<RawClient> clients = send(proxy, count);
            scripts.awaitRequest(count - 1); // Each that has waited has found a connection of its own.
            go.countDown();
            for (RawClient each : clients) {
                assertEquals("by http/1.1", each.expectStatus(200).text());
                each.close();
            }
            for (int i = 0; i < 3; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(count, origin.handshakes().size());
            assertEquals(List.of("h2", "http/1.1"), origin.offers().getFirst());
        }
    }

    /** RFC 9113 §7: it is asked again so, whatever the method, and once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestThatItsOriginWantsByHttp1IsSentAgainSo(boolean byGoAway) {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.ok("by http/1.1"));
                var http2 = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.awaitContent(id);
                    peer.send(
                            byGoAway
                                    ? Frames.goAway(0, Codes.HTTP_1_1_REQUIRED)
                                    : Frames.rst(id, Codes.HTTP_1_1_REQUIRED));
                }));
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto").start();
                var client = proxy.connect()) {
            assertEquals("by http/1.1", client.send(GET).expectStatus(200).text());
            assertEquals("by http/1.1", client.send(POST).expectStatus(200).text());
            // Behind a GOAWAY there is no connection with HTTP/2 any more, and an idle one with HTTP/1.1.
            int asked = byGoAway ? 1 : 2;
            assertEquals(
                    asked,
                    http2.peers().stream().mapToInt(peer -> peer.requestCount()).sum());
            assertEquals(1, http2.connections());
            assertEquals(
                    1,
                    origin.handshakes().stream()
                            .filter(each -> each.protocol().equals("http/1.1"))
                            .count());
            var upstream = Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
            assertEquals(asked, upstream.retries());
        }
    }

    /** What has passed and was not kept cannot be sent again. */
    @Test
    void requestThatItsOriginWantsByHttp1EndsWithoutItsContent() {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.ok("by http/1.1"));
                var http2 = Http2Origin.start(Script.serving((peer, request) -> {
                    peer.awaitContent(request.streamId());
                    peer.send(Frames.rst(request.streamId(), Codes.HTTP_1_1_REQUIRED));
                }));
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto")
                        .upstream("retry: {replayBytes: 4B}")
                        .start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(502);
            proxy.awaitEndedBy(Cause.UPSTREAM_VERSION_REFUSED, 1);
        }
    }

    @Test
    void offersWhatIsPreferredFirst() {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.ok("by http/1.1"));
                var origin = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: auto")
                        .upstream("tls: {ca: " + OriginCertificates.write(folder, "root.crt")
                                + ", serverName: example.test, alpn: [http/1.1, h2]}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals(List.of("http/1.1", "h2"), origin.offers().getFirst());
        }
    }

    /** An origin may have been replaced by one that speaks something else. */
    @Test
    void goesByEachConnection() {
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.respond(200, "by http/1.1");
                    exchange.close();
                });
                var first = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var second = serving("by h2 ", "h2");
                var proxy = ProxySetup.before(first.address(), second.address())
                        .upstream("protocol: auto")
                        .upstream("balance: round-robin")
                        .upstream("tls: {ca: " + OriginCertificates.write(folder, "root.crt")
                                + ", serverName: example.test}")
                        .start();
                var client = proxy.connect()) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                texts.add(client.send(POST).expectStatus(200).text());
            }
            assertEquals(2, texts.stream().filter("by http/1.1"::equals).count());
            assertEquals(2, texts.stream().filter("by h2 https"::equals).count());
        }
    }

    @Test
    void originThatDoesNotAgreeOnHttp2IsNotSpokenTo() {
        try (var origin = serving("never ", "http/1.1");
                var proxy = before(origin.address(), "h2").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_HANDSHAKE, 1);
            Await.until(
                    "the reason is in the log",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("tls.protocol_mismatch")));
            var endpoint = proxy.metrics().endpoints().values().iterator().next();
            Await.until(
                    "its permit is back",
                    () -> proxy.metrics().endpoints().values().iterator().next().connectionsClosed()
                            == endpoint.connectionsOpened());
        }
    }

    @Test
    void passesLargeBodiesBothWays() {
        int length = 5 << 20;
        byte[] upload = Pattern.bytes(1, length);
        try (var origin = Http2Origin.startTls(
                        OriginCertificates.serverContext("origin.crt"),
                        List.of("h2"),
                        Script.serving((peer, request) -> {
                            peer.assertCreditWhole();
                            byte[] content = peer.awaitContent(request.streamId());
                            peer.head(request.streamId(), 0, 200);
                            peer.content(request.streamId(), content, Frames.END_STREAM);
                        }));
                var proxy = before(origin.address(), "h2").start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊")
                        .send(upload);
                String text = client.expectStatus(200).text();
                assertTrue(java.util.Arrays.equals(upload, text.getBytes(StandardCharsets.ISO_8859_1)));
            }
            client.send(GET).expectStatus(200);
        }
    }

    @Test
    void closesIdleConnectionsInGoodOrder() {
        try (var origin = Http2Origin.startTls(OriginCertificates.serverContext("origin.crt"), List.of("h2"), peer -> {
                    peer.greet();
                    peer.respond(peer.request().streamId(), 200, "hi");
                    assertEquals(Codes.NO_ERROR, peer.awaitGoAway());
                    peer.awaitEnd();
                });
                var proxy = before(origin.address(), "h2")
                        .upstream("timeouts: {poolIdle: 20ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            origin.awaitEnded(1);
        }
    }
}
