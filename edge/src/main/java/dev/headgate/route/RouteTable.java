package dev.headgate.route;

import dev.headgate.config.RouteBranching;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.io.Chance;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first route, in list order, whose pattern takes a request.
 *
 * <p>Routes with the same host pattern form a bucket. A request asks at most one bucket for its exact host, one for
 * every domain above it, and the one of the routes without a host; the lowest order among their answers is the first
 * match, since a bucket that cannot beat the best answer so far is not asked at all.
 *
 * <p>What one request can cost is bounded by the patterns, not by their number: one pass over the host, no longer than
 * the longest host pattern, with one lookup per label; and {@link RouteBranching#VISITS_MAX} steps through path tries,
 * each of which reads one segment of the path and makes one lookup of at most {@link ByteMap#PROBES_MAX} slots.
 *
 * @param <T> what a route stands for
 */
@HotPath
@Immutable
public final class RouteTable<T> {
    static final int NO_BUCKET = -1;
    static final int HOST_OWNER = 0; // the host maps have a single owner

    private final List<T> targets; // by order
    private final ByteMap exactHosts; // to buckets; keys are hashed backwards
    private final ByteMap domains; // of wildcard hosts, without "*.", to buckets; keys are hashed backwards
    private final int exactHostLengthMax;
    private final int domainLengthMax;
    private final int anyHostBucket; // or NO_BUCKET
    private final Bucket[] buckets;
    private final PathTrie paths;

    /** Routes that share a host pattern; orders are {@link PathTrie#NO_ORDER} where there is no such route. */
    record Bucket(int anyPathOrder, int lowestOrder, int root) {}

    RouteTable(RouteTableBuilder.Compiled<T> compiled) {
        targets = List.copyOf(compiled.targets());
        exactHosts = compiled.exactHosts();
        domains = compiled.domains();
        exactHostLengthMax = compiled.exactHostLengthMax();
        domainLengthMax = compiled.domainLengthMax();
        anyHostBucket = compiled.anyHostBucket();
        buckets = compiled.buckets().toArray(new Bucket[0]);
        paths = compiled.paths();
    }

    /** Starts a table; routes are added in list order. {@code chance} seeds the hashes. */
    public static <T> RouteTableBuilder<T> builder(Chance chance) {
        return new RouteTableBuilder<>(chance);
    }

    /**
     * Finds the route of a request, whose bytes are lent for the call and read at absolute indexes only.
     *
     * @param hostOffset the host in lower case, without port and final dot; a length of 0 means that there is none
     * @param pathOffset the canonical path without query, which begins with a slash, or {@code *}
     * @return the target of the first route that matches, or null when none does
     */
    public @Nullable T match(ByteBuffer bytes, int hostOffset, int hostLength, int pathOffset, int pathLength) {
        int pathEnd = pathOffset + pathLength;
        int best = PathTrie.NO_ORDER;
        if (anyHostBucket != NO_BUCKET) {
            best = matchPath(anyHostBucket, bytes, pathOffset, pathEnd, best);
        }
        best = matchHosts(bytes, hostOffset, hostLength, pathOffset, pathEnd, best);
        return best == PathTrie.NO_ORDER ? null : targets.get(best);
    }

    /** The number of routes. */
    public int size() {
        return targets.size();
    }

    // Reads the host from its end, so that one running hash serves the domains from the shortest to the longest and at
    // last the host itself. Stops where no pattern is that long.
    private int matchHosts(
            ByteBuffer bytes, int hostOffset, int hostLength, int pathOffset, int pathEnd, int bestSoFar) {
        int best = bestSoFar;
        int hostEnd = hostOffset + hostLength;
        boolean mayBeExact = hostLength <= exactHostLengthMax;
        int longest = mayBeExact ? hostLength : Math.min(hostLength, domainLengthMax + 1);
        int stop = hostEnd - longest;
        long domainHash = domains.hashStart(HOST_OWNER);
        long exactHash = exactHosts.hashStart(HOST_OWNER);
        for (int at = hostEnd - 1; at >= stop; at--) {
            byte b = bytes.get(at);
            int domainLength = hostEnd - at - 1;
            if (b == '.' && at > hostOffset && domainLength <= domainLengthMax) {
                int bucket = domains.find(HOST_OWNER, domainHash, bytes, at + 1, domainLength);
                if (bucket != ByteMap.ABSENT) {
                    best = matchPath(bucket, bytes, pathOffset, pathEnd, best);
                }
            }
            domainHash = ByteHash.step(domainHash, b);
            exactHash = ByteHash.step(exactHash, b);
        }
        if (mayBeExact && hostLength > 0) {
            int bucket = exactHosts.find(HOST_OWNER, exactHash, bytes, hostOffset, hostLength);
            if (bucket != ByteMap.ABSENT) {
                best = matchPath(bucket, bytes, pathOffset, pathEnd, best);
            }
        }
        return best;
    }

    private int matchPath(int bucketIndex, ByteBuffer bytes, int pathOffset, int pathEnd, int best) {
        Bucket bucket = buckets[bucketIndex];
        if (bucket.lowestOrder >= best) {
            return best;
        }
        int found = Math.min(best, bucket.anyPathOrder);
        boolean isPath = pathOffset < pathEnd && bytes.get(pathOffset) == '/';
        return isPath ? paths.walk(bucket.root, bytes, pathOffset, pathEnd, found) : found;
    }
}
