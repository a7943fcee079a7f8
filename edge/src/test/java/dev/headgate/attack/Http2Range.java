package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.HeadgateOptions;
import dev.headgate.attack.Http2Attack.Accepted;
import dev.headgate.attack.Http2Attack.Answered;
import dev.headgate.attack.Http2Attack.GoAway;
import dev.headgate.attack.Http2Attack.Reset;
import dev.headgate.attack.Http2Attack.ResetInBody;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One proxy that speaks HTTP/2 on a plain listener, else as it comes, and one origin, on which attacks are run, each followed
 * by the checks that hold for all of them: nothing of the attack is left, no credit is lost, the next client is served.
 */
final class Http2Range implements AutoCloseable {
    private static final int DRIPPED_BYTES_MAX = 400;
    private static final int AFTER = 0x1001; // A stream above all that attacks use.

    private final ScriptedOrigin origin = ScriptedOrigin.start();
    private final ProxyHarness proxy;

    Http2Range() {
        this(setup -> setup);
    }

    /** A range whose proxy differs from the default in what {@code settings} adds. */
    Http2Range(UnaryOperator<ProxySetup> settings) {
        proxy = setup(settings).start();
    }

    /** A range in an outside world that the test steers. */
    Http2Range(UnaryOperator<ProxySetup> settings, SteeredIo io) {
        proxy = setup(settings).start(io);
    }

    /** A range with the embedder's own. */
    Http2Range(UnaryOperator<ProxySetup> settings, HeadgateOptions options) {
        proxy = ProxyHarness.start(setup(settings).yaml(), options);
    }

    private ProxySetup setup(UnaryOperator<ProxySetup> settings) {
        return settings.apply(ProxySetup.before(origin).listener("protocols: [h2, http/1.1]"));
    }

    /** A client that has greeted and been greeted. */
    Http2Peer connect(int... settingsIdsAndValues) {
        return Http2Peer.connect(proxy.port()).greet(settingsIdsAndValues);
    }

    /** Runs the attack in one piece and, unless it is long, once more one byte at a time. */
    void run(Http2Attack attack) {
        run(attack, client -> client.trySend(attack.sent()));
        if (attack.sent().length <= DRIPPED_BYTES_MAX) {
            run(attack, client -> client.trySendByteByByte(attack.sent()));
        }
    }

    private void run(Http2Attack attack, Consumer<Http2Peer> sender) {
        origin.forget();
        long bytesBefore = origin.receivedBytes();
        long violationsBefore = violations();
        try (var client = connect()) {
            sender.accept(client);
            switch (attack.outcome()) {
                case GoAway(int code) -> {
                    client.expectGoAway(code);
                    client.expectEnd();
                    Await.until(
                            "no whole request",
                            () -> origin.requests().stream().noneMatch(r -> r.isComplete() && isLeft(r.connection())));
                }
                case Reset(int streamId, int code) -> {
                    client.expectReset(streamId, code);
                    assertNothingArrived(bytesBefore);
                    assertGoesOn(client);
                }
                case ResetInBody(int streamId, int code) -> {
                    client.expectReset(streamId, code);
                    assertOnlyPartsArrived();
                    assertGoesOn(client);
                }
                case Answered(int streamId, int status) -> {
                    client.expectStatus(streamId, status);
                    assertNothingArrived(bytesBefore);
                    assertGoesOn(client);
                }
                case Accepted(int streamId, String line, var check) -> {
                    client.expectStatus(streamId, 200);
                    assertEquals(List.of(line), origin.requestLines(), "requests at the origin");
                    origin.requests().forEach(check);
                    assertGoesOn(client);
                }
            }
        }
        long expected = attack.outcome() instanceof Accepted ? 0 : 1;
        Await.until("the fault is counted", () -> violations() - violationsBefore >= expected);
        assertEquals(expected, violations() - violationsBefore, "faults counted");
        assertWell();
    }

    /** Whether this connection of the origin's is still the proxy's to use. */
    private boolean isLeft(int connection) {
        return !origin.connections().get(connection).isEndedByPeer();
    }

    private void assertNothingArrived(long bytesBefore) {
        origin.settle();
        assertEquals(bytesBefore, origin.receivedBytes(), "bytes at the origin");
    }

    private void assertOnlyPartsArrived() {
        for (var request : origin.requests()) {
            assertFalse(request.isComplete(), () -> "complete at the origin: " + request);
            Await.until("the proxy ends " + request, () -> !isLeft(request.connection()));
        }
    }

    /** The connection serves further requests, and all its credit is there. */
    void assertGoesOn(Http2Peer client) {
        client.get(AFTER, "/after").expectStatus(AFTER, 200);
        client.assertCreditWhole(AFTER + 2, FieldBlock.post("/credit"));
        client.expectQuiet();
    }

    /** Fails unless the next client is served, every buffer is back and the origin saw canonical requests only. */
    void assertWell() {
        try (var client = connect()) {
            client.get(1, "/after").expectStatus(1, 200);
        }
        proxy.awaitBuffersReturned();
        origin.assertNoFault();
    }

    /** Faults of clients in HTTP/2 so far, of whatever kind. */
    long violations() {
        return Arrays.stream(listenerCounts()).sum();
    }

    /** Faults of this kind so far. */
    long violations(Http2Violation violation) {
        return listenerCounts()[violation.ordinal()];
    }

    private long[] listenerCounts() {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web")).byHttp2Violation();
    }

    ScriptedOrigin origin() {
        return origin;
    }

    ProxyHarness proxy() {
        return proxy;
    }

    /** A GET as most clients send it, in the fewest bytes that can be. */
    static byte[] shortGet(int streamId) {
        return Frames.request(streamId, new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 0x01, 'a'});
    }

    @Override
    public void close() {
        proxy.close();
        origin.close();
    }
}
