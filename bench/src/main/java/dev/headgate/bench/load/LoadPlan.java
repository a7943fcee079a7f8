package dev.headgate.bench.load;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What load to make. {@link #closed} and {@link #open} begin one with defaults, and each {@code with…} answers a changed copy.
 *
 * <p>An open loop has a timetable: request {@code i} is due at {@code start + i / rate}, and its latency runs from there, whatever kept it waiting. With
 * several loops, request {@code i} is of loop {@code i modulo loops}, and the connections are divided evenly.
 *
 * @param target where to connect
 * @param request what to send, always the same
 * @param connections that carry the load; with {@link ConnectionUse#PER_REQUEST} so many at a time
 * @param ratePerSecond requests per second of an open loop; 0 for a closed loop, in which each connection sends as soon as it has been answered
 * @param connectionUse whether connections are kept
 * @param spread which of the free connections takes the next request of an open loop
 * @param idleConnections that are opened first, have one request answered each, are held while the load goes on, and have to answer once more
 *     in the end
 * @param slowClients further clients, not measured, that are slow
 * @param loops event loops, each a thread
 * @param warmUp load before what is measured
 * @param duration of what is measured
 * @param interval grain of {@link LoadResult#intervals}
 * @param timeout of a connect or an answer, from the sending on
 * @param sourceAddresses loopback addresses, from 127.0.0.2 on, that connections come from in turn, so that there may be more of them than the system
 *     has ports; 0 leaves the choice to the system
 * @param tls how connections are protected, those of slow and idle clients included; null: not at all
 * @param http2Streams requests at a time on each connection, by HTTP/2: with prior knowledge, or chosen by ALPN over TLS. Idle connections have one at a time.
 *     0: connections speak HTTP/1.1
 * @param idleUse what idle connections do at their beginning and end
 * @param isCountedByDue whether an open loop also counts in slots of {@code interval} by when requests were due, {@link LoadResult#slots}
 */
public record LoadPlan(
        SocketAddress target,
        LoadRequest request,
        int connections,
        double ratePerSecond,
        ConnectionUse connectionUse,
        Spread spread,
        int idleConnections,
        SlowClients slowClients,
        int loops,
        Duration warmUp,
        Duration duration,
        Duration interval,
        Duration timeout,
        int sourceAddresses,
        @Nullable LoadTls tls,
        int http2Streams,
        IdleUse idleUse,
        boolean isCountedByDue) {

    public static final int CONNECTIONS_MAX = 1_000_000;
    public static final int LOOPS_MAX = 256;
    public static final int HTTP2_STREAMS_MAX = 10_000;
    public static final int INTERVALS_MAX = 2_000;
    public static final int SOURCE_ADDRESSES_MAX = 65_536;

    /** What becomes of a connection after an answer. */
    public enum ConnectionUse {
        /** It carries the next request. */
        KEEP_ALIVE,
        /** It is closed; each request asks for that, and its latency contains the connect. */
        PER_REQUEST
    }

    /** What an idle connection does before it is held, and once more in the end. */
    public enum IdleUse {
        /** It has a request answered. */
        REQUEST,
        /** It becomes a WebSocket by a request for one; in the end a message has to come back. */
        WEB_SOCKET
    }

    /** Order of free connections. */
    public enum Spread {
        /** The one that has been free for longest: all of them take part. */
        ROUND_ROBIN,
        /** The one that was used last: as few as possible take part. */
        HOTTEST
    }

    public LoadPlan {
        Objects.requireNonNull(target, "target");
        requireRange("connections", connections, 0, CONNECTIONS_MAX);
        requireRange("idleConnections", idleConnections, 0, CONNECTIONS_MAX);
        requireRange("loops", loops, 1, LOOPS_MAX);
        requireRange("sourceAddresses", sourceAddresses, 0, SOURCE_ADDRESSES_MAX);
        if (!(ratePerSecond >= 0 && ratePerSecond <= 1e9)) {
            throw new IllegalArgumentException("ratePerSecond out of range: " + ratePerSecond + ", from 0 to 1e9");
        }
        requireHttp2(http2Streams, connections, connectionUse, slowClients);
        if (idleUse == IdleUse.WEB_SOCKET && http2Streams > 0) {
            throw new IllegalArgumentException("WebSockets are asked for by HTTP/1.1");
        }
        if (sourceAddresses > 0 && !(target instanceof InetSocketAddress inet && isLoopback4(inet))) {
            throw new IllegalArgumentException("source addresses are for a target in 127.0.0.0/8, not " + target);
        }
        if (connections == 0 && ratePerSecond > 0) {
            throw new IllegalArgumentException("a rate wants connections");
        }
        if (warmUp.isNegative() || !duration.isPositive() || !interval.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException("times must be positive: warmUp=" + warmUp + ", duration=" + duration
                    + ", interval=" + interval + ", timeout=" + timeout);
        }
        long intervals = (duration.toNanos() - 1) / interval.toNanos() + 1;
        if (intervals > INTERVALS_MAX) {
            throw new IllegalArgumentException("too many intervals: " + intervals + ", limit=" + INTERVALS_MAX);
        }
    }

    private static void requireHttp2(int streams, int connections, ConnectionUse use, SlowClients slow) {
        requireRange("http2Streams", streams, 0, HTTP2_STREAMS_MAX);
        if ((long) streams * connections > CONNECTIONS_MAX) {
            throw new IllegalArgumentException("too many streams: " + streams + " on each of " + connections
                    + " connections, limit=" + CONNECTIONS_MAX + " in all");
        }
        if (streams > 1 && use == ConnectionUse.PER_REQUEST) {
            throw new IllegalArgumentException("with a connection for each request there is one stream on each");
        }
        if (streams > 0 && slow.connections() > 0) {
            throw new IllegalArgumentException("slow clients speak HTTP/1.1");
        }
    }

    private static boolean isLoopback4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address four && four.isLoopbackAddress();
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " out of range: " + value + ", from " + least + " to " + most);
        }
    }

    /** A closed loop over {@code connections} kept connections: 1 s of warm-up, 5 s measured, time-out 5 s, one event loop. */
    public static LoadPlan closed(SocketAddress target, LoadRequest request, int connections) {
        return new LoadPlan(
                target,
                request,
                connections,
                0,
                ConnectionUse.KEEP_ALIVE,
                Spread.ROUND_ROBIN,
                0,
                SlowClients.NONE,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                0,
                null,
                0,
                IdleUse.REQUEST,
                false);
    }

    /** As {@link #closed}, but an open loop of {@code ratePerSecond}. */
    public static LoadPlan open(SocketAddress target, LoadRequest request, int connections, double ratePerSecond) {
        return closed(target, request, connections).withRatePerSecond(ratePerSecond);
    }

    public boolean isOpenLoop() {
        return ratePerSecond > 0;
    }

    public LoadPlan withRequest(LoadRequest what) {
        return with(draft -> draft.request = what);
    }

    public LoadPlan withConnections(int count) {
        return with(draft -> draft.connections = count);
    }

    public LoadPlan withRatePerSecond(double rate) {
        return with(draft -> draft.ratePerSecond = rate);
    }

    public LoadPlan withConnectionUse(ConnectionUse use) {
        return with(draft -> draft.connectionUse = use);
    }

    public LoadPlan withSpread(Spread order) {
        return with(draft -> draft.spread = order);
    }

    public LoadPlan withIdleConnections(int count) {
        return with(draft -> draft.idleConnections = count);
    }

    public LoadPlan withSlowClients(SlowClients clients) {
        return with(draft -> draft.slowClients = clients);
    }

    public LoadPlan withLoops(int count) {
        return with(draft -> draft.loops = count);
    }

    public LoadPlan withInterval(Duration grain) {
        return with(draft -> draft.interval = grain);
    }

    public LoadPlan withTimeout(Duration limit) {
        return with(draft -> draft.timeout = limit);
    }

    public LoadPlan withSourceAddresses(int count) {
        return with(draft -> draft.sourceAddresses = count);
    }

    public LoadPlan withTls(@Nullable LoadTls protection) {
        return with(draft -> draft.tls = protection);
    }

    /** By HTTP/2 with so many requests at a time on each connection; 0 for HTTP/1.1. */
    public LoadPlan withHttp2Streams(int count) {
        return with(draft -> draft.http2Streams = count);
    }

    public LoadPlan withIdleUse(IdleUse use) {
        return with(draft -> draft.idleUse = use);
    }

    /** With {@link LoadResult#slots}. */
    public LoadPlan countedByDue() {
        return with(draft -> draft.isCountedByDue = true);
    }

    /** With these lengths of time; see the components. */
    public LoadPlan withTimes(Duration warmingUp, Duration measured) {
        return with(draft -> {
            draft.warmUp = warmingUp;
            draft.duration = measured;
        });
    }

    private LoadPlan with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.plan();
    }

    /** A plan that may still be changed. */
    private static final class Draft {
        private SocketAddress target;
        private LoadRequest request;
        private int connections;
        private double ratePerSecond;
        private ConnectionUse connectionUse;
        private Spread spread;
        private int idleConnections;
        private SlowClients slowClients;
        private int loops;
        private Duration warmUp;
        private Duration duration;
        private Duration interval;
        private Duration timeout;
        private int sourceAddresses;
        private @Nullable LoadTls tls;
        private int http2Streams;
        private IdleUse idleUse;
        private boolean isCountedByDue;

        Draft(LoadPlan plan) {
            target = plan.target;
            request = plan.request;
            connections = plan.connections;
            ratePerSecond = plan.ratePerSecond;
            connectionUse = plan.connectionUse;
            spread = plan.spread;
            idleConnections = plan.idleConnections;
            slowClients = plan.slowClients;
            loops = plan.loops;
            warmUp = plan.warmUp;
            duration = plan.duration;
            interval = plan.interval;
            timeout = plan.timeout;
            sourceAddresses = plan.sourceAddresses;
            tls = plan.tls;
            http2Streams = plan.http2Streams;
            idleUse = plan.idleUse;
            isCountedByDue = plan.isCountedByDue;
        }

        LoadPlan plan() {
            return new LoadPlan(
                    target,
                    request,
                    connections,
                    ratePerSecond,
                    connectionUse,
                    spread,
                    idleConnections,
                    slowClients,
                    loops,
                    warmUp,
                    duration,
                    interval,
                    timeout,
                    sourceAddresses,
                    tls,
                    http2Streams,
                    idleUse,
                    isCountedByDue);
        }
    }
}
