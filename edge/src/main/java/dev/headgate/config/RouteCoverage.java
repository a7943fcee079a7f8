package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the routes seen so far take, to find one that comes too late. It looks up the patterns that could cover a new one
 * instead of comparing each with each, so ten thousand routes are checked in no time. It may miss a route that several
 * earlier ones cover only together, but never accuses a reachable one.
 */
final class RouteCoverage {
    private static final String ANY_HOST = "*";

    /** In place of a path's pattern: also the target of {@code OPTIONS *}, which {@code /**} does not take. */
    private static final String ANY_PATH = "*";

    /** Patterns with wildcards have to be compared one by one; past this many of one host the rest is not looked at. */
    private static final int GLOBS_MAX = 256;

    private final Map<String, Map<String, Integer>> fixedByHost =
            new HashMap<>(); // host -> path pattern -> first route
    private final Map<String, List<Glob>> globsByHost = new HashMap<>();

    private record Glob(PathPattern pattern, int route) {}

    void add(int route, RouteMatch match) {
        for (String host : hostsOf(match)) {
            if (match.paths().isEmpty()) addFixed(host, ANY_PATH, route);
            for (PathPattern path : match.paths()) {
                add(host, path, route);
            }
        }
    }

    private void add(String host, PathPattern path, int route) {
        if (path.kind() == PathPattern.Kind.GLOB) {
            List<Glob> globs = globsByHost.computeIfAbsent(host, key -> new ArrayList<>());
            if (globs.size() < GLOBS_MAX) globs.add(new Glob(path, route));
        } else {
            addFixed(host, path.text(), route);
        }
    }

    private void addFixed(String host, String path, int route) {
        Map<String, Integer> fixed = fixedByHost.get(host);
        if (fixed == null) {
            fixed = new HashMap<>();
            fixedByHost.put(host, fixed);
        }
        fixed.putIfAbsent(path, route);
    }

    /** A route added before that takes everything {@code match} could, or -1. */
    int coveredBy(RouteMatch match) {
        int covering = -1;
        for (String host : hostsOf(match)) {
            if (match.paths().isEmpty()) covering = coverOfAnyPath(host);
            for (PathPattern path : match.paths()) {
                covering = coverOf(host, path);
                if (covering < 0) return -1;
            }
            if (covering < 0) return -1;
        }
        return covering;
    }

    private static List<String> hostsOf(RouteMatch match) {
        if (match.hosts().isEmpty()) return List.of(ANY_HOST);
        List<String> hosts = new ArrayList<>(match.hosts().size());
        for (HostPattern host : match.hosts()) hosts.add(host.text());
        return hosts;
    }

    private int coverOfAnyPath(String host) {
        for (String wider : hostsCovering(host)) {
            Integer route = fixedByHost.getOrDefault(wider, Map.of()).get(ANY_PATH);
            if (route != null) return route;
        }
        return -1;
    }

    private int coverOf(String host, PathPattern path) {
        for (String wider : hostsCovering(host)) {
            int route = coverOfPath(wider, path);
            if (route >= 0) return route;
        }
        return -1;
    }

    /** The host itself, the wildcards above it, and any host. */
    private static List<String> hostsCovering(String host) {
        List<String> hosts = new ArrayList<>();
        hosts.add(host);
        if (host.equals(ANY_HOST)) return hosts;
        int dot = host.indexOf('.', host.startsWith("*.") ? 2 : 0);
        while (dot >= 0) {
            hosts.add("*" + host.substring(dot));
            dot = host.indexOf('.', dot + 1);
        }
        hosts.add(ANY_HOST);
        return hosts;
    }

    private int coverOfPath(String host, PathPattern path) {
        Map<String, Integer> fixed = fixedByHost.getOrDefault(host, Map.of());
        for (String wider : pathsCovering(path)) {
            Integer route = fixed.get(wider);
            if (route != null) return route;
        }
        for (Glob glob : globsByHost.getOrDefault(host, List.of())) {
            if (covers(glob.pattern(), path)) return glob.route();
        }
        return -1;
    }

    /** The pattern itself, and the prefixes it lies below, as far as its first wildcard. */
    private static List<String> pathsCovering(PathPattern path) {
        List<String> patterns = new ArrayList<>();
        patterns.add(path.text());
        patterns.add("/**");
        patterns.add(ANY_PATH);
        StringBuilder prefix = new StringBuilder();
        for (String segment : path.segments()) {
            if (PathPattern.isWildcard(segment) || segment.isEmpty()) break;
            prefix.append('/').append(segment);
            patterns.add(prefix + "/**");
        }
        return patterns;
    }

    /** Whether every path that {@code narrow} takes is taken by {@code wide}. */
    static boolean covers(PathPattern wide, PathPattern narrow) {
        List<String> wideSegments = wide.segments();
        List<String> narrowSegments = narrow.segments();
        boolean longEnough = narrowSegments.size() >= wideSegments.size();
        boolean sameLength = narrowSegments.size() == wideSegments.size() && !narrow.isOpen();
        if (wide.isOpen() ? !longEnough : !sameLength) return false;
        for (int i = 0; i < wideSegments.size(); i++) {
            String segment = wideSegments.get(i);
            String other = narrowSegments.get(i);
            if (PathPattern.isWildcard(segment) ? other.isEmpty() : !segment.equals(other)) return false;
        }
        return true;
    }
}
