package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds what finding the route of one request can cost. A request asks the patterns of its exact host, of every domain
 * above it that has a wildcard, and those of the routes without a host. From each place in a tree of paths it goes on to
 * one literal child at most, and to the wildcard child: so the number of routes does not count, only wildcards beside
 * literals, level above level, do.
 */
public final class RouteBranching {
    /**
     * The most places in trees of paths that one request may be led to. Wildcard segments beside literal ones, eight
     * levels deep in every combination, come to 511; tables written by hand stay below 50.
     */
    public static final int VISITS_MAX = 512;

    private static final String ANY_HOST = "*";

    private final Map<String, Tree> treesByHost = new HashMap<>(); // by the text of the host pattern

    private static final class Tree {
        final Map<String, Tree> children = new HashMap<>(); // by segment, "*" among them

        void add(PathPattern path) {
            Tree tree = this;
            for (String segment : path.segments()) {
                tree = tree.children.computeIfAbsent(segment, _ -> new Tree());
            }
        }

        // No more than there are nodes, so the sum does not overflow.
        int visitsMax() {
            int literalMax = 0;
            int wildcardMax = 0;
            for (Map.Entry<String, Tree> child : children.entrySet()) {
                int visits = child.getValue().visitsMax();
                if (PathPattern.isWildcard(child.getKey())) {
                    wildcardMax = visits;
                } else {
                    literalMax = Math.max(literalMax, visits);
                }
            }
            return 1 + literalMax + wildcardMax;
        }
    }

    /** Knows no route yet. */
    public RouteBranching() {}

    /** Adds what a route takes. */
    public void add(RouteMatch match) {
        if (match.hosts().isEmpty()) add(ANY_HOST, match.paths());
        for (HostPattern host : match.hosts()) add(host.text(), match.paths());
    }

    private void add(String host, List<PathPattern> paths) {
        Tree tree = treesByHost.get(host);
        if (tree == null) {
            tree = new Tree();
            treesByHost.put(host, tree);
        }
        for (PathPattern path : paths) tree.add(path);
    }

    /** The most places that one request can be led to, over all requests; a table that has more than the bound is refused. */
    public int visitsMax() {
        Map<String, Integer> visits = new HashMap<>();
        for (Map.Entry<String, Tree> entry : treesByHost.entrySet()) {
            visits.put(entry.getKey(), entry.getValue().visitsMax());
        }
        int anyHost = visits.getOrDefault(ANY_HOST, 0);
        int most = anyHost;
        for (Map.Entry<String, Integer> entry : visits.entrySet()) {
            if (entry.getKey().equals(ANY_HOST)) continue;
            most = Math.max(most, anyHost + entry.getValue() + visitsOfDomainsAbove(entry.getKey(), visits));
        }
        return most;
    }

    /** A pattern stands for every request that asks it; the domains above {@code *.a.b} are those above {@code a.b}. */
    private static int visitsOfDomainsAbove(String host, Map<String, Integer> visits) {
        int sum = 0;
        int first = host.startsWith("*.") ? 2 : 0;
        for (int dot = host.indexOf('.', first); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            sum += visits.getOrDefault("*" + host.substring(dot), 0);
        }
        return sum;
    }
}
