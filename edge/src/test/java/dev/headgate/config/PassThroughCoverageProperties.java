package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PassThroughCoverageProperties {
    private static final List<String> NAMES = List.of("", "a.com", "b.a.com", "c.b.a.com", "x.org");
    private static final List<List<String>> OFFERS =
            List.of(List.of(), List.of("h2"), List.of("x"), List.of("h2", "x"));

    @Property
    void neverAccusesARuleThatTakesSomething(
            @ForAll("rules") List<PassThrough> earlier, @ForAll("rule") PassThrough later) {
        PassThroughCoverage coverage = new PassThroughCoverage();
        for (int i = 0; i < earlier.size(); i++) coverage.add(i, earlier.get(i));
        if (coverage.coveredBy(later) < 0) return;
        for (String name : NAMES) {
            for (List<String> offer : OFFERS) {
                if (!takes(later, name, offer)) continue;
                assertTrue(earlier.stream().anyMatch(each -> takes(each, name, offer)), () -> name + " " + offer);
            }
        }
    }

    @Example
    void findsWhatOneRuleCovers() {
        PassThroughCoverage coverage = new PassThroughCoverage();
        coverage.add(0, rule(List.of("*.a.com"), List.of()));
        coverage.add(1, rule(List.of(), List.of("h2", "x")));
        assertEquals(0, coverage.coveredBy(rule(List.of("c.b.a.com"), List.of("y"))));
        assertEquals(0, coverage.coveredBy(rule(List.of("*.b.a.com"), List.of())));
        assertEquals(-1, coverage.coveredBy(rule(List.of("a.com"), List.of())));
        assertEquals(1, coverage.coveredBy(rule(List.of("a.com"), List.of("x"))));
        assertEquals(-1, coverage.coveredBy(rule(List.of("a.com"), List.of("x", "y"))));
        assertEquals(-1, coverage.coveredBy(rule(List.of(), List.of())));
        assertEquals(1, coverage.coveredBy(rule(List.of(), List.of("h2"))));
    }

    private static PassThrough rule(List<String> names, List<String> alpn) {
        return new PassThrough(names.stream().map(HostPattern::new).toList(), alpn, "app");
    }

    private static boolean takes(PassThrough rule, String name, List<String> offer) {
        return (rule.serverNames().isEmpty()
                        || !name.isEmpty() && rule.serverNames().stream().anyMatch(each -> each.matches(name)))
                && (rule.alpn().isEmpty() || rule.alpn().stream().anyMatch(offer::contains));
    }

    @Provide
    Arbitrary<List<PassThrough>> rules() {
        return rule().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<PassThrough> rule() {
        Arbitrary<List<String>> names = Arbitraries.of("a.com", "*.a.com", "b.a.com", "*.b.a.com", "*.com")
                .list()
                .uniqueElements()
                .ofMaxSize(2);
        Arbitrary<List<String>> protocols =
                Arbitraries.of("h2", "x").list().uniqueElements().ofMaxSize(2);
        return Combinators.combine(names, protocols).as(PassThroughCoverageProperties::rule);
    }
}
