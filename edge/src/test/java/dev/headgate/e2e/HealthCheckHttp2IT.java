package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Active checks of origins that speak HTTP/2 in plain: ordinary requests, and the health checking protocol of gRPC. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HealthCheckHttp2IT {
    private static final String FAST = "interval: 100ms, fastInterval: 100ms, rise: 1, fall: 1, timeout: 500ms";

    private static void assertVerdict(Handler handler, String health, String expected) {
        try (var origin = Http2Origin.start(Script.serving(handler));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .upstream("health: {" + FAST + health + "}")
                        .start()) {
            boolean passes = expected.equals("passed");
            Await.until(
                    "checked",
                    () -> proxy.metrics().endpoints().values().stream()
                            .anyMatch(each -> (passes
                                            ? each.health().checksPassed()
                                            : each.health().checksFailed())
                                    > 0));
            proxy.awaitState(origin.address(), passes ? EndpointState.UP : EndpointState.DOWN);
            EndpointStatus status = proxy.endpoint(origin.address());
            assertEquals(passes ? "" : expected, status.reason());
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("success", answer(204, ""), "", "passed"),
                arguments("another status", answer(503, "no"), "", "status"),
                arguments("content", answer(200, "all ready"), ", body: ready", "passed"),
                arguments("other content", answer(200, "steady"), ", body: ready", "body"),
                arguments("no content", answer(204, ""), ", body: ready", "body"),
                arguments("silence", (Handler) (peer, request) -> {}, "", "timed_out"),
                arguments(
                        "a reset",
                        (Handler) (peer, request) -> peer.send(Frames.rst(request.streamId(), 2)),
                        "",
                        "reset"),
                arguments(
                        "a broken frame",
                        (Handler) (peer, request) -> peer.send(Frames.frame(Frames.PING, 0, 0, new byte[3])),
                        "",
                        "protocol_error"));
    }

    private static Handler answer(int status, String text) {
        return (peer, request) -> peer.respond(request.streamId(), status, text);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void verdictFollowsFromTheAnswer(String what, Handler handler, String settings, String expected) {
        assertVerdict(handler, ", path: /healthz" + settings, expected);
    }

    /** The bytes of a message of gRPC: its prefix, and protobuf in hexadecimal. */
    private static byte[] message(String hex) {
        byte[] fields = HexFormat.of().parseHex(hex);
        return ByteBuffer.allocate(5 + fields.length)
                .put((byte) 0)
                .putInt(fields.length)
                .put(fields)
                .array();
    }

    private static Handler grpc(byte[] content, String status) {
        return (peer, request) -> {
            int id = request.streamId();
            peer.head(id, Frames.END_HEADERS, 200, "content-type", "application/grpc");
            peer.content(id, content, 0);
            peer.trailers(id, "grpc-status", status);
        };
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                arguments("SERVING", grpc(message("0801"), "0"), "passed"),
                arguments(
                        "SERVING behind fields that nobody knows", grpc(message("1203616263" + "0801"), "0"), "passed"),
                arguments("NOT_SERVING", grpc(message("0802"), "0"), "not_serving"),
                arguments("UNKNOWN, which is not said", grpc(message(""), "0"), "not_serving"),
                arguments("a status other than OK", grpc(message("0801"), "14"), "not_serving"),
                arguments("no message", grpc(new byte[0], "0"), "protocol_error"),
                arguments("half a message", grpc(new byte[] {0, 0, 0, 0, 2, 8}, "0"), "protocol_error"),
                arguments("a field that does not end", grpc(message("08"), "0"), "protocol_error"),
                arguments("a status of HTTP", answer(503, ""), "status"),
                arguments("a service that is not known", trailersOnly("5"), "not_serving"),
                arguments("no method of that name", trailersOnly("12"), "not_serving"),
                arguments("no status of gRPC", answer(200, ""), "protocol_error"));
    }

    private static Handler trailersOnly(String status) {
        return (peer, request) -> peer.head(
                request.streamId(),
                Frames.END_HEADERS | Frames.END_STREAM,
                200,
                "content-type",
                "application/grpc",
                "grpc-status",
                status);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void grpcSaysWhetherItServes(String what, Handler handler, String expected) {
        assertVerdict(handler, ", type: grpc", expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "auto"})
    void checksGoOverTlsAsRequestsDo(String protocol, @TempDir Path folder) {
        String tls = "tls: {ca: " + OriginCertificates.write(folder, "root.crt") + ", serverName: example.test}";
        try (var origin = Http2Origin.startTls(
                        OriginCertificates.serverContext("origin.crt"),
                        List.of("h2"),
                        Script.serving(answer(204, "")));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: " + protocol)
                        .upstream(tls)
                        .upstream("health: {" + FAST + ", start: down}")
                        .start()) {
            proxy.awaitState(origin.address(), EndpointState.UP);
        }
    }

    @Test
    void originThatIsNotBelievedIsDown(@TempDir Path folder) {
        String tls = "tls: {ca: " + OriginCertificates.write(folder, "root.crt") + ", serverName: other.test}";
        try (var origin = Http2Origin.startTls(
                        OriginCertificates.serverContext("origin.crt"),
                        List.of("h2"),
                        Script.serving(answer(204, "")));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .upstream(tls)
                        .upstream("health: {" + FAST + "}")
                        .start()) {
            // The first handshake of a machine that is busy may take longer than a check; the next one tells.
            Await.until(
                    "it is not believed",
                    () -> proxy.endpoint(origin.address()).reason().equals("tls_failed"));
            assertEquals(EndpointState.DOWN, proxy.endpoint(origin.address()).state());
        }
    }

    @Test
    void grpcIsAskedInItsOwnTerms() {
        var seen = new CompletableFuture<Http2Request>();
        var content = new CompletableFuture<byte[]>();
        Handler handler = (Http2OriginPeer peer, Http2Request request) -> {
            content.complete(peer.awaitContent(request.streamId()));
            seen.complete(request);
            grpc(message("0801"), "0").handle(peer, request);
        };
        try (var origin = Http2Origin.start(Script.serving(handler));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .upstream("health: {type: grpc, service: shop.Cart, host: cart.example.com, " + FAST + "}")
                        .start()) {
            var fields = seen.join().fields();
            assertEquals("POST", fields.value(":method"));
            assertEquals("/grpc.health.v1.Health/Check", fields.value(":path"));
            assertEquals("cart.example.com", fields.value(":authority"));
            assertEquals("application/grpc", fields.value("content-type"));
            assertEquals("trailers", fields.value("te"));
            assertEquals("500m", fields.value("grpc-timeout"));
            assertFalse(fields.has("connection"));
            byte[] service = "shop.Cart".getBytes(StandardCharsets.US_ASCII);
            String expected = "0a09" + HexFormat.of().formatHex(service);
            assertEquals(
                    HexFormat.of().formatHex(message(expected)), HexFormat.of().formatHex(content.join()));
            proxy.awaitState(origin.address(), EndpointState.UP);
        }
    }
}
