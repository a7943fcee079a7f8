package dev.headgate.testkit.sim;

import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names and their addresses, which a run may change. */
final class SimNames implements NameResolver {
    private final SimIo io;
    private final SimChance chance;
    private final Map<String, List<InetAddress>> addresses = new TreeMap<>();

    SimNames(SimIo io) {
        this.io = io;
        this.chance = io.simulator().chance().fork();
    }

    void put(String host, List<InetAddress> answer) {
        addresses.put(host, List.copyOf(answer));
    }

    @Override
    public boolean resolve(String host, WorkPool pool, Answer answer) {
        ((SimWorkPool) pool).durations(this::durationNs);
        return pool.submit(() -> lookUp(host, answer));
    }

    /** How long the next look-up takes. */
    long durationNs() {
        return chance.oneIn(io.faults().dnsSlowOneIn())
                ? chance.between(0L, 10_000_000_000L)
                : chance.between(100_000L, 20_000_000L);
    }

    /** The addresses of {@code host}; none where there is no such name. */
    List<InetAddress> find(String host) {
        return addresses.getOrDefault(host, List.of());
    }

    private void lookUp(String host, Answer answer) {
        List<InetAddress> found = find(host);
        if (found.isEmpty() || chance.oneIn(io.faults().dnsFailsOneIn())) {
            io.simulator().trace("dns-failed", 0, 0, host);
            answer.onFailed(new UnknownHostException(host));
        } else {
            io.simulator().trace("dns", 0, found.size(), host);
            answer.onResolved(found);
        }
    }
}
