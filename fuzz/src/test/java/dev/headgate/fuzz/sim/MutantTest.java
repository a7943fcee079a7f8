package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.fuzz.sim.MutantLoader.Mutant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Simulation finds bugs that the proxy could have, within the seeds that every build runs. Each mutant has classes of its own, and two
 * run at a time.
 */
class MutantTest {
    private static final int SEEDS_MAX = 1_000;

    static List<Mutant> mutants() {
        return List.of(
                // A POST is sent again.
                new Mutant("exchange.RetryPolicy", "decide", "isIdempotent", 1),
                // A response that was cut short counts as complete.
                new Mutant("upstream.Http1ClientSession", "onEnd", "onEndOfStream", 1),
                // What the socket did not take is lost.
                new Mutant("engine.loop.LoopWriter", "keepRemainder", "enqueue", null),
                // A connection that has ended counts as open for ever.
                new Mutant("upstream.UpstreamPool", "onClosed", "releaseConnection", null),
                // The slot of an endpoint that has left is another one's while requests are under way there.
                new Mutant("balance.Departure", "doWork", "isNothingUnderWay", 1),
                // Whoever waits for a connection is not told that another one is gone.
                new Mutant("upstream.EndpointLimits", "wakeForConnection", "wakeOldest", null),
                // The place of one that waits is given back twice.
                new Mutant("exchange.Attempt", "leaveQueue", "isWaiting", 1),
                // A permit for a request is kept where there is no connection.
                new Mutant("upstream.PendingQueue", "giveBack", "releaseRequest", null),
                // There are retries beyond their budget.
                new Mutant("exchange.Attempts", "takesRetryToken", "tryRetry", 1),
                // Nor do second attempts beside others keep to it.
                new Mutant("exchange.Attempts", "takesHedgeToken", "tryRetry", 1),
                // Of two attempts, the one that was slower goes on, and its answer is another one to the client.
                new Mutant("exchange.Hedge", "won", "lost", null),
                // Of the one that was slower, nobody gives back the place that it had.
                new Mutant("exchange.Attempt", "lost", "onAttemptLost", null),
                // Nor its connection or stream.
                new Mutant("exchange.Attempt", "cancelStream", "cancel", null),
                // Whichever of two attempts answers, answers.
                new Mutant("exchange.Attempts", "onResponseHead", "isRacing", 0),
                // A POST is sent to two origins at once.
                new Mutant("exchange.Attempts", "armHedge", "isIdempotent", 1),
                // Temporary files stay open.
                new Mutant("exchange.KeptContent", "closeFile", "close", null),
                // What a fallback has no right to goes to another upstream.
                new Mutant("exchange.RetryPolicy", "mayBeSentAgain", "isIdempotent", 1),
                // Buffers of sent output are not given back.
                new Mutant("engine.loop.LoopWriter", "releaseOutput", "release", null),
                // Nobody wakes a sleeping loop.
                new Mutant("engine.loop.LoopMailbox", "wakeIfAsleep", "wakeup", null),
                // A paused connection is never read again.
                new Mutant("engine.loop.TcpConnection", "resumeReading", "enqueueOwed", null),
                // A chunked body has no end.
                new Mutant("downstream.Http1ResponseWriter", "writeEnd", "writeLastChunk", 1));
    }

    static List<Mutant> http2Mutants() {
        return List.of(
                // Content that is passed on brings no credit back.
                new Mutant("downstream.Http2ServerStream", "pass", "consumed", null),
                // Padding is never given back.
                new Mutant("http.h2.FrameReceiver", "onStreamData", "discard", null),
                // More is sent than windows allow.
                new Mutant("http.h2.FlowControl", "send", "take", null),
                // A stream's window stays as it was.
                new Mutant("http.h2.FlowControl", "addToStream", "add", 1),
                // A stream above the last one that was announced is served all the same.
                new Mutant("http.h2.Http2Connection", "finishDrain", "ignoreAbove", null),
                // What is under way for a stream that was reset is taken for a fault.
                new Mutant("http.h2.Http2Connection", "reset", "remember", null),
                // A request of which nobody wants the rest is not stopped.
                new Mutant("downstream.Http2ServerStream", "settle", "reset", null),
                // A client that takes nothing of the end is never let go.
                new Mutant("downstream.Http2ServerSession", "awaitOutput", "arm", null),
                // Content that waits is not handed on when it is wanted.
                new Mutant("downstream.Http2ServerStream", "resumeRequest", "due", null),
                // A response that waits for a window has no turn.
                new Mutant("downstream.Http2ServerSession", "run", "giveTurns", null));
    }

