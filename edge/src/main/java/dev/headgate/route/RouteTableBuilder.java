package dev.headgate.route;

import dev.headgate.config.HostPattern;
import dev.headgate.config.PathPattern;
import dev.headgate.config.RouteBranching;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.engine.io.Chance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects routes in list order and compiles them. Owned by its caller; used once.
 *
 * @param <T> what a route stands for
 */
public final class RouteTableBuilder<T> {
    private static final String ANY_HOST = ""; // beside the texts of host patterns, none of which is empty

    /** Everything a table is made of. */
    record Compiled<T>(
            List<T> targets,
            ByteMap exactHosts,
            ByteMap domains,
            int exactHostLengthMax,
            int domainLengthMax,
            int anyHostBucket,
            List<RouteTable.Bucket> buckets,
            PathTrie paths) {}

    /** Names to buckets: those that are taken themselves, or those below which names are taken. */
    private static final class HostNames {
        final List<ByteMap.Entry> entries = new ArrayList<>();
        int lengthMax;

        void add(String name, int bucket) {
            entries.add(new ByteMap.Entry(RouteTable.HOST_OWNER, name, bucket));
            lengthMax = Math.max(lengthMax, name.length());
        }
    }

    /** The routes of one host pattern while they are collected. */
    private static final class BucketDraft {
        final int root;
        final int lowestOrder; // of the route that opened it: orders only grow
        int anyPathOrder = PathTrie.NO_ORDER;

        BucketDraft(int root, int lowestOrder) {
            this.root = root;
            this.lowestOrder = lowestOrder;
        }
    }

    private final Chance chance;
    private final List<T> targets = new ArrayList<>();
    private final Map<String, Integer> bucketByHost = new HashMap<>(); // by the text of the host pattern
    private final List<BucketDraft> buckets = new ArrayList<>();
    private final HostNames exactHosts = new HostNames();
    private final HostNames domains = new HostNames();
    private final PathTrieBuilder tries = new PathTrieBuilder();
    private final RouteBranching branching = new RouteBranching();

    RouteTableBuilder(Chance chance) {
        this.chance = chance;
    }

    /** Adds a route behind all that were added before. */
    public RouteTableBuilder<T> add(RouteMatch match, T target) {
        int order = targets.size();
        targets.add(target);
        branching.add(match);
        if (match.hosts().isEmpty()) {
            addPaths(bucketOf(ANY_HOST, order), match.paths(), order);
        }
        for (HostPattern host : match.hosts()) {
            addPaths(bucketOf(host, order), match.paths(), order);
        }
        return this;
    }

    private int bucketOf(HostPattern host, int order) {
        int known = buckets.size();
        int bucket = bucketOf(host.text(), order);
        if (bucket == known) {
            (host.isWildcard() ? domains : exactHosts).add(host.name(), bucket);
        }
        return bucket;
    }

    private int bucketOf(String host, int order) {
        Integer known = bucketByHost.putIfAbsent(host, buckets.size());
        if (known != null) {
            return known;
        }
        buckets.add(new BucketDraft(tries.addRoot(), order));
        return buckets.size() - 1;
    }

    private void addPaths(int bucketIndex, List<PathPattern> paths, int order) {
        BucketDraft bucket = buckets.get(bucketIndex);
        if (paths.isEmpty()) {
            bucket.anyPathOrder = Math.min(bucket.anyPathOrder, order);
        }
        for (PathPattern path : paths) {
            tries.add(bucket.root, path, order);
        }
    }

    /** Compiles the routes. Throws {@link IllegalArgumentException} when they branch more often than is allowed. */
    public RouteTable<T> build() {
        int visitsMax = branching.visitsMax();
        if (visitsMax > RouteBranching.VISITS_MAX) {
            throw new IllegalArgumentException(
                    "path patterns branch too often: visits=" + visitsMax + ", limit=" + RouteBranching.VISITS_MAX);
        }
        return new RouteTable<>(new Compiled<>(
                targets,
                ByteMap.build(exactHosts.entries, ByteMap.Direction.BACKWARD, chance),
                ByteMap.build(domains.entries, ByteMap.Direction.BACKWARD, chance),
                exactHosts.lengthMax,
                domains.lengthMax,
                bucketByHost.getOrDefault(ANY_HOST, RouteTable.NO_BUCKET),
                compiledBuckets(),
                tries.build(chance)));
    }

    private List<RouteTable.Bucket> compiledBuckets() {
        List<RouteTable.Bucket> compiled = new ArrayList<>(buckets.size());
        for (BucketDraft draft : buckets) {
            compiled.add(new RouteTable.Bucket(draft.anyPathOrder, draft.lowestOrder, draft.root));
        }
        return compiled;
    }
}
