package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.RouteConfig.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RouteCoverageProperties {
    @Property
    void neverAccusesAReachableRoute(
            @ForAll("matches") RouteMatch earlier, @ForAll("matches") RouteMatch later, @ForAll("paths") String path) {
        RouteCoverage coverage = new RouteCoverage();
        coverage.add(0, earlier);
        if (coverage.coveredBy(later) < 0) return;
        for (String host : List.of("a.com", "b.a.com", "c.b.a.com", "x.org")) {
            if (takes(later, host, path)) assertTrue(takes(earlier, host, path), () -> host + path);
        }
    }

    private static boolean takes(RouteMatch match, String host, String path) {
        return (match.hosts().isEmpty() || match.hosts().stream().anyMatch(each -> each.matches(host)))
                && (match.paths().isEmpty() || match.paths().stream().anyMatch(each -> each.matches(path)));
    }

    @Provide
    Arbitrary<RouteMatch> matches() {
        Arbitrary<String> hosts = Arbitraries.of("", "a.com", "*.a.com", "b.a.com", "*.b.a.com", "*.com");
        Arbitrary<String> patterns = segments("a", "b", "*").map(list -> "/" + String.join("/", list));
        Arbitrary<String> open = segments("a", "b", "*").map(list -> "/" + String.join("/", list) + "/**");
        return hosts.flatMap(host -> Arbitraries.oneOf(patterns, open, Arbitraries.of("/", "/**", "/a/"))
                .map(path -> RouteCoverageTest.match(host, path)));
    }

    @Provide
    Arbitrary<String> paths() {
        return segments("a", "b", "c").map(list -> "/" + String.join("/", list));
    }

    private static Arbitrary<List<String>> segments(String... words) {
        return Arbitraries.of(words).list().ofMinSize(1).ofMaxSize(3).map(ArrayList::new);
    }
}