    static List<Mutant> originMutants() {
        return List.of(
                // More is sent to an origin than its windows allow.
                new Mutant("http.h2.FlowControl", "send", "take", null),
                // There are more requests at a time than an origin allows.
                new Mutant("http.h2.Http2Connection", "mayRequest", "ownCount", 0),
                // A stream's number is used again.
                new Mutant("http.h2.MessageSender", "request", "nextOwnId", 1),
                // Content that a client has taken brings an origin no credit back.
                new Mutant("upstream.Http2ClientStream", "onData", "consumed", null),
                // Nor does what a slow client has taken later.
                new Mutant("upstream.Http2ClientStream", "credit", "consumed", null),
                // Whatever failed counts as not looked at, and a POST is sent again.
                new Mutant("exchange.RetryPolicy", "decide", "isUnseen", 1),
                // An origin's answer that nobody wants any more is not stopped.
                new Mutant("upstream.Http2ClientSession", "release", "release", null),
                // Exchanges do not learn that their stream is over.
                new Mutant("upstream.Http2ClientSession", "afterEvents", "tellFailures", null),
                // Content that waits for an origin's window has no turn.
                new Mutant("upstream.Http2ClientSession", "afterEvents", "serveTurns", null),
                // Trailers that come before there is a connection are lost.
                new Mutant("exchange.RequestFlow", "keep", "hold", null));
    }

    static List<Mutant> tunnelMutants() {
        return List.of(
                // A WebSocket is granted without the origin's proof.
                new Mutant("exchange.Exchange", "onSwitch", "isGrantedBy", 1),
                // The end of a side's stream never reaches the other.
                new Mutant("tunnel.Tunnel$Side", "onEnd", "shutdownOutput", null),
                // A Close frame goes out in the middle of another frame.
                new Mutant("tunnel.Tunnel$Side", "closeIfBetweenFrames", "isAtBoundary", 1),
                // What comes behind the Close frame goes on to the other side.
                new Mutant("tunnel.Tunnel$Side", "onBytes", "passUntilClosed", null),
                // A tunnel in which nothing moves lives for ever.
                new Mutant("tunnel.Tunnel", "begin", "arm", null),
                // Bytes that came with the answer are not shown to the client.
                new Mutant("tunnel.Tunnel", "begin", "showKept", null),
                // What a side does not take at once is never followed by more.
                new Mutant("tunnel.Tunnel$Side", "onWritable", "resumeReading", null),
                // A tunnel on a stream gives its client no credit back.
                new Mutant("frames.StreamConnection", "onData", "consumed", null),
                // A WebSocket is asked for on a stream before its origin has offered that.
                new Mutant("upstream.Opening", "next", "isForWebSocket", 0),
                // A client with HTTP/1.1 gets no proof for what its origin has granted on a stream.
                new Mutant("exchange.Exchange", "grantWebSocket", "prove", 1),
                // What a client has sent before the grant is lost.
                new Mutant("frames.StreamConnection", "<init>", "takeAll", null));
    }

    static List<Mutant> choiceMutants() {
        return List.of(
                // What an origin wants by HTTP/1.1 goes by whatever it chooses.
                new Mutant("upstream.UpstreamPool", "tryOpen", "isForHttp1", 0),
                // Those who have waited for a connection that speaks HTTP/1.1 are forgotten, all but one.
                new Mutant("upstream.Opening", "serveHttp1", "moveAll", null),
                // An origin that has chosen HTTP/1.1 is spoken to by HTTP/2.
                new Mutant("upstream.Opening", "onOpen", "equals", 1),
                // A side of a WebSocket that breaks off within a frame, while Close frames are due, passes for one that
                // has ended.
                new Mutant("tunnel.Tunnel$Side", "onClosed", "hasSaidAll", 1));
    }

    /** From which seed on those are looked for that few worlds show. */
    private static final Map<Mutant, Long> RARE = Map.of(
            new Mutant("upstream.EndpointLimits", "wakeForConnection", "wakeOldest", null), 1_501L,
            new Mutant("upstream.Http2ClientStream", "credit", "consumed", null), 1_501L,
            new Mutant("tunnel.Tunnel$Side", "onClosed", "hasSaidAll", 1), 2_101L);

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("mutants")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isFound(Mutant mutant) throws ReflectiveOperationException {
        assertFound(mutant, "dev.headgate.fuzz.sim.SeedSearch");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("http2Mutants")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isFoundByHttp2(Mutant mutant) throws ReflectiveOperationException {
        assertFound(mutant, "dev.headgate.fuzz.sim.SeedSearch$Mixed");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("originMutants")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isFoundByHttp2Origins(Mutant mutant) throws ReflectiveOperationException {
        assertFound(mutant, "dev.headgate.fuzz.sim.SeedSearch$BothSides");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("tunnelMutants")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isFoundByWebSockets(Mutant mutant) throws ReflectiveOperationException {
        assertFound(mutant, "dev.headgate.fuzz.sim.SeedSearch$Tunnels");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("choiceMutants")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isFoundByChoosingOrigins(Mutant mutant) throws ReflectiveOperationException {
        assertFound(mutant, "dev.headgate.fuzz.sim.SeedSearch$Chosen");
    }

    private static void assertFound(Mutant mutant, String searchName) throws ReflectiveOperationException {
        var loader = new MutantLoader(mutant);
        @SuppressWarnings("unchecked") // What the class declares.
        var search = (LongFunction<@Nullable String>)
                loader.loadClass(searchName).getDeclaredConstructor().newInstance();
        String what = null;
        long first = RARE.getOrDefault(mutant, 1L);
        for (long seed = first; seed < first + SEEDS_MAX && what == null; seed++) {
            what = search.apply(seed);
        }
        assertTrue(loader.isMade(), "no such call: " + mutant);
        assertNotNull(what, "not found in " + SEEDS_MAX + " seeds: " + mutant);
    }
}
