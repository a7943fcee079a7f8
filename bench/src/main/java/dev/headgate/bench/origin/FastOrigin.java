package dev.headgate.bench.origin;

import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.Listener;
import dev.headgate.engine.io.Io;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An origin for measuring proxies. What is asked for decides what is answered; sizes are bytes, or end in {@code k}, {@code m} or {@code g} for
 * powers of 1,024:
 *
 * <table>
 * <caption>Targets</caption>
 * <tr><th>target</th><th>answer</th></tr>
 * <tr><td>{@code /SIZE}</td><td>so much content, with its length</td></tr>
 * <tr><td>{@code /chunked/SIZE}</td><td>so much content in chunks of 16 KiB</td></tr>
 * <tr><td>{@code /delay/MS}, {@code /delay/MS/SIZE}</td><td>the same after a delay; 1 KiB unless said</td></tr>
 * <tr><td>{@code /status/CODE}</td><td>that status from 200 to 599, without content</td></tr>
 * <tr><td>{@code /stats}</td><td>counters as JSON: {@code connections}, {@code requests}, {@code receivedBytes}</td></tr>
 * <tr><td>{@code /fault/KIND}</td><td>what an origin should not do; see {@link Fault}</td></tr>
 * <tr><td>{@code /fault/KIND/N}</td><td>the same once in N times, in turn, and 1 KiB otherwise</td></tr>
 * <tr><td>any other</td><td>404</td></tr>
 * </table>
 *
 * <p>It speaks HTTP/1.1, and HTTP/2 to who begins with it. A request with content to a {@code /SIZE} has it swallowed, and its length is the answer. Connections are kept, requests may be pipelined, and
 * HTTP/1.0 gets what it understands. Content is the pattern that the load generator can verify.
 */
public final class FastOrigin implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final long TIMER_TICK_NS = 1_000_000;
    private static final int BACKLOG = 32_768;

    private final Engine engine;
    private final Listener listener;
    private final List<OriginLoop> loops;

    /** What an origin should not do. */
    public enum Fault {
        /** The connection, or by HTTP/2 the stream, is reset instead of an answer. */
        RESET,
        /** The connection is closed instead of an answer. */
        CLOSE,
        /** Half of the content that the head announces comes, and then the connection is closed, or by HTTP/2 the stream reset. */
        TRUNCATE,
        /** No answer ever comes. */
        STALL,
        /** Half of the content that the head announces comes, and no more. */
        HANG,
        /** 1 KiB comes in 16 pieces, one each 10 ms. */
        SLOW,
        /** What comes is not HTTP. */
        MALFORMED
    }

    /**
     * What has been counted.
     *
     * @param connections accepted since the start
     * @param requests heads understood
     * @param receivedBytes content of requests
     */
    public record Stats(long connections, long requests, long receivedBytes) {}

    private FastOrigin(Engine engine, Listener listener, List<OriginLoop> loops) {
        this.engine = engine;
        this.listener = listener;
        this.loops = loops;
    }

    /**
     * Starts an origin; it accepts when this returns.
     *
     * @param address port 0 lets the system choose
     * @param loopCount event loops, each a thread
     * @throws java.net.BindException when the address is taken or not local
     */
    public static FastOrigin start(SocketAddress address, int loopCount) throws IOException {
        return start(address, loopCount, EngineOptions.DEFAULTS.io());
    }

    static FastOrigin start(SocketAddress address, int loopCount, Io io) throws IOException {
        Engine engine = Engine.start(EngineOptions.builder()
                .loops(loopCount)
                .threadNamePrefix("headgate-origin")
                .connectionsMax(CONNECTIONS_MAX)
                .timerTickNs(TIMER_TICK_NS)
                .io(io)
                .build());
        List<OriginLoop> loops = new ArrayList<>();
        for (int i = 0; i < loopCount; i++) {
            loops.add(new OriginLoop(engine.loop(i), loops));
        }
        try {
            ListenOptions options = ListenOptions.at(address)
                    .withConnectionsMax(CONNECTIONS_MAX)
                    .withBacklog(BACKLOG);
            Listener listener = engine.listen(
                    options, (loop, connection) -> loops.get(loop.index()).accept());
            return new FastOrigin(engine, listener, loops);
        } catch (IOException e) {
            engine.close();
            throw e;
        }
    }

    /** Where it listens, with the actual port. */
    public SocketAddress address() {
        return listener.address();
    }

    public Stats stats() {
        return OriginLoop.stats(loops);
    }

    /** Ends at once; open connections are closed. */
    @Override
    public void close() {
        engine.close();
    }

    /** Waits until it has ended; false when {@code timeout} went by first. */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        return engine.awaitTermination(timeout);
    }
}
