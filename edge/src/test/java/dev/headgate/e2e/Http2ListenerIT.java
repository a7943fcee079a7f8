package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Response;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak HTTP/2 before origins that speak HTTP/1.1. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class Http2ListenerIT {
    private static final String BOTH = "protocols: [h2, http/1.1]";

    private static ProxySetup before(ScriptedOrigin origin) {
        return ProxySetup.before(origin).listener(BOTH);
    }

    private static Http2Peer connect(ProxyHarness proxy) {
        return Http2Peer.connect(proxy.port()).greet();
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    @Test
    void aRequestGoesOnAndItsAnswerComesBack() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, "hello", "X-Kind: one"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.request(1, FieldBlock.get("/a?b=c", "x-asked", "yes")));
            Http2Response response = client.expectStatus(1, 200);
            assertEquals("hello", response.text());
            assertEquals(List.of("one"), response.fields().all("x-kind"));
            assertEquals(List.of("5"), response.fields().all("content-length"));
            assertEquals(List.of("1.1 headgate"), response.fields().all("via"));
            assertEquals("GET /a?b=c", origin.requestLines().getFirst());
            var request = origin.lastRequest();
            assertEquals(List.of("yes"), request.fields().all("X-Asked"));
            assertEquals(List.of("2.0 headgate"), request.fields().all("Via"));
            assertEquals(1, request.fields().all("Host").size());
        }
    }

    @Test
    void theEndIsInTheLastFrameOfContentWhenTheLengthIsKnown() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, "hello"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            List<Frame> frames = new ArrayList<>();
            Frame frame;
            do {
                frame = client.next();
                frames.add(frame);
            } while (!frame.is(Frames.DATA));
            assertTrue(frame.has(Frames.END_STREAM), frames.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 16_384, 16_385, 65_535, 65_536, 65_537, 100_000, 300_000})
    void contentGoesBothWaysWhateverItsLength(int length) {
        byte[] content = pattern(length);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, exchange.readContent()));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "content-length", "" + length)))
                    .sendContent(1, content);
            assertEquals(text(content), client.expectStatus(1, 200).text());
            client.send(Frames.begin(3, FieldBlock.post("/"))).sendContent(3, content);
            assertEquals(text(content), client.expectStatus(3, 200).text());
            client.assertCreditWhole(5, FieldBlock.post("/"));
        }
    }

    @Test
    void trailersGoBothWays() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent();
                    exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊2␍␊hi␍␊0␍␊X-Sum: 7␍␊␍␊");
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(
                    Frames.begin(1, FieldBlock.post("/", "te", "trailers")),
                    Frames.data(1, 0, "abc"),
                    Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-check", "ok")));
            Http2Response response = client.expectStatus(1, 200);
            assertEquals("hi", response.text());
            assertEquals(List.of("7"), response.trailers().all("x-sum"));
            var request = origin.lastRequest();
            Await.until("the request is whole", request::isComplete);
            assertEquals(List.of("ok"), request.trailers().all("x-check"));
        }
    }

    @Test
    void trailersThatNobodyAskedForAreLeftOut() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(exchange -> exchange.send(
                                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊2␍␊hi␍␊0␍␊X-Sum: 7␍␊␍␊"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            Http2Response response = client.expectStatus(1, 200);
            assertEquals("hi", response.text());
            assertEquals(List.of(), response.trailers().lines());
        }
    }

    @Test
    void answersWithoutContentEndWithTheirHead() {
        try (var origin = ScriptedOrigin.start()
                        .on("/head", exchange -> exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 1000␍␊␍␊"))
                        .on("/204", exchange -> exchange.send("HTTP/1.1 204 No Content␍␊␍␊"))
                        .on("/304", exchange -> exchange.send("HTTP/1.1 304 Not Modified␍␊ETag: \"x\"␍␊␍␊"))
                        .on("/empty", exchange -> exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 0␍␊␍␊"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.isHead(1).send(Frames.request(1, FieldBlock.request("HEAD", "/head")));
            assertEquals(List.of("1000"), client.expectStatus(1, 200).fields().all("content-length"));
            client.get(3, "/204").expectStatus(3, 204);
            assertEquals(
                    List.of("\"x\""),
                    client.get(5, "/304").expectStatus(5, 304).fields().all("etag"));
            client.get(7, "/empty").expectStatus(7, 200);
        }
    }

    /** RFC 9110 §8.6; clients refuse such a response. */
    @Test
    void noLengthIsShownWhereNoneMayBe() {
        try (var origin = ScriptedOrigin.start()
                        .on("/204", exchange -> exchange.send("HTTP/1.1 204 No Content␍␊Content-Length: 0␍␊␍␊"))
                        .on("/304", exchange -> exchange.send("HTTP/1.1 304 Not Modified␍␊Content-Length: 5␍␊␍␊"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            assertFalse(client.get(1, "/204").expectStatus(1, 204).fields().has("content-length"));
            assertEquals(
                    List.of("5"),
                    client.get(3, "/304").expectStatus(3, 304).fields().all("content-length"));
        }
    }

    @Test
    void hintsComeBeforeTheAnswer() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </a.css>␍␊␍␊");
                    exchange.respond(200, "done");
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            Http2Response response = client.expectStatus(1, 200);
            assertEquals(List.of(103), response.interim());
        }
    }

    @Test
    void aClientThatWaitsFor100GetsItFromTheOrigin() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 100 Continue␍␊␍␊");
                    exchange.respond(200, exchange.readContent());
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "expect", "100-continue", "content-length", "3")));
            while (!client.soFar(1).interim().contains(100)) {
                client.next();
            }
            client.send(Frames.data(1, Frames.END_STREAM, "abc"));
            assertEquals("abc", client.expectStatus(1, 200).text());
        }
    }

    /** It may end its request instead, without content, and then nobody waits any longer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatWaitsFor100MayEndItsRequest(boolean isByTrailers) {
        var seen = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    seen.countDown();
                    exchange.respond(200, exchange.readContent().length + " bytes");
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "expect", "100-continue")));
            Await.open("the origin has the head", seen);
            client.send(
                    isByTrailers
                            ? Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-there", "1"))
                            : Frames.data(1, Frames.END_STREAM, ""));
            assertEquals("0 bytes", client.expectStatus(1, 200).text());
        }
    }

    @Test
    void oneConnectionServesManyAtOnce() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .on("/held", exchange -> {
                            exchange.await(go);
                            exchange.respond(200, "held");
                        })
                        .otherwise(exchange ->
                                exchange.respond(200, exchange.request().target()));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/held");
            for (int id = 3; id < 120; id += 2) {
                client.get(id, "/" + id);
            }
            for (int id = 3; id < 120; id += 2) {
                assertEquals("/" + id, client.expectStatus(id, 200).text());
            }
            assertEquals(0, client.soFar(1).status());
            go.countDown();
            assertEquals("held", client.expectStatus(1, 200).text());
        }
    }

    /** Streams and their objects are used again: a hundred thousand leave nothing behind. */
    @Test
    void aHundredThousandStreamsOnOneConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin)
                        .listener("limits: {requestsPerConnection: 1000000}")
                        .route("{match: {path: /own}, respond: {status: 200, body: own}}")
                        .start();
                var client = connect(proxy)) {
            int id = 1;
            for (int round = 0; round < 2000; round++) {
                byte[][] requests = new byte[50][];
                for (int i = 0; i < 50; i++) {
                    requests[i] = Frames.get(id + 2 * i, "/own");
                }
                client.send(requests);
                for (int i = 0; i < 50; i++) {
                    client.expectStatus(id, 200);
                    id += 2;
                }
                if (round == 200) {
                    proxy.awaitBuffersReturned();
                }
            }
            proxy.awaitBuffersReturned();
        }
    }

    // ---- flow control ----------------------------------------------------------------------------------------------

    @Test
    void aClientThatReadsNothingStopsTheOrigin() {
        try (var origin = ScriptedOrigin.start().otherwise(Http2ListenerIT::sendWithoutEnd);
                var proxy = before(origin).start();
                var client = Http2Peer.connect(proxy.port()).withoutCredit().greet()) {
            client.get(1, "/");
            client.awaitContent(1, 65_535);
            Await.until("what is read stands still", () -> {
                long before = proxy.bytesRead();
                client.expectQuiet();
                client.expectQuiet();
                return proxy.bytesRead() - before < 100;
            });
            // One read at the most is held, in buffers of powers of two.
            assertTrue(proxy.outstandingBytes() <= 512 << 10, "" + proxy.outstandingBytes());
            client.send(Frames.rst(1, Codes.CANCEL));
            proxy.awaitBuffersReturned();
        }
    }

    @Test
    void aStreamThatStandsStillHoldsUpNoOther() {
        try (var origin = ScriptedOrigin.start()
                        .on("/endless", Http2ListenerIT::sendWithoutEnd)
                        .otherwise(exchange -> exchange.respond(200, "small"));
                var proxy = before(origin).start();
                var client = Http2Peer.connect(proxy.port()).withoutCredit().greet(Frames.INITIAL_WINDOW_SIZE, 1000)) {
            client.get(1, "/endless").awaitContent(1, 1000);
            for (int id = 3; id < 50; id += 2) {
                assertEquals("small", client.get(id, "/").expectStatus(id, 200).text());
            }
            client.send(Frames.rst(1, Codes.CANCEL));
        }
    }

    @Test
    void anOriginThatReadsNothingStopsTheClient() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/slow", exchange -> {
                    exchange.await(go);
                    exchange.respond(200, exchange.readContent());
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            int length = 20 << 20;
            client.send(Frames.begin(1, FieldBlock.post("/slow", "content-length", "" + length)));
            long sent = 0;
            while (true) {
                long window = Math.min(16_384, Math.min(client.streamCredit(1), client.connectionCredit()));
                if (window > 0) {
                    client.send(Frames.data(1, 0, (int) window));
                    sent += window;
                    continue;
                }
                client.settle();
                client.settle();
                if (client.streamCredit(1) <= 0) {
                    break;
                }
            }
            assertTrue(sent < length, "all of it was taken");
            client.send(Frames.get(3, "/other")).expectStatus(3, 200); // The connection is not held up.
            client.send(Frames.rst(1, Codes.CANCEL));
            go.countDown();
            proxy.awaitBuffersReturned();
        }
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    @Test
    void aResetEndsTheOriginsWork() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            origin.awaitRequest(0);
            client.send(Frames.rst(1, Codes.CANCEL));
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEndedByPeer());
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            client.expectQuiet();
        }
    }

    @Test
    void aConnectionThatEndsEndsAllItsRequests() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = before(origin).start()) {
            try (var client = connect(proxy)) {
                client.get(1, "/").get(3, "/").get(5, "/");
                origin.awaitRequest(2);
            }
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 3);
            proxy.awaitBuffersReturned();
        }
    }

    @Test
    void anAnswerThatBreaksOffIsReset() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 100␍␊␍␊half");
                    exchange.close();
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            Http2Response response = client.response(1);
            assertEquals(200, response.status());
            assertFalse(response.isComplete());
            assertEquals(Codes.INTERNAL_ERROR, response.resetCode());
            client.expectQuiet();
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsWholeStopsIt() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(exchange -> exchange.send("HTTP/1.1 403 Forbidden␍␊Content-Length: 2␍␊␍␊no"));
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "content-length", "1000000")), Frames.data(1, 0, 10));
            assertEquals("no", client.awaitContent(1, 2).text());
            client.response(1);
            Await.until("the rest is not wanted", () -> {
                client.settle();
                return client.soFar(1).resetCode() == Codes.NO_ERROR;
            });
            client.get(3, "/").expectStatus(3, 403);
        }
    }

    @Test
    void theProxysOwnAnswers() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin)
                        .route("{match: {path: /gone}, respond: {status: 410, body: gone}}")
                        .route("{match: {path: /there}, redirect: {to: 'https://b.example/'}}")
                        .start();
                var client = connect(proxy)) {
            assertEquals("gone", client.get(1, "/gone").expectStatus(1, 410).text());
            assertEquals(
                    List.of("https://b.example/"),
                    client.get(3, "/there").expectStatus(3, 307).fields().all("location"));
            client.get(5, "/nowhere").expectStatus(5, 404);
            client.get(7, "/%2e%2e/%2e%2e").expectStatus(7, 400);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void contentBeyondTheLimitIs413() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, exchange.readContent()));
                var proxy = before(origin).listener("limits: {body: 1000B}").start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "content-length", "1001")));
            assertEquals(413, client.awaitHead(1).status());
            client.send(Frames.begin(3, FieldBlock.post("/")), Frames.data(3, 0, 1001));
            assertEquals(413, client.awaitHead(3).status());
            client.send(Frames.begin(5, FieldBlock.post("/")), Frames.data(5, Frames.END_STREAM, 1000))
                    .expectStatus(5, 200);
        }
    }

    @Test
    void aCallWithoutOriginIsAnsweredInTermsOfGrpc() {
        try (var proxy = ProxySetup.before("127.0.0.1:1").listener(BOTH).start();
                var client = connect(proxy)) {
            client.send(
                    Frames.begin(1, FieldBlock.post("/p.S/M", "content-type", "application/grpc", "te", "trailers")),
                    Frames.data(1, Frames.END_STREAM, 5));
            Http2Response response = client.expectStatus(1, 200);
            assertEquals(List.of("14"), response.fields().all("grpc-status"));
            assertEquals(List.of("connect_refused"), response.fields().all("grpc-message"));
            assertEquals(List.of("application/grpc"), response.fields().all("content-type"));
        }
    }

    @Test
    void aCallEndsAtItsDeadline() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(Frames.request(
                    1, FieldBlock.post("/p.S/M", "content-type", "application/grpc+proto", "grpc-timeout", "100m")));
            assertEquals(List.of("4"), client.expectStatus(1, 200).fields().all("grpc-status"));
            proxy.awaitEndedBy(Cause.EXCHANGE_TIMEOUT, 1);
        }
    }

    @Test
    void aCallWithoutTimeIsOverBeforeItBegins() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.send(
                    Frames.begin(
                            1, FieldBlock.post("/p.S/M", "content-type", "application/grpc", "grpc-timeout", "0H")),
                    Frames.data(1, Frames.END_STREAM, 5));
            assertEquals(List.of("4"), client.expectStatus(1, 200).fields().all("grpc-status"));
            assertEquals(List.of(), origin.connections());
            proxy.awaitEndedBy(Cause.EXCHANGE_TIMEOUT, 1);
        }
    }

    // ---- connections -----------------------------------------------------------------------------------------------

    @Test
    void bothProtocolsAreSpokenOnOnePort() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin).start();
                var old = proxy.connect();
                var client = connect(proxy)) {
            old.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊").expectStatus(200);
            client.get(1, "/").expectStatus(1, 200);
            old.send("P").send("UT / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊").expectStatus(200);
        }
    }

    @Test
    void aFirstByteOnItsOwnDecidesNothing() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin).start();
                var old = proxy.connect()) {
            old.send("P");
            proxy.awaitRead(1);
            old.send("RI / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals("PRI /", origin.requestLines().getFirst());
        }
    }

    @Test
    void withoutTheProtocolThePrefaceIsRefused() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊").expectStatus(505);
        }
    }

    @Test
    void withHttp2AloneOthersAreToldSo() {
        try (var origin = ScriptedOrigin.start();
                var proxy =
                        ProxySetup.before(origin).listener("protocols: [h2]").start();
                var client = Http2Peer.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.expectGoAway(Codes.PROTOCOL_ERROR);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void aClientThatSendsNothingIsLetGo() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin).listener("timeouts: {header: 100ms}").start();
                var client = proxy.connect()) {
            client.readToEnd();
        }
    }

    @Test
    void aPrefaceThatDoesNotComeInTimeEndsTheConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("protocols: [h2]")
                        .listener("timeouts: {header: 100ms}")
                        .start();
                var client = Http2Peer.connect(proxy.port())) {
            client.send(Arrays.copyOf(Frames.preface(), 10));
            client.expectGoAway(Codes.PROTOCOL_ERROR);
            client.expectEnd();
        }
    }

    @Test
    void settingsThatAreNotAcknowledgedEndTheConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin)
                        .listener("http2: {settingsTimeout: 100ms}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).withoutAcknowledgements()) {
            client.send(Frames.preface(), Frames.settings());
            client.expectGoAway(Codes.SETTINGS_TIMEOUT);
            client.expectEnd();
        }
    }

    @Test
    void anIdleConnectionEndsInOrder() {
        try (var origin = ScriptedOrigin.start();
                var proxy =
                        before(origin).listener("timeouts: {keepAlive: 100ms}").start();
                var client = connect(proxy)) {
            client.get(1, "/").expectStatus(1, 200);
            client.expectGoAway(Codes.NO_ERROR);
            while (client.nextOrEnd() != null) {
                // The second GOAWAY says which stream was the last.
            }
            assertEquals(1, client.goAways().getLast().lastStreamId());
        }
    }

    /** Keep-alive is for what comes between requests: it does not count before the first. */
    @Test
    void withoutKeepAliveAConnectionServesItsFirstRequest() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin).listener("timeouts: {keepAlive: 0s}").start();
                var client = connect(proxy)) {
            client.expectQuiet();
            client.get(1, "/").expectStatus(1, 200);
            client.expectGoAway(Codes.NO_ERROR);
        }
    }

    @Test
    void aConnectionThatHasServedItsShareTakesNoMore() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin)
                        .listener("limits: {requestsPerConnection: 2}")
                        .start();
                var client = connect(proxy)) {
            client.get(1, "/").expectStatus(1, 200);
            assertEquals(List.of(), client.goAways());
            client.get(3, "/").expectStatus(3, 200);
            while (client.nextOrEnd() != null) {
                // until it ends
            }
            assertEquals(2, client.goAways().size());
            assertEquals(Integer.MAX_VALUE, client.goAways().getFirst().lastStreamId());
            assertEquals(3, client.goAways().getLast().lastStreamId());
        }
    }

    @Test
    void requestsThatAreRefusedCountToo() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin)
                        .listener("limits: {requestsPerConnection: 2}")
                        .start();
                var client = connect(proxy)) {
            byte[] withoutAuthority = FieldBlock.of(":method", "GET", ":scheme", "http", ":path", "/");
            client.send(Frames.request(1, withoutAuthority)).expectStatus(1, 400);
            client.send(Frames.request(3, withoutAuthority)).expectStatus(3, 400);
            while (client.nextOrEnd() != null) {
                // until it ends
            }
            assertEquals(3, client.goAways().getLast().lastStreamId());
            origin.assertReceivedNothing();
        }
    }

    @Test
    void drainingLetsRequestsFinishThatAreOnTheirWay() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "late");
                });
                var proxy = before(origin).start();
                var client = connect(proxy)) {
            client.get(1, "/");
            origin.awaitRequest(0);
            Thread drain = proxy.drain(Duration.ofSeconds(20));
            Frame first = client.expectGoAway(Codes.NO_ERROR);
            assertEquals(Integer.MAX_VALUE, first.lastStreamId());
            Await.until("the last stream is named", () -> {
                client.settle();
                return client.goAways().size() == 2;
            });
            go.countDown();
            assertEquals("late", client.expectStatus(1, 200).text());
            while (client.nextOrEnd() != null) {
                // until it ends
            }
            Await.until("the drain is over", () -> !drain.isAlive());
        }
    }

    @Test
    void aClientThatTakesNothingForTooLongLosesItsStream() {
        try (var origin = ScriptedOrigin.start()
                        .on("/endless", Http2ListenerIT::sendWithoutEnd)
                        .on("/held", OriginScript.stall());
                var proxy =
                        before(origin).listener("timeouts: {sendStall: 200ms}").start();
                var client = Http2Peer.connect(proxy.port()).withoutCredit().greet()) {
            client.get(1, "/endless");
            client.awaitContent(1, 65_535);
            client.expectGoAway(Codes.ENHANCE_YOUR_CALM); // Nothing else moves either.
            proxy.awaitEndedBy(Cause.CLIENT_STALLED, 1);
        }
    }

    /** With windows as large as can be it is the transport that does not take any more, not even the last frames. */
    @Test
    void aClientThatReadsNothingAnyMoreIsLetGo() {
        try (var origin = ScriptedOrigin.start().on("/endless", Http2ListenerIT::sendWithoutEnd);
                var proxy = before(origin)
                        .listener("timeouts: {sendStall: 200ms, linger: 50ms}")
                        .start();
                var client = Http2Peer.connect(proxy.port(), 4096).withoutCredit()) {
            client.greet(Frames.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
            client.send(Frames.windowUpdate(0, Integer.MAX_VALUE - 65_535)).get(1, "/endless");
            Await.until("the connection is given up", () -> proxy.openConnections() == 0);
        }
    }

    @Test
    void aClientThatWaitsIsAskedForASignOfLife() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "late");
                });
                var proxy = before(origin)
                        .listener("http2: {pingInterval: 50ms, pingTimeout: 10s}")
                        .start();
                var client = connect(proxy)) {
            client.get(1, "/");
            Frame frame;
            int pings = 0;
            while (pings < 3) {
                frame = client.next();
                pings += frame.is(Frames.PING) && !frame.has(Frames.ACK) ? 1 : 0;
            }
            go.countDown();
            assertEquals("late", client.expectStatus(1, 200).text());
        }
    }

    @Test
    void aClientWithoutASignOfLifeIsGivenUp() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = before(origin)
                        .listener("http2: {pingInterval: 50ms, pingTimeout: 50ms}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.withoutAcknowledgements().get(1, "/");
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
        }
    }

    @Test
    void aRequestWhoseContentDoesNotComeIs408() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, exchange.readContent()));
                var proxy =
                        before(origin).listener("timeouts: {bodyIdle: 100ms}").start();
                var client = connect(proxy)) {
            client.send(Frames.begin(1, FieldBlock.post("/", "content-length", "10")), Frames.data(1, 0, 5));
            assertEquals(408, client.awaitHead(1).status());
            client.settle();
        }
    }

    private static void sendWithoutEnd(dev.headgate.testkit.peer.OriginExchange exchange) throws java.io.IOException {
        exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 1000000000␍␊␍␊");
        OutputStream out = exchange.output();
        byte[] piece = new byte[16_384];
        for (int i = 0; i < 60_000; i++) {
            out.write(piece);
        }
    }

    private static byte[] pattern(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) ('a' + (i * 7 + i / 26) % 26);
        }
        return content;
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
