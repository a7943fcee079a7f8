package dev.headgate.route;

import dev.headgate.engine.io.Chance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects routes in list order and compiles them. Owned by its caller; used once.
 *
 * @param <T> what a route stands for
 */
public final class RouteTableBuilder<T> {
    /** Everything a table is made of. */
    record Compiled<T>(
            List<T> targets,
            ByteMap exactHosts,
            ByteMap domains,
            int exactHostLengthMax,
            int domainLengthMax,
            int anyHostBucket,
            List<RouteTable.Bucket> buckets,
            PathTrie paths,
            int visitsMax) {}

    /** The routes of one host pattern while they are collected. */
    private static final class BucketDraft {
        final int index;
        final int root;
        final int lowestOrder; // of the route that opened it: orders only grow
        int anyPathOrder = PathTrie.NO_ORDER;

        BucketDraft(int index, int root, int lowestOrder) {
            this.index = index;
            this.root = root;
            this.lowestOrder = lowestOrder;
        }
    }

    private final Chance chance;
    private final List<T> targets = new ArrayList<>();
    private final Map<HostPattern, BucketDraft> buckets = new HashMap<>();
    private final PathTrieBuilder tries = new PathTrieBuilder();

    RouteTableBuilder(Chance chance) {
        this.chance = chance;
    }

    /** Adds a route behind all that were added before. */
    public RouteTableBuilder<T> add(RoutePattern pattern, T target) {
        return add(List.of(pattern.host()), List.of(pattern.path()), target);
    }

    /** Adds a route that takes a request when one of the hosts and one of the paths do; an empty list stands for any. */
    public RouteTableBuilder<T> add(List<HostPattern> hosts, List<PathPattern> paths, T target) {
        int order = targets.size();
        targets.add(target);
        for (HostPattern host : hosts.isEmpty() ? List.of(HostPattern.ANY) : hosts) {
            for (PathPattern path : paths.isEmpty() ? List.of(PathPattern.ANY) : paths) {
                add(host, path, order);
            }
        }
        return this;
    }

    private void add(HostPattern host, PathPattern path, int order) {
        BucketDraft bucket =
                buckets.computeIfAbsent(host, _ -> new BucketDraft(buckets.size(), tries.addRoot(), order));
        if (path.ending() == PathPattern.Ending.ANYTHING) {
            bucket.anyPathOrder = Math.min(bucket.anyPathOrder, order);
        } else {
            tries.add(bucket.root, path, order);
        }
    }

    /** What keeps {@link #build} from succeeding, as a sentence for an operator, or null when nothing does. */
    public @Nullable String error() {
        return visitsError(visitsMax());
    }

    private static @Nullable String visitsError(int visitsMax) {
        return visitsMax <= RouteTable.VISITS_LIMIT
                ? null
                : "path patterns branch too often between * and fixed segments: one request could look at " + visitsMax
                        + " segments, limit=" + RouteTable.VISITS_LIMIT;
    }

    /** Compiles the routes. Throws {@link IllegalArgumentException} with {@link #error} when there is one. */
    public RouteTable<T> build() {
        int visitsMax = visitsMax();
        String error = visitsError(visitsMax);
        if (error != null) {
            throw new IllegalArgumentException(error);
        }
        BucketDraft anyHost = buckets.get(HostPattern.ANY);
        return new RouteTable<>(new Compiled<>(
                targets,
                hostMap(HostPattern.Kind.EXACT),
                hostMap(HostPattern.Kind.BELOW),
                nameLengthMax(HostPattern.Kind.EXACT),
                nameLengthMax(HostPattern.Kind.BELOW),
                anyHost == null ? RouteTable.NO_BUCKET : anyHost.index,
                bucketList(),
                tries.build(chance),
                visitsMax));
    }

    // The sum over the buckets that one request can ask: that of its exact host, those of the domains above it, and
    // that
    // of the routes without a host. A bucket's own host pattern stands for every request that asks it.
    private int visitsMax() {
        Map<HostPattern, Integer> visits = new HashMap<>();
        buckets.forEach((host, bucket) -> visits.put(host, tries.visitsMax(bucket.root)));
        int anyHost = visits.getOrDefault(HostPattern.ANY, 0);
        int most = anyHost;
        for (Map.Entry<HostPattern, Integer> entry : visits.entrySet()) {
            HostPattern host = entry.getKey();
            if (host.kind() != HostPattern.Kind.ANY) {
                int named = saturatedSum(entry.getValue(), visitsOfDomainsAbove(host.name(), visits));
                most = Math.max(most, saturatedSum(anyHost, named));
            }
        }
        return most;
    }

    private static int visitsOfDomainsAbove(String name, Map<HostPattern, Integer> visits) {
        int sum = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            HostPattern domain = new HostPattern(HostPattern.Kind.BELOW, name.substring(dot + 1));
            sum = saturatedSum(sum, visits.getOrDefault(domain, 0));
        }
        return sum;
    }

    private static int saturatedSum(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }

    private ByteMap hostMap(HostPattern.Kind kind) {
        List<ByteMap.Entry> entries = new ArrayList<>();
        buckets.forEach((host, bucket) -> {
            if (host.kind() == kind) {
                entries.add(new ByteMap.Entry(RouteTable.HOST_OWNER, host.name(), bucket.index));
            }
        });
        return ByteMap.build(entries, ByteMap.Direction.BACKWARD, chance);
    }

    private int nameLengthMax(HostPattern.Kind kind) {
        return buckets.keySet().stream()
                .filter(host -> host.kind() == kind)
                .mapToInt(host -> host.name().length())
                .max()
                .orElse(0);
    }

    private List<RouteTable.Bucket> bucketList() {
        return buckets.values().stream()
                .sorted(Comparator.comparingInt(draft -> draft.index))
                .map(draft -> new RouteTable.Bucket(draft.anyPathOrder, draft.lowestOrder, draft.root))
                .toList();
    }
}
