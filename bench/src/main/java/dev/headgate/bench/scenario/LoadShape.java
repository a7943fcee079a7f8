package dev.headgate.bench.scenario;

import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.load.LoadPlan.IdleUse;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.SlowClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Load without the target that takes it.
 *
 * @param request what is asked for
 * @param connections that carry it
 * @param ratePerSecond 0 for as much as there can be
 * @param use whether connections are kept
 * @param idleConnections that wait meanwhile
 * @param slowClients beside it
 * @param timeout of an answer
 * @param protection of connections, at targets that have it; the others have them plain
 * @param http2Streams requests at a time on each connection, by HTTP/2; 0 for HTTP/1.1
 * @param origin what a proxy is to speak with the origin
 * @param idleUse what idle connections do
 */
public record LoadShape(
        LoadRequest request,
        int connections,
        double ratePerSecond,
        ConnectionUse use,
        int idleConnections,
        SlowClients slowClients,
        Duration timeout,
        Protection protection,
        int http2Streams,
        OriginProtocol origin,
        IdleUse idleUse) {
    /** What is spoken with the origin. */
    public enum OriginProtocol {
        HTTP_1,
        HTTP_2
    }

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Above so many connections, one address has no ports left for them. */
    private static final int PORTS_PER_ADDRESS = 20_000;

    /** A new connection per request: each port is in use for a minute afterwards. */
    private static final int ADDRESSES_FOR_CHURN = 64;

    /** So many latencies over time as a picture can show. */
    private static final int INTERVALS = 50;

    private static final Duration INTERVAL_MIN = Duration.ofMillis(10);

    /** The load of which everything is warmed up: 1 KiB, as fast as it is answered. */
    public static LoadShape usual(int connections) {
        return closed("/1k", 1024, connections);
    }

    /** The same by HTTP/2. */
    public static LoadShape usualHttp2() {
        return Http2Steps.usual();
    }

    /** This, protected as {@code other} is, and before an origin that is spoken to as there. */
    public LoadShape like(LoadShape other) {
        LoadShape same = with(other.protection);
        return other.origin == OriginProtocol.HTTP_2 ? same.toHttp2Origin() : same;
    }

    /** Kept connections that ask for {@code path}, as fast as they are answered. */
    static LoadShape closed(String path, long bytes, int connections) {
        return new LoadShape(
                LoadRequest.get(path, bytes),
                connections,
                0,
                ConnectionUse.KEEP_ALIVE,
                0,
                SlowClients.NONE,
                TIMEOUT,
                Protection.NONE,
                0,
                OriginProtocol.HTTP_1,
                IdleUse.REQUEST);
    }

    /** Kept connections that together ask for {@code path} so often. */
    static LoadShape open(String path, long bytes, int connections, double ratePerSecond) {
        return closed(path, bytes, connections).at(ratePerSecond);
    }

    LoadShape at(double rate) {
        return changed(draft -> draft.ratePerSecond = rate);
    }

    LoadShape withUse(ConnectionUse connectionUse) {
        return changed(draft -> draft.use = connectionUse);
    }

    LoadShape withIdle(int count) {
        return changed(draft -> draft.idleConnections = count);
    }

    LoadShape withSlow(SlowClients clients) {
        return changed(draft -> draft.slowClients = clients);
    }

    /** The same over connections that are protected so. */
    public LoadShape with(Protection kind) {
        return changed(draft -> draft.protection = kind);
    }

    /** The same by HTTP/2, with so many requests at a time on each connection. */
    LoadShape withHttp2(int streams) {
        return changed(draft -> draft.http2Streams = streams);
    }

    /** The same where a proxy speaks HTTP/2 with the origin. */
    public LoadShape toHttp2Origin() {
        return changed(draft -> draft.origin = OriginProtocol.HTTP_2);
    }

    /** The same with idle connections that are WebSockets. */
    LoadShape withWebSockets() {
        return changed(draft -> draft.idleUse = IdleUse.WEB_SOCKET);
    }

    private LoadShape changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.shape();
    }

    /** A shape that may still be changed. */
    private static final class Draft {
        private LoadRequest request;
        private int connections;
        private double ratePerSecond;
        private ConnectionUse use;
        private int idleConnections;
        private SlowClients slowClients;
        private Duration timeout;
        private Protection protection;
        private int http2Streams;
        private OriginProtocol origin;
        private IdleUse idleUse;

        Draft(LoadShape shape) {
            request = shape.request;
            connections = shape.connections;
            ratePerSecond = shape.ratePerSecond;
            use = shape.use;
            idleConnections = shape.idleConnections;
            slowClients = shape.slowClients;
            timeout = shape.timeout;
            protection = shape.protection;
            http2Streams = shape.http2Streams;
            origin = shape.origin;
            idleUse = shape.idleUse;
        }

        LoadShape shape() {
            return new LoadShape(
                    request,
                    connections,
                    ratePerSecond,
                    use,
                    idleConnections,
                    slowClients,
                    timeout,
                    protection,
                    http2Streams,
                    origin,
                    idleUse);
        }
    }

    /** What a target must be able to do. */
    public Set<Ability> needs() {
        Set<Ability> needs = EnumSet.noneOf(Ability.class);
        if (http2Streams > 0) needs.add(Ability.HTTP_2);
        if (origin == OriginProtocol.HTTP_2) needs.add(Ability.HTTP_2_ORIGIN);
        return needs;
    }

    /** All client connections at a time. */
    public int connectionsInAll() {
        return connections + idleConnections + slowClients.connections();
    }

    /** The load for a target on this machine. */
    public LoadPlan toPlan(Doors doors, Duration warmUp, Duration duration) {
        boolean isToHttp2 = origin == OriginProtocol.HTTP_2;
        Doors.Secure secure = isToHttp2 ? doors.toHttp2Origin() : doors.secure();
        String name = isToHttp2 ? Protection.HTTP2_ORIGIN_NAME : Protection.SERVER_NAME;
        if (secure != null && protection.isTls()) {
            return toPlan(secure.port(), warmUp, duration)
                    .withRequest(request.withHost(name))
                    .withTls(protection.toLoadTls(name, secure.certificate()));
        }
        return toPlan(http2Streams > 0 ? doors.http2Port() : doors.plainPort(), warmUp, duration);
    }

    private LoadPlan toPlan(int port, Duration warmUp, Duration duration) {
        Duration interval = duration.dividedBy(INTERVALS);
        return LoadPlan.closed(address(port), request, connections)
                .withRatePerSecond(ratePerSecond)
                .withConnectionUse(use)
                .withIdleConnections(idleConnections)
                .withSlowClients(slowClients)
                // Before the times: it is what keeps the number of intervals within bounds.
                .withInterval(interval.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : interval)
                .withTimes(warmUp, duration)
                .withTimeout(timeout)
                .withSourceAddresses(addresses())
                .withHttp2Streams(http2Streams)
                .withIdleUse(idleUse);
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private int addresses() {
        if (use == ConnectionUse.PER_REQUEST) return ADDRESSES_FOR_CHURN;
        return connectionsInAll() > PORTS_PER_ADDRESS ? connectionsInAll() / PORTS_PER_ADDRESS + 1 : 0;
    }
}
