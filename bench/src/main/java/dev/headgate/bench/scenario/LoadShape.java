package dev.headgate.bench.scenario;

import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.SlowClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

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
 */
public record LoadShape(
        LoadRequest request,
        int connections,
        double ratePerSecond,
        ConnectionUse use,
        int idleConnections,
        SlowClients slowClients,
        Duration timeout,
        Protection protection) {
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
                Protection.NONE);
    }

    /** Kept connections that together ask for {@code path} so often. */
    static LoadShape open(String path, long bytes, int connections, double ratePerSecond) {
        return closed(path, bytes, connections).at(ratePerSecond);
    }

    LoadShape at(double rate) {
        return new LoadShape(request, connections, rate, use, idleConnections, slowClients, timeout, protection);
    }

    LoadShape withUse(ConnectionUse connectionUse) {
        return new LoadShape(
                request, connections, ratePerSecond, connectionUse, idleConnections, slowClients, timeout, protection);
    }

    LoadShape withIdle(int count) {
        return new LoadShape(request, connections, ratePerSecond, use, count, slowClients, timeout, protection);
    }

    LoadShape withSlow(SlowClients clients) {
        return new LoadShape(request, connections, ratePerSecond, use, idleConnections, clients, timeout, protection);
    }

    LoadShape withTimeout(Duration limit) {
        return new LoadShape(request, connections, ratePerSecond, use, idleConnections, slowClients, limit, protection);
    }

    /** The same over connections that are protected so. */
    public LoadShape with(Protection kind) {
        return new LoadShape(request, connections, ratePerSecond, use, idleConnections, slowClients, timeout, kind);
    }

    /** All client connections at a time. */
    public int connectionsInAll() {
        return connections + idleConnections + slowClients.connections();
    }

    /** The load for a target on this machine. */
    public LoadPlan toPlan(Doors doors, Duration warmUp, Duration duration) {
        Doors.Secure secure = doors.secure();
        LoadPlan plan = toPlan(doors.plainPort(), warmUp, duration);
        if (secure == null || !protection.isTls()) return plan;
        return plan.withTarget(address(secure.port()))
                .withRequest(request.withHost(Protection.SERVER_NAME))
                .withTls(protection.toLoadTls(secure.certificate()));
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
                .withSourceAddresses(addresses());
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private int addresses() {
        if (use == ConnectionUse.PER_REQUEST) return ADDRESSES_FOR_CHURN;
        return connectionsInAll() > PORTS_PER_ADDRESS ? connectionsInAll() / PORTS_PER_ADDRESS + 1 : 0;
    }
}
