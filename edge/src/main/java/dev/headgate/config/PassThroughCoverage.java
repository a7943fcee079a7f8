package dev.headgate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rules seen so far pass through, to find one that comes too late. Names are looked up instead of compared, so that many rules are
 * checked in no time. It may miss a rule that several earlier ones cover only together for one name, but never accuses a reachable one.
 */
final class PassThroughCoverage {
    private static final String ANY_NAME = "*";

    /** Rules with one name differ by protocols; past this many the rest is not looked at. */
    private static final int RULES_PER_NAME_MAX = 64;

    private final Map<String, List<Earlier>> byName = new HashMap<>();

    private record Earlier(int rule, Set<String> alpn) {}

    void add(int index, PassThrough rule) {
        Earlier added = new Earlier(index, Set.copyOf(rule.alpn()));
        for (String name : namesOf(rule)) {
            List<Earlier> same = byName.computeIfAbsent(name, key -> new ArrayList<>(1));
            if (same.size() < RULES_PER_NAME_MAX) same.add(added);
        }
    }

    /** A rule added before that takes the last of what {@code rule} could, of which nothing is left; or -1. */
    int coveredBy(PassThrough rule) {
        int covering = -1;
        for (String name : namesOf(rule)) {
            covering = coverOf(name, rule.alpn());
            if (covering < 0) return -1;
        }
        return covering;
    }

    private static List<String> namesOf(PassThrough rule) {
        if (rule.serverNames().isEmpty()) return List.of(ANY_NAME);
        return rule.serverNames().stream().map(HostPattern::text).toList();
    }

    private int coverOf(String name, List<String> alpn) {
        int covering = coverAt(name, alpn);
        if (covering >= 0 || name.equals(ANY_NAME)) return covering;
        int dot = name.indexOf('.', name.startsWith("*.") ? 2 : 0);
        while (dot >= 0 && covering < 0) {
            covering = coverAt("*" + name.substring(dot), alpn);
            dot = name.indexOf('.', dot + 1);
        }
        return covering >= 0 ? covering : coverAt(ANY_NAME, alpn);
    }

    private int coverAt(String name, List<String> alpn) {
        for (Earlier earlier : byName.getOrDefault(name, List.of())) {
            boolean isAny = earlier.alpn().isEmpty();
            if (isAny || !alpn.isEmpty() && earlier.alpn().containsAll(alpn)) return earlier.rule();
        }
        return -1;
    }
}
