package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.observe.Metrics;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints whose calls by gRPC fail, which HTTP's status does not show. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GrpcEjectionIT {
    private int nextId = 1;

    private static Handler inHead(int status) {
        return (peer, request) -> {
            peer.awaitContent(request.streamId());
            peer.head(
                    request.streamId(),
                    Frames.END_STREAM,
                    200,
                    "content-type",
                    "application/grpc",
                    "grpc-status",
                    Integer.toString(status));
        };
    }

    private static Handler inTrailers(int status) {
        return (peer, request) -> {
            byte[] message = peer.awaitContent(request.streamId());
            peer.head(request.streamId(), 0, 200, "content-type", "application/grpc");
            peer.content(request.streamId(), message, 0);
            peer.trailers(request.streamId(), "grpc-status", Integer.toString(status));
        };
    }

    private static ProxyHarness before(Http2Origin good, Http2Origin bad) {
        return before(good, bad, "");
    }

    private static ProxyHarness before(Http2Origin good, Http2Origin bad, String settings) {
        return ProxySetup.before(good.address(), bad.address())
                .listener("protocols: [h2, http/1.1]")
                .upstream("protocol: h2, balance: round-robin" + settings)
                .start();
    }

    /** Has each endpoint take as many calls, whatever it answers. */
    private void call(Http2Peer client, int count, String contentType) {
        for (int i = 0; i < count; i++) {
            int id = nextId;
            nextId += 2;
            client.send(Frames.begin(id, FieldBlock.post("/", "content-type", contentType, "te", "trailers")))
                    .sendContent(id, "\0\0\0\0\5hello".getBytes())
                    .expectStatus(id, 200);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 14", "false, 13", "false, 2", "false, 15", "true, 14", "true, 13"})
    void aCallThatItsServerFailsIsAFailure(boolean isInTrailers, int status) {
        try (var good = Http2Origin.start(Script.serving(inTrailers(0)));
                var bad = Http2Origin.start(Script.serving(isInTrailers ? inTrailers(status) : inHead(status)));
                var proxy = before(good, bad);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            call(client, 8, "application/grpc");
            assertEquals(EndpointState.UP, proxy.endpoint(bad.address()).state(), "four failures are not five");
            call(client, 2, "application/grpc");
            proxy.awaitState(bad.address(), EndpointState.EJECTED);
        }
    }

    /** What is the caller's fault, or its deadline, says nothing of the server. */
    @ParameterizedTest
    @CsvSource({"false, 3", "false, 4", "false, 16", "true, 0", "true, 4", "true, 5"})
    void aCallThatFailsOtherwiseIsNone(boolean isInTrailers, int status) {
        try (var good = Http2Origin.start(Script.serving(inTrailers(0)));
                var other = Http2Origin.start(Script.serving(isInTrailers ? inTrailers(status) : inHead(status)));
                var proxy = before(good, other);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            call(client, 20, "application/grpc");
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
            var seen = proxy.metrics().endpoints().get(new Metrics.EndpointName("app", other.address()));
            assertEquals(0, Objects.requireNonNull(seen).health().ejections());
        }
    }

    /** Nor if calls are to be tried again on it. */
    @Test
    void whatRetriesFollowOnIsJudgedLikeAllElse() {
        try (var good = Http2Origin.start(Script.serving(inTrailers(0)));
                var other = Http2Origin.start(Script.serving(inHead(4)));
                var proxy = before(good, other, ", retry: {on: \"grpc:deadline-exceeded\", attempts: 1}");
                var client = Http2Peer.connect(proxy.port()).greet()) {
            call(client, 20, "application/grpc");
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
        }
    }

    @Test
    void theFieldsMeanNothingElsewhere() {
        try (var good = Http2Origin.start(Script.serving(inTrailers(14)));
                var other = Http2Origin.start(Script.serving(inHead(14)));
                var proxy = before(good, other);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            call(client, 20, "application/json");
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
        }
    }

    /** A call that ends well is as good as any: failures before it are not in a row with those behind it. */
    @Test
    void aCallThatEndsWellIsASuccess() {
        Handler[] turns = {inTrailers(14), inTrailers(14), inTrailers(14), inTrailers(14), inTrailers(0)};
        int[] turn = {0};
        try (var good = Http2Origin.start(Script.serving(inTrailers(0)));
                var other = Http2Origin.start(Script.serving((peer, request) -> {
                    Handler next = turns[turn[0]++ % turns.length];
                    next.handle(peer, request);
                }));
                var proxy = before(good, other);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            call(client, 40, "application/grpc");
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
        }
    }
}
