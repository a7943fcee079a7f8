package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.RouteConfig.RouteMatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCoverageTest {
    @ParameterizedTest
    @CsvSource({
        // earlier host, earlier path, later host, later path, whether the later one is never reached
        "'', /a/**, '', /a, true",
        "'', /a/**, '', /a/b/c, true",
        "'', /a/**, '', /ab, false",
        "'', /a, '', /a/**, false",
        "'', /**, a.com, /x, true",
        "a.com, /**, '', /x, false",
        "*.a.com, /**, b.a.com, /x, true",
        "*.a.com, /**, c.b.a.com, /x, true",
        "*.a.com, /**, a.com, /x, false",
        "*.com, /**, *.a.com, /x, true",
        "*.a.com, /**, *.com, /x, false",
        "'', /a/*/c, '', /a/b/c, true",
        "'', /a/*/c, '', /a/*/c, true",
        "'', /a/*/c, '', /a/b/d, false",
        "'', /*/**, '', /a/b, true",
        "'', /*/**, '', /, false",
        "'', /a/, '', /a, false",
        "'', '', '', /a, true",
        "'', '', a.com, '', true",
        "a.com, '', '', '', false",
        "'', /**, '', '', false" // only the latter takes OPTIONS *
    })
    void findsTheRouteThatComesTooLate(
            String earlierHost, String earlierPath, String laterHost, String laterPath, boolean covered) {
        RouteCoverage coverage = new RouteCoverage();
        coverage.add(7, match(earlierHost, earlierPath));
        assertEquals(covered ? 7 : -1, coverage.coveredBy(match(laterHost, laterPath)));
    }

    static RouteMatch match(String host, String path) {
        return new RouteMatch(
                host.isEmpty() ? List.of() : List.of(new HostPattern(host)),
                path.isEmpty() ? List.of() : List.of(new PathPattern(path)));
    }
}
