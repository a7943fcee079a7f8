package dev.headgate.tunnel;

import static dev.headgate.tunnel.WebSocketPeers.asking;
import static dev.headgate.tunnel.WebSocketPeers.connecting;
import static dev.headgate.tunnel.WebSocketPeers.grant;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.Json;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.h2.Http2Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on streams towards origins that speak HTTP/2 (RFC 8441), from clients by either version. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2OriginWebSocketIT {
    private static final String GET = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final byte[] HELLO = WebSocketFrames.masked("hello");
    private static final byte[] HI = WebSocketFrames.plain("hi");

    @TempDir
    Path folder;

    private static ProxySetup before(PlayedOrigin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2").listener("protocols: [h2, http/1.1]");
    }

    private static void say(Http2OriginPeer server, int id, byte[] bytes) throws IOException {
        server.send(Frames.frame(Frames.DATA, 0, id, bytes));
    }

    private static void expect(Http2OriginPeer server, int id, byte[] all) throws IOException {
        server.awaitContent(id, all.length);
        assertArrayEquals(all, server.contentSoFar(id));
    }

    private static MetricsSnapshot.Endpoint endpoint(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().iterator().next();
    }

    private static void awaitStreamsEnded(ProxyHarness proxy) {
        Await.until("no attempt is left", () -> endpoint(proxy).attemptsInFlight() == 0);
        Await.until("no tunnel is open", () -> TunnelSetup.tunnelsOf(proxy).open() == 0);
        proxy.awaitBuffersReturned();
    }

    // ---- how one comes about

    @Test
    void clientByHttp1AsksForItByAnExtendedConnect() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.asking(
                                "/chat?a=b",
                                "Sec-WebSocket-Protocol: chat\r\n"
                                        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                                        + "Origin: https://elsewhere.example\r\n"))) {
            Http2OriginPeer server = origin.offer();
            Http2Request request = server.request();
            assertEquals("CONNECT", request.method());
            assertEquals("/chat?a=b", request.path());
            assertFalse(request.isWhole());
            Map.of(
                            ":protocol", "websocket",
                            ":scheme", "http",
                            ":authority", "a",
                            "sec-websocket-version", "13",
                            "sec-websocket-protocol", "chat",
                            "sec-websocket-extensions", "permessage-deflate; client_max_window_bits",
                            "origin", "https://elsewhere.example",
                            "x-forwarded-for", "127.0.0.1",
                            "via", "1.1 headgate")
                    .forEach((name, value) ->
                            assertEquals(value, request.fields().value(name), name));
            for (String name : List.of("sec-websocket-key", "upgrade", "connection", "content-length", "te", "host")) {
                assertFalse(request.fields().has(name), name);
            }
            server.head(
                    request.streamId(),
                    0,
                    200,
                    "server",
                    "secret",
                    "content-length",
                    "0",
                    "sec-websocket-protocol",
                    "chat",
                    "sec-websocket-extensions",
                    "permessage-deflate");
            String response = WebSocketPeers.head(client);
            for (String line : List.of(
                    "HTTP/1.1 101 Switching Protocols",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Accept: " + WebSocketFrames.acceptOf(WebSocketPeers.KEY),
                    "sec-websocket-protocol: chat",
                    "sec-websocket-extensions: permessage-deflate",
                    "Via: 2.0 headgate")) {
                assertTrue(response.contains(line + "\r\n"), () -> line + " in " + response);
            }
            assertFalse(response.contains("secret"), response);
            assertFalse(response.toLowerCase(java.util.Locale.ROOT).contains("content-length"), response);
        }
    }

    @Test
    void clientByHttp2IsPassedOnAsItAsks() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.begin(1, connecting("origin", "http://a", "sec-websocket-protocol", "chat")));
            Http2OriginPeer server = origin.offer();
            Http2Request request = server.request();
            assertEquals("websocket", request.fields().value(":protocol"));
            assertEquals("chat", request.fields().value("sec-websocket-protocol"));
            assertEquals("http://a", request.fields().value("origin"));
            assertFalse(request.fields().has("sec-websocket-key"));
            int id = request.streamId();
            server.head(id, 0, 200, "sec-websocket-protocol", "chat", "sec-websocket-accept", "nobody's");
            Http2Response head = client.awaitHead(1);
            assertEquals(200, head.status());
            assertEquals(List.of("chat"), head.fields().all("sec-websocket-protocol"));
            assertFalse(head.fields().has("sec-websocket-accept"));
            client.send(Frames.frame(Frames.DATA, 0, 1, HELLO));
            expect(server, id, HELLO);
            say(server, id, HI);
            client.awaitContent(1, HI.length);
            client.send(Frames.data(1, Frames.END_STREAM, ""));
            server.awaitContent(id);
            server.send(Frames.data(id, Frames.END_STREAM, ""));
            assertTrue(client.response(1).isComplete());
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            awaitStreamsEnded(proxy);
            server.settle();
            assertEquals(-1, server.resetCode(id));
        }
    }

    /** RFC 8441 §5: END_STREAM is what the end of a connection's direction is. */
    @Test
    void endsOfEitherSideAreThoseOfItsStream() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            client.send(HELLO);
            expect(server, id, HELLO);
            say(server, id, HI);
            client.expect(HI);
            assertEquals(HELLO.length, TunnelSetup.tunnelsOf(proxy).bytesIn());
            assertEquals(HI.length, TunnelSetup.tunnelsOf(proxy).bytesOut());
            assertEquals(1, endpoint(proxy).attemptsInFlight(), "in flight for whom it concerns");
            proxy.awaitBuffersReturned();
            client.halfClose();
            assertArrayEquals(HELLO, server.awaitContent(id));
            say(server, id, HI);
            server.send(Frames.data(id, Frames.END_STREAM, ""));
            client.expect(HI).expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            awaitStreamsEnded(proxy);
            // And the other way round, on the same connection.
            try (var next = asking(proxy)) {
                int nextId = grant(next, server);
                server.send(Frames.data(nextId, Frames.END_STREAM, "bye"));
                next.expect("bye").expectEnd();
                next.send(HELLO);
                expect(server, nextId, HELLO);
                next.halfClose();
                server.awaitContent(nextId);
                awaitStreamsEnded(proxy);
            }
            server.settle();
            assertEquals(-1, server.resetCode(id));
            assertEquals(1, origin.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 206, 299})
    void everySuccessGrantsIt(int status) throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            server.head(id, 0, status, "content-length", "0");
            say(server, id, HI);
            WebSocketPeers.expectGranted(client);
            client.expect(HI);
        }
    }

    @Test
    void oneThatIsGrantedAndEndedAtOnceCanStillBeSpokenTo() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            server.head(id, Frames.END_STREAM, 200);
            WebSocketPeers.expectGranted(client);
            client.expectEnd();
            client.send(HELLO).halfClose();
            assertArrayEquals(HELLO, server.awaitContent(id));
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
        }
    }

    /** An ordinary request may go out before the origin's first settings, and who wants a WebSocket has to know them (RFC 8441 §3). */
    @Test
    void waitsForTheFirstSettings() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var other = TcpPeer.connect(proxy.port())) {
            Http2OriginPeer server = origin.accept();
            server.awaitPreface();
            other.send(GET);
            Http2Request first = server.request();
            assertEquals("/other", first.path());
            assertEquals(1, server.requestCount());
            server.settings(Frames.ENABLE_CONNECT_PROTOCOL, 1);
            grant(client, server);
            assertEquals(1, origin.connections());
            server.respond(first.streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(other).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void earlyBytesWaitForTheGrant() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING + "early");
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer server = origin.offer();
            Http2Request request = server.request();
            server.settle();
            assertEquals(0, server.contentSoFar(request.streamId()).length);
            server.head(request.streamId(), 0, 200);
            server.awaitContent(request.streamId(), 5);
            WebSocketPeers.expectGranted(client);

            byHttp2.send(Frames.begin(1, connecting()), Frames.data(1, Frames.END_STREAM, "early"));
            byHttp2.settle();
            int id = server.request().streamId();
            server.settle();
            assertEquals(0, server.contentSoFar(id).length);
            server.head(id, 0, 200);
            assertArrayEquals("early".getBytes(StandardCharsets.US_ASCII), server.awaitContent(id));
        }
    }

    // ---- how it does not

    @Test
    void aRefusalIsAnOrdinaryResponse() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            server.respond(id, 403, "not you");
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 403 "), response);
            assertTrue(response.toLowerCase(java.util.Locale.ROOT).contains("content-length: 7\r\n"), response);
            client.expect("not you");
            server.awaitContent(id); // The stream ends in good order.
            assertEquals(-1, server.resetCode(id));

            client.send(GET); // The connection is an ordinary one.
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 200 "));

            byHttp2.send(Frames.begin(1, connecting()));
            server.respond(server.request().streamId(), 503, "later");
            assertEquals("later", byHttp2.response(1).text());
            assertEquals(503, byHttp2.soFar(1).status());
            awaitStreamsEnded(proxy);
            assertEquals(0, TunnelSetup.tunnelsOf(proxy).opened());
        }
    }

    @Test
    void interimResponsesMayComeBefore() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            server.head(id, 0, 103, "link", "</a>");
            server.head(id, 0, 200);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 103 "));
            WebSocketPeers.expectGranted(client);
        }
    }

    /** It is told why, once and without a request to the origin, and nothing else on the connection suffers. */
    @Test
    void originThatDoesNotOfferItIsNotAsked() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer server = origin.accept();
            server.greet();
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 502 "), response);
            assertTrue(response.contains("Proxy-Status: headgate; error=http_upgrade_failed"), response);
            proxy.awaitEndedBy(Cause.UPSTREAM_WEBSOCKET_UNOFFERED, 1);
            byHttp2.send(Frames.begin(1, connecting()));
            assertEquals(502, byHttp2.response(1).status());
            proxy.awaitEndedBy(Cause.UPSTREAM_WEBSOCKET_UNOFFERED, 2);
            byHttp2.get(3, "/other");
            Http2Request request = server.request();
            assertEquals("/other", request.path());
            assertEquals(1, server.requestCount());
            server.respond(request.streamId(), 200, "ok");
            byHttp2.expectStatus(3, 200);
            assertEquals(1, origin.connections());
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("upstream_websocket_unoffered")));
        }
    }

    /** Nothing was sent to the first, so the next one is as good; the first is alive, and serves what else there is. */
    @Test
    void anEndpointThatOffersItIsFound() throws IOException {
        try (var without = PlayedOrigin.start();
                var with = PlayedOrigin.start();
                var proxy = inTurn(without, with).start();
                var client = asking(proxy);
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer first = without.accept();
            first.greet();
            Http2OriginPeer second = with.offer();
            int id = grant(client, second);
            say(second, id, HI);
            client.expect(HI);
            assertEquals(1, retries(proxy));

            for (int stream = 1;
                    stream <= 3;
                    stream += 2) { // Of two in turn one meets the first endpoint, which has told.
                byHttp2.send(Frames.begin(stream, connecting()));
                grant(second);
                assertEquals(200, byHttp2.awaitHead(stream).status());
            }
            assertEquals(1, retries(proxy), "who is passed over has not failed");

            byHttp2.get(5, "/other").get(7, "/other");
            for (Http2OriginPeer each : List.of(first, second)) {
                Http2Request request = each.request();
                assertEquals("/other", request.path());
                each.respond(request.streamId(), 200, "ok");
            }
            byHttp2.expectStatus(5, 200);
            byHttp2.expectStatus(7, 200);
            assertEquals(1, first.requestCount());
            assertEquals(1, without.connections());
        }
    }

    /** Each is asked once, within the attempts that the upstream allows. */
    @ParameterizedTest
    @CsvSource({"3, 2", "2, 2", "1, 1"})
    void noEndpointOffersIt(int attempts, int asked) throws IOException {
        try (var one = PlayedOrigin.start();
                var other = PlayedOrigin.start();
                var proxy = inTurn(one, other)
                        .upstream("retry: {attempts: " + attempts + "}")
                        .start();
                var client = asking(proxy)) {
            List<PlayedOrigin> origins = List.of(one, other).subList(0, asked);
            for (PlayedOrigin origin : origins) {
                origin.accept().greet();
            }
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 502 "), response);
            proxy.awaitEndedBy(Cause.UPSTREAM_WEBSOCKET_UNOFFERED, 1);
            assertEquals(asked - 1, retries(proxy));
            assertEquals(asked, one.connections() + other.connections());
        }
    }

    /** An endpoint that is known not to offer it is no failed attempt: as many get through as ask, whatever the budget. */
    @Test
    void passingOverAnEndpointTakesNothingOfTheBudget() throws IOException {
        try (var without = PlayedOrigin.start();
                var with = PlayedOrigin.start();
                var proxy =
                        inTurn(without, with).upstream("retry: {budget: 0%}").start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.get(1, "/other").get(3, "/other");
            Http2OriginPeer first = without.accept();
            first.greet();
            Http2OriginPeer second = with.offer();
            for (Http2OriginPeer each : List.of(first, second)) {
                each.respond(each.request().streamId(), 200, "ok");
            }
            client.expectStatus(1, 200);
            client.expectStatus(3, 200);
            for (int stream = 5; stream < 5 + 2 * 80; stream += 2) {
                client.send(Frames.begin(stream, connecting()));
                grant(second);
                assertEquals(200, client.awaitHead(stream).status());
            }
            assertEquals(0, retries(proxy));
            assertEquals(1, first.requestCount());
        }
    }

    /** The last of more endpoints than there may be attempts is found, once it is known of the others that they do not offer it. */
    @Test
    void theOnlyEndpointThatOffersItIsFoundWhereverItIs() throws IOException {
        try (var one = PlayedOrigin.start();
                var two = PlayedOrigin.start();
                var three = PlayedOrigin.start();
                var four = PlayedOrigin.start();
                var proxy = inTurn(one, two, three, four)
                        .upstream("retry: {attempts: 3}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            for (int i = 0; i < 3; i++) {
                client.get(2 * i + 1, "/other");
                Http2OriginPeer server = List.of(one, two, three).get(i).accept();
                server.greet();
                server.respond(server.request().streamId(), 200, "ok");
                client.expectStatus(2 * i + 1, 200);
            }
            client.send(Frames.begin(7, connecting())); // The fourth's turn, and then the first's again.
            Http2OriginPeer server = four.offer();
            grant(server);
            assertEquals(200, client.awaitHead(7).status());
            for (int stream = 9; stream <= 15; stream += 2) {
                client.send(Frames.begin(stream, connecting()));
                grant(server);
                assertEquals(200, client.awaitHead(stream).status());
            }
            assertEquals(0, retries(proxy));
        }
    }

    private static ProxySetup inTurn(PlayedOrigin... origins) {
        return ProxySetup.before(
                        Arrays.stream(origins).map(PlayedOrigin::address).toArray(String[]::new))
                .upstream("protocol: h2, balance: round-robin")
                .listener("protocols: [h2, http/1.1]");
    }

    private static long retries(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).retries();
    }

    /** RFC 8441 §3: what has not been offered may be, later. */
    @Test
    void anOfferMayComeLater() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var first = asking(proxy)) {
            Http2OriginPeer server = origin.accept();
            server.greet();
            assertTrue(WebSocketPeers.head(first).startsWith("HTTP/1.1 502 "));
            server.settings(Frames.ENABLE_CONNECT_PROTOCOL, 1);
            server.settle();
            try (var second = asking(proxy)) {
                grant(second, server);
            }
        }
    }

    /** An origin may have been replaced by one that takes WebSockets: only an open connection speaks for it. */
    @Test
    void asksAnewWhenThereIsNoConnectionLeft() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var first = asking(proxy)) {
            Http2OriginPeer server = origin.accept();
            server.greet();
            assertTrue(WebSocketPeers.head(first).startsWith("HTTP/1.1 502 "));
            server.send(Frames.goAway(0, Codes.NO_ERROR));
            server.awaitEnd();
            try (var second = asking(proxy)) {
                grant(second, origin.offer());
            }
        }
    }

    /** RFC 9113 §8.5: nothing but the tunnel's bytes goes over such a stream. */
    @Test
    void trailersOfATunnelBreakIt() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            server.trailers(id, "a", "b");
            assertEquals(Codes.PROTOCOL_ERROR, server.awaitReset(id));
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            awaitStreamsEnded(proxy);
        }
    }

    // ---- breaks

    @Test
    void aResetOfTheOriginIsOneForItsClient() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer server = origin.offer();
            server.send(Frames.rst(grant(client, server), Codes.CANCEL));
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            byHttp2.send(Frames.begin(1, connecting()));
            int id = grant(server);
            assertEquals(200, byHttp2.awaitHead(1).status());
            server.send(Frames.rst(id, Codes.INTERNAL_ERROR));
            byHttp2.expectReset(1, Codes.CANCEL);
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 2);
            byHttp2.expectQuiet();
            awaitStreamsEnded(proxy);
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void aResetOfTheClientIsOneForItsOrigin() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var byHttp2 = Http2Peer.connect(proxy.port()).greet()) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            client.reset();
            assertEquals(Codes.CANCEL, server.awaitReset(id));
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            byHttp2.send(Frames.begin(1, connecting()));
            int next = grant(server);
            byHttp2.awaitHead(1);
            byHttp2.send(Frames.rst(1, Codes.CANCEL));
            assertEquals(Codes.CANCEL, server.awaitReset(next));
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 2);
            awaitStreamsEnded(proxy);
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void aClientThatGoesBeforeItIsGrantedTakesTheStreamWithIt() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            client.reset();
            assertEquals(Codes.CANCEL, server.awaitReset(id));
            awaitStreamsEnded(proxy);
        }
    }

    @Test
    void theEndOfTheConnectionBreaksThemAll() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).upstream(TunnelSetup.SOON_AT_REST).start();
                var client = asking(proxy);
                var other = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            grant(server);
            grant(server);
            WebSocketPeers.expectGranted(client);
            WebSocketPeers.expectGranted(other);
            origin.end(server);
            client.expectReset();
            other.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_TRUNCATED, 2);
            TunnelSetup.awaitNothingLeft(proxy);
            proxy.awaitBuffersReturned();
        }
    }

    // ---- connections and their streams

    @ThreatRow(value = "H2-26", outcome = "so is a WebSocket's request")
    @Test
    void h2_26_requestAboveTheLastStreamOfGoAwayIsSentAgain() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING + "early")) {
            Http2OriginPeer first = origin.offer();
            first.request();
            first.send(Frames.goAway(0, Codes.NO_ERROR));
            Http2OriginPeer second = origin.offer();
            int id = grant(client, second);
            second.awaitContent(id, 5);
            first.awaitEnd();
        }
    }

    @Test
    void aConnectionThatGoesAwayKeepsItsTunnels() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            server.send(Frames.goAway(id, Codes.NO_ERROR));
            server.settle();
            try (var next = asking(proxy)) {
                grant(next, origin.offer());
            }
            client.send(HELLO);
            expect(server, id, HELLO);
            say(server, id, HI);
            server.send(Frames.data(id, Frames.END_STREAM, ""));
            client.expect(HI).expectEnd();
            client.halfClose();
            server.awaitContent(id);
            server.awaitEnd();
        }
    }

    /** One of the streams that an origin allows is a tunnel's for as long as it lives. */
    @Test
    void takesOneOfTheStreamsThatTheOriginAllows() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy);
                var other = TcpPeer.connect(proxy.port())) {
            Http2OriginPeer first = origin.offer(Frames.MAX_CONCURRENT_STREAMS, 1);
            int id = grant(client, first);
            other.send(GET);
            Http2OriginPeer second = origin.offer(Frames.MAX_CONCURRENT_STREAMS, 1);
            second.respond(second.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(other).startsWith("HTTP/1.1 200 "));
            other.expect("ok");
            try (var next = asking(proxy)) {
                grant(next, second);
            }
            client.halfClose();
            first.awaitContent(id);
            first.send(Frames.data(id, Frames.END_STREAM, ""));
            client.expectEnd();
        }
    }

    @Test
    void countsAgainstTheConnectionsOfAnEndpoint() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin)
                        .upstream("pool: {connections: 1}")
                        .upstream("breaker: {pending: 0}")
                        .start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer(Frames.MAX_CONCURRENT_STREAMS, 1);
            grant(client, server);
            try (var next = asking(proxy)) {
                assertTrue(WebSocketPeers.head(next).startsWith("HTTP/1.1 503 "));
            }
            proxy.awaitEndedBy(Cause.PENDING_FULL, 1);
        }
    }

    // ---- back-pressure

    /** Larger than windows and reads, both ways at once, and all credit comes back. */
    @Test
    void muchGoesBothWays() throws IOException {
        byte[] up = Pattern.bytes(1, 900_000);
        byte[] down = Pattern.bytes(2, 1_100_000);
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            Thread sending = Thread.ofVirtual().start(() -> client.send(up).halfClose());
            Thread receiving =
                    Thread.ofVirtual().start(() -> client.expect(down).expectEnd());
            server.content(id, down, 0);
            assertArrayEquals(up, server.awaitContent(id));
            server.send(Frames.data(id, Frames.END_STREAM, ""));
            Await.until("all has come and gone", () -> !sending.isAlive() && !receiving.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            awaitStreamsEnded(proxy);
            server.assertCreditWhole();
            try (var other = TcpPeer.connect(proxy.port()).send(GET)) {
                Thread reading = Thread.ofVirtual().start(() -> readToEnd(other));
                server.respondForWholeCredit(server.request().streamId());
                other.halfClose();
                Await.until("it has it", () -> !reading.isAlive());
            }
        }
    }

    private static void readToEnd(TcpPeer peer) {
        while (peer.receive(8192).length == 8192) {
            // What it is does not matter.
        }
    }

    /** What a slow client does not take its origin gets no credit for; other streams do. */
    @Test
    void clientThatTakesNothingHoldsUpNobodyElse() throws IOException {
        int window = 64 << 10;
        byte[] much = Pattern.bytes(3, 16 << 20);
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin)
                        .upstream("http2: {streamWindow: 64KiB, connectionWindow: 256KiB, abuse: {pings: 1000000}}")
                        .start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            int sent = 0;
            for (long credit = credit(server, id); credit > 0; credit = credit(server, id)) {
                int length = (int) Math.min(16_384, Math.min(credit, much.length - sent));
                assertTrue(length > 0, "the client takes it all");
                say(server, id, Arrays.copyOfRange(much, sent, sent + length));
                sent += length;
            }
            assertTrue(
                    server.connectionCredit() >= window,
                    "of " + server.connectionCredit() + " others can have their share");
            try (var other = TcpPeer.connect(proxy.port()).send(GET)) {
                server.respond(server.request().streamId(), 200, "ok");
                assertTrue(WebSocketPeers.head(other).startsWith("HTTP/1.1 200 "));
                other.expect("ok");
            }
            assertTrue(proxy.outstandingBytes() <= 4L * window, () -> proxy.outstandingBytes() + " bytes are held");
            assertArrayEquals(Arrays.copyOf(much, sent), client.receive(sent));
            Await.until("all is passed on", () -> isQuiet(proxy));
            server.settle();
            assertTrue(server.streamCredit(id) * 2 > window, () -> "its credit is back: " + server.streamCredit(id));
            server.send(Frames.data(id, Frames.END_STREAM, "end"));
            client.expect("end").expectEnd();
        }
    }

    /** What is left of a stream's window once nothing more of it comes back. */
    private static long credit(Http2OriginPeer server, int id) throws IOException {
        server.settle();
        return Math.min(server.streamCredit(id), server.connectionCredit());
    }

    private static boolean isQuiet(ProxyHarness proxy) {
        return proxy.outstandingBytes() == 0;
    }

    /** What an origin gives no credit for is held once, and then its client is not read. */
    @Test
    void originThatGivesNoCreditHoldsUpItsClient() throws IOException {
        byte[] much = Pattern.bytes(4, 8 << 20);
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin)
                        .upstream("http2: {abuse: {pings: 1000000}}")
                        .start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            server.withoutCredit();
            Thread sending = Thread.ofVirtual().start(() -> client.send(much).halfClose());
            server.awaitContent(id, 65_535);
            for (int i = 0; i < 20; i++) { // Time and again: it does not grow.
                server.settle();
                assertTrue(proxy.outstandingBytes() <= 256 << 10, () -> proxy.outstandingBytes() + " bytes are held");
            }
            assertTrue(sending.isAlive(), "the client has to wait");
            server.send(Frames.windowUpdate(0, much.length), Frames.windowUpdate(id, much.length));
            assertArrayEquals(much, server.awaitContent(id));
            Await.until("all is sent", () -> !sending.isAlive());
        }
    }

    // ---- what is told of it

    @Test
    void oneRecordAtTheEndTellsTheWholeOfIt() throws IOException {
        Path file = folder.resolve("access.log");
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin)
                        .accessLog("{format: json, to: " + file + "}")
                        .start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            client.send(HELLO);
            expect(server, id, HELLO);
            server.send(Frames.data(id, Frames.END_STREAM, ""));
            client.expectEnd();
            client.halfClose();
            server.awaitContent(id);
            Await.until("the record", () -> lines(file).size() == 1);
            Map<String, Object> record = Json.object(lines(file).get(0));
            assertEquals("GET", record.get("method"));
            assertEquals("/chat", record.get("path"));
            assertEquals("HTTP/1.1", record.get("protocol"));
            assertEquals(101, record.get("status"));
            assertEquals(origin.address(), record.get("endpoint"));
            assertEquals(WebSocketPeers.ASKING.length() + HELLO.length, record.get("bytes_in"));
            assertNull(record.get("cause"));
            var upstream = Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
            assertEquals(1, upstream.tunnels().orElseThrow().opened());
            assertEquals(HELLO.length, upstream.tunnels().orElseThrow().bytesIn());
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
