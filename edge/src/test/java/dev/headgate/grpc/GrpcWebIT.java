package dev.headgate.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Response;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ReceivedRequest;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers' calls before an origin that knows gRPC alone. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GrpcWebIT {
    private static final byte[] MESSAGE = Wire.bytes("\0\0\0\0\u0005hello");
    private static final String TRAILERS = "grpc-status: 0␍␊grpc-message: fine␍␊";

    private static void answer(OriginExchange exchange) throws IOException {
        byte[] message = exchange.readContent();
        exchange.send("HTTP/1.1 200 OK␍␊Content-Type: application/grpc+proto␍␊Transfer-Encoding: chunked␍␊␍␊");
        exchange.send(Integer.toHexString(message.length) + "␍␊");
        exchange.send(message);
        exchange.send("␍␊0␍␊Grpc-Status: 0␍␊grpc-message: fine␍␊␍␊");
    }

    private static ProxyHarness before(ScriptedOrigin origin) {
        return ProxySetup.before(origin)
                .listener("protocols: [h2, http/1.1]")
                .route("{to: app, grpcWeb: true}")
                .start();
    }

    private static byte[] withTrailers(byte[] message) {
        return Wire.join(message, trailerFrame(TRAILERS));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String post(String type, String accept, String content) {
        return "POST /p.S/M HTTP/1.1␍␊Host: a␍␊Content-Type: " + type + "␍␊Accept: " + accept + "␍␊Content-Length: "
                + content.length() + "␍␊␍␊" + content;
    }

    @Test
    void aBinaryCallBecomesGrpcAndItsTrailersAFrame() {
        try (var origin = ScriptedOrigin.start().otherwise(GrpcWebIT::answer);
                var proxy = before(origin);
                var client = proxy.connect()) {
            client.send(post("application/grpc-web+proto", "*/*", text(MESSAGE)));
            Response response = client.expectStatus(200);
            assertEquals("application/grpc-web+proto", response.fields().value("content-type"));
            assertEquals(text(withTrailers(MESSAGE)), response.text());
            assertEquals("application/grpc+proto", origin.lastRequest().fields().value("content-type"));
            assertEquals(text(MESSAGE), origin.lastRequest().text());
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "1000"})
    void aCallInTextIsDecodedAndItsAnswerEncoded(int cutAt) {
        String text = Base64.getEncoder().encodeToString(MESSAGE);
        try (var origin = ScriptedOrigin.start().otherwise(GrpcWebIT::answer);
                var proxy = before(origin);
                var client = proxy.connect()) {
            String request = post("application/grpc-web-text", "application/grpc-web-text", text);
            int cut = Math.max(request.length() - text.length(), request.length() - cutAt);
            client.send(request.substring(0, cut));
            proxy.awaitRead(Wire.bytes(request.substring(0, cut)).length);
            client.send(request.substring(cut));
            Response response = client.expectStatus(200);
            assertEquals("application/grpc-web-text+proto", response.fields().value("content-type"));
            assertEquals(inFormOf("application/grpc-web-text", MESSAGE, trailerFrame(TRAILERS)), response.text());
            assertEquals(text(MESSAGE), origin.lastRequest().text());
        }
    }

    /** The last bytes of a message are there with the others, padded, before the next one is. */
    @Test
    void aMessageInTextDoesNotWaitForTheNext() {
        var isFirstSeen = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent();
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Type: application/grpc␍␊Transfer-Encoding: chunked␍␊␍␊4␍␊");
                    exchange.send(Arrays.copyOf(MESSAGE, 4));
                    exchange.send("␍␊6␍␊");
                    exchange.send(Arrays.copyOfRange(MESSAGE, 4, 10));
                    exchange.await(isFirstSeen);
                    exchange.send("␍␊A␍␊");
                    exchange.send(MESSAGE);
                    exchange.send("␍␊0␍␊" + TRAILERS + "␍␊");
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.request(1, FieldBlock.post("/", "content-type", "application/grpc-web-text")));
            String message = Base64.getEncoder().encodeToString(MESSAGE);
            assertEquals(message, client.awaitContent(1, message.length()).text());
            isFirstSeen.countDown();
            assertEquals(
                    message + inFormOf("application/grpc-web-text", MESSAGE, trailerFrame(TRAILERS)),
                    client.expectStatus(1, 200).text());
        }
    }

    @Test
    void anAnswerWithoutMessagesStaysAHead() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent();
                    exchange.send(
                            "HTTP/1.1 200 OK␍␊Content-Type: application/grpc␍␊Grpc-Status: 5␍␊Content-Length: 0␍␊␍␊");
                });
                var proxy = before(origin);
                var client = proxy.connect()) {
            client.send(post("application/grpc-web", "*/*", text(MESSAGE)));
            Response response = client.expectStatus(200);
            assertEquals("5", response.fields().value("grpc-status"));
            assertEquals("application/grpc-web", response.fields().value("content-type"));
            assertEquals("", response.text());
        }
    }

    @Test
    void whatIsNoCallPassesAsItIs() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(
                                exchange -> exchange.respond(200, exchange.readContent(), "Content-Type: text/plain"));
                var proxy = before(origin);
                var client = proxy.connect()) {
            for (String type : List.of("text/plain", "application/grpc", "application/grpc-webby")) {
                Response response = client.send(post(type, "*/*", "same")).expectStatus(200);
                assertEquals("same", response.text());
                assertEquals(type, origin.lastRequest().fields().value("content-type"));
            }
            Response html =
                    client.send(post("application/grpc-web", "*/*", "x")).expectStatus(200);
            assertEquals("text/plain", html.fields().value("content-type"));
            assertEquals("x", html.text());
        }
    }

    /** A strict origin refuses a call whose sender does not say that it takes trailers, and a proxy before it drops the status. */
    @ParameterizedTest
    @CsvSource({"application/grpc-web, trailers", "text/plain, "})
    void theOriginHearsThatTrailersAreTaken(String type, @Nullable String te) {
        CompletableFuture<@Nullable String> seen = new CompletableFuture<>();
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    seen.complete(request.fields().has("te") ? request.fields().value("te") : null);
                    byte[] message = peer.awaitContent(id);
                    peer.head(id, 0, 200, "content-type", "application/grpc");
                    peer.content(id, message, 0);
                    peer.trailers(id, "grpc-status", "0", "grpc-message", "fine");
                }));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .route("{to: app, grpcWeb: true}")
                        .start();
                var client = proxy.connect()) {
            client.send(post(type, "*/*", text(MESSAGE)));
            Response response = client.expectStatus(200);
            assertEquals(te, seen.join());
            assertEquals(te == null ? text(MESSAGE) : text(withTrailers(MESSAGE)), response.text());
            assertEquals(List.of(), response.trailers().lines());
        }
    }

    @ParameterizedTest
    @CsvSource({"application/grpc-web+proto, 100m", "application/grpc-web-text, 0S"})
    void aCallEndsAtItsDeadline(String type, String timeout) {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = before(origin);
                var client = proxy.connect()) {
            client.send("POST /p.S/M HTTP/1.1␍␊Host: a␍␊Content-Type: " + type + "␍␊grpc-timeout: " + timeout
                    + "␍␊Content-Length: 0␍␊␍␊");
            client.expectStatus(504);
            proxy.awaitEndedBy(Cause.EXCHANGE_TIMEOUT, 1);
        }
    }

    @Test
    void theDeadlineOfWhatIsNoCallIsNone() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin);
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊grpc-timeout: 0S␍␊Content-Length: 0␍␊␍␊")
                    .expectStatus(200);
        }
    }

    /** The client's fault, and told as such: no alarm is raised. */
    @ParameterizedTest
    @ValueSource(strings = {"AA!A", "A===", "AAA", "AAAAA"})
    void textThatIsNoneIsRefused(String text) {
        try (var origin = ScriptedOrigin.start().otherwise(GrpcWebIT::answer);
                var proxy = before(origin);
                var client = proxy.connect()) {
            Response response =
                    client.send(post("application/grpc-web-text", "*/*", text)).expectStatus(400);
            assertEquals("400 content_invalid\n", response.text());
            proxy.awaitEndedBy(Cause.CONTENT_INVALID, 1);
            assertTrue(origin.requests().stream().noneMatch(ReceivedRequest::isComplete));
        }
    }

    // ---- answers that cannot be completed

    /** What happens to an answer of which something has been sent. */
    private enum Fault {
        /** The origin says nothing more, and the call's time runs out. */
        DEADLINE,
        /** The origin ends its connection. */
        CUT,
        /** The origin sends what is no chunk. */
        GARBLED,
        /** The origin ends its answer as if all were well. */
        ENDED
    }

    /** Answers with as much of messages as {@code sent}, and fails. */
    private static ScriptedOrigin failing(String type, byte[] sent, Fault fault) {
        return ScriptedOrigin.start().on("/other", OriginScript.ok("other")).otherwise(exchange -> {
            exchange.readContent();
            exchange.send("HTTP/1.1 200 OK␍␊Content-Type: " + type + "␍␊Transfer-Encoding: chunked␍␊␍␊");
            if (sent.length > 0) {
                exchange.send(Integer.toHexString(sent.length) + "␍␊");
                exchange.send(sent);
                exchange.send("␍␊");
            }
            switch (fault) {
                case DEADLINE -> exchange.awaitPeerEnd();
                case CUT -> exchange.close();
                case GARBLED -> exchange.send("zz␍␊");
                case ENDED -> exchange.send("0␍␊" + TRAILERS + "␍␊");
            }
        });
    }

    private static String call(String type) {
        return "POST /p.S/M HTTP/1.1␍␊Host: a␍␊Content-Type: " + type + "␍␊grpc-timeout: 1S␍␊Content-Length: 0␍␊␍␊";
    }

    private static byte[] trailerFrame(String lines) {
        byte[] bytes = Wire.bytes(lines);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0x80)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** What a caller gets, in its own form: of text, messages that came together, and the frame of trailers, each on its own. */
    private static String inFormOf(String type, byte[]... parts) {
        if (!type.endsWith("-text")) {
            return text(Wire.join(parts));
        }
        return Arrays.stream(parts).map(Base64.getEncoder()::encodeToString).collect(Collectors.joining());
    }

    /** The caller learns the status from a frame of trailers, and the connection lives on. */
    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, DEADLINE, 1, 4, exchange_timeout",
        "application/grpc-web, DEADLINE, 0, 4, exchange_timeout",
        "application/grpc-web-text, DEADLINE, 2, 4, exchange_timeout",
        "application/grpc-web-text, DEADLINE, 0, 4, exchange_timeout",
        "application/grpc-web, CUT, 3, 14, upstream_truncated",
        "application/grpc-web-text, CUT, 1, 14, upstream_truncated",
        "application/grpc-web, GARBLED, 1, 14, upstream_body_invalid",
    })
    void whatFailsBetweenMessagesEndsWithAFrameOfTrailers(
            String type, Fault fault, int messages, int status, String cause) {
        byte[] sent = text(MESSAGE).repeat(messages).getBytes(StandardCharsets.ISO_8859_1);
        try (var origin = failing("application/grpc", sent, fault);
                var proxy = before(origin);
                var client = proxy.connect()) {
            Response response = client.send(call(type)).expectStatus(200);
            byte[] trailers = trailerFrame("grpc-status: " + status + "␍␊grpc-message: " + cause + "␍␊");
            assertEquals(inFormOf(type, sent, trailers), response.text());
            proxy.awaitEndedBy(Cause.valueOf(cause.toUpperCase(Locale.ROOT)), 1);
            client.send("GET /other HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
        }
    }

    /** A frame of trailers would be taken for bytes of the message. */
    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, application/grpc, DEADLINE, 9",
        "application/grpc-web, application/grpc, CUT, 1",
        "application/grpc-web, application/grpc, CUT, 11",
        "application/grpc-web-text, application/grpc, DEADLINE, 15",
        "application/grpc-web-text, application/grpc, GARBLED, 19",
        "application/grpc-web, text/plain, CUT, 10",
        "application/grpc-web, application/grpc, ENDED, 3",
        "application/grpc-web, application/grpc, ENDED, 19",
        "application/grpc-web-text, application/grpc, ENDED, 8",
        "application/grpc-web-text, application/grpc, ENDED, 15",
    })
    void whatFailsWithinAMessageIsBrokenOff(String type, String answered, Fault fault, int sentBytes) {
        byte[] sent = Arrays.copyOf(Wire.join(MESSAGE, MESSAGE), sentBytes);
        try (var origin = failing(answered, sent, fault);
                var proxy = before(origin);
                var client = proxy.connect()) {
            Response response = client.send(call(type)).readResponseToAnyEnding();
            assertEquals(200, response.status());
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
            assertTrue(inFormOf(type, sent).startsWith(response.text()), response::toString);
            if (fault == Fault.ENDED) {
                proxy.awaitEndedBy(Cause.UPSTREAM_BODY_INVALID, 1);
            }
        }
    }

    /** The same on streams, with the rest of the connection unhurt. */
    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, 4",
        "application/grpc-web, 12",
        "application/grpc-web-text, 12",
        "application/grpc-web-text, 19",
    })
    void anAnswerByHttp2ThatEndsWithinAMessageIsReset(String type, int sentBytes) {
        byte[] sent = Arrays.copyOf(Wire.join(MESSAGE, MESSAGE), sentBytes);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.awaitContent(id);
                    peer.head(id, 0, 200, "content-type", "application/grpc");
                    peer.content(id, request.path().equals("/whole") ? MESSAGE : sent, 0);
                    peer.trailers(id, "grpc-status", "0", "grpc-message", "fine");
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2]")
                        .upstream("protocol: h2")
                        .route("{to: app, grpcWeb: true}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.request(1, FieldBlock.post("/cut", "content-type", type)));
            Http2Response response = client.response(1);
            assertEquals(200, response.status());
            assertEquals(Codes.INTERNAL_ERROR, response.resetCode());
            assertTrue(inFormOf(type, sent).startsWith(response.text()), response::toString);
            proxy.awaitEndedBy(Cause.UPSTREAM_BODY_INVALID, 1);
            client.send(Frames.request(3, FieldBlock.post("/whole", "content-type", type)));
            assertEquals(
                    inFormOf(type, MESSAGE, trailerFrame(TRAILERS)),
                    client.expectStatus(3, 200).text());
        }
    }

    /** HTTP/2 on both sides: the same, and within a message it is a reset as that of any call. */
    @ParameterizedTest
    @CsvSource({"application/grpc-web, 20", "application/grpc-web-text, 10", "application/grpc-web, 12"})
    void callsByHttp2EndLikewise(String type, int sentBytes) {
        byte[] sent = Arrays.copyOf(Wire.join(MESSAGE, MESSAGE), sentBytes);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.awaitContent(id);
                    peer.head(id, 0, 200, "content-type", "application/grpc");
                    peer.content(id, sent, 0);
                    if (request.path().equals("/reset")) {
                        peer.send(Frames.rst(id, Codes.INTERNAL_ERROR));
                    }
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2]")
                        .upstream("protocol: h2")
                        .route("{to: app, grpcWeb: true}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(
                    Frames.request(1, FieldBlock.post("/reset", "content-type", type)),
                    Frames.request(3, FieldBlock.post("/late", "content-type", type, "grpc-timeout", "1S")));
            boolean isBetween = sentBytes % MESSAGE.length == 0;
            for (int id : new int[] {1, 3}) {
                Http2Response response = client.response(id);
                assertEquals(200, response.status());
                if (isBetween) {
                    byte[] trailers = trailerFrame(
                            id == 1
                                    ? "grpc-status: 14␍␊grpc-message: upstream_reset␍␊"
                                    : "grpc-status: 4␍␊grpc-message: exchange_timeout␍␊");
                    assertTrue(response.isComplete(), response::toString);
                    assertEquals(inFormOf(type, sent, trailers), response.text());
                } else {
                    assertEquals(id == 1 ? Codes.INTERNAL_ERROR : Codes.CANCEL, response.resetCode());
                }
            }
        }
    }
}
