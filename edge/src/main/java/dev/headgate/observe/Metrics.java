package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopCounters;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All counters of one proxy, by the names of the configuration. The graph takes each node's metrics once, when it is built;
 * a node that keeps its name keeps its counts.
 */
@AnyThread
public final class Metrics {
    /** The identity of an endpoint: two upstreams may share an address. */
    public record EndpointName(String upstream, String endpoint) implements Comparable<EndpointName> {
        // The methods that a record would get are made by the JVM at run time, and would delay the start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof EndpointName name
                    && upstream.equals(name.upstream)
                    && endpoint.equals(name.endpoint);
        }

        @Override
        public int hashCode() {
            return 31 * upstream.hashCode() + endpoint.hashCode();
        }

        @Override
        public int compareTo(EndpointName other) {
            int order = upstream.compareTo(other.upstream);
            return order != 0 ? order : endpoint.compareTo(other.endpoint);
        }
    }

    /** @param users how many endpoints count in it: one that has left may still do so when it has come back as a new one */
    private record EndpointRow(EndpointMetrics metrics, int users) {}

    private final int loopCount;
    private final int causeCount;
    private final int violationCount;
    private final int http2ViolationCount;
    private final Map<String, ListenerMetrics> listeners = new ConcurrentHashMap<>();
    private final Map<String, RouteMetrics> routes = new ConcurrentHashMap<>();
    private final Map<String, UpstreamMetrics> upstreams = new ConcurrentHashMap<>();
    private final Map<EndpointName, EndpointRow> endpoints = new ConcurrentHashMap<>();
    private final DnsMetrics dns = new DnsMetrics();

    /** @param causeCount causes have ordinals from 0 to this − 1 */
    public Metrics(int loopCount, int causeCount, int violationCount, int http2ViolationCount) {
        this.loopCount = loopCount;
        this.causeCount = causeCount;
        this.violationCount = violationCount;
        this.http2ViolationCount = http2ViolationCount;
    }

    public ListenerMetrics listener(String name) {
        return listeners.computeIfAbsent(
                name, key -> new ListenerMetrics(loopCount, causeCount, violationCount, http2ViolationCount));
    }

    public RouteMetrics route(String name) {
        return routes.computeIfAbsent(name, key -> new RouteMetrics(loopCount, causeCount));
    }

    public UpstreamMetrics upstream(String name) {
        return upstreams.computeIfAbsent(name, key -> new UpstreamMetrics(loopCount, causeCount, http2ViolationCount));
    }

    /** The row of an endpoint, from now on part of snapshots, until as many calls of {@link #dropEndpoint} have followed. */
    public EndpointMetrics endpoint(String upstream, String endpoint) {
        EndpointRow row = endpoints.compute(
                new EndpointName(upstream, endpoint),
                (_, known) -> known == null
                        ? new EndpointRow(new EndpointMetrics(loopCount), 1)
                        : new EndpointRow(known.metrics, known.users + 1));
        return row.metrics;
    }

    /** An endpoint is gone, and counts no more. */
    public void dropEndpoint(String upstream, String endpoint) {
        endpoints.computeIfPresent(
                new EndpointName(upstream, endpoint),
                (_, known) -> known.users == 1 ? null : new EndpointRow(known.metrics, known.users - 1));
    }

    public DnsMetrics dns() {
        return dns;
    }

    /**
     * Sums all loops' counters. Counters that belong together may be a few events apart.
     *
     * @param loops what the engine's loops have counted, by index
     */
    public MetricsSnapshot snapshot(List<LoopCounters> loops) {
        return new MetricsSnapshot(
                loops.stream().map(MetricsSnapshot.Loop::of).toList(),
                all(listeners, ListenerMetrics::snapshot),
                all(routes, RouteMetrics::snapshot),
                all(upstreams, UpstreamMetrics::snapshot),
                all(endpoints, row -> row.metrics.snapshot()),
                dns.snapshot());
    }

    private static <K extends Comparable<K>, M, S> Map<K, S> all(Map<K, M> metrics, Function<M, S> snapshot) {
        Map<K, S> snapshots = new TreeMap<>();
        metrics.forEach((name, each) -> snapshots.put(name, snapshot.apply(each)));
        return snapshots;
    }
}
