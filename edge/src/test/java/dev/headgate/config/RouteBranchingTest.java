package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteBranchingTest {
    @Test
    void countsThePlacesThatOneRequestCanReach() {
        assertEquals(0, visitsOf());
        assertEquals(1, visitsOf(" "));
        assertEquals(2, visitsOf(" /a", " /b", " /c"));
        assertEquals(3, visitsOf(" /a", " /*"));
        assertEquals(6, visitsOf(" /a", "*.c /a", "b.c /a", "x.y /a/b/c"));
        assertEquals(5, visitsOf("*.c /a/b", "*.b.c /a"));
    }

    @Test
    void countsTheSameForTenRoutesAndTenThousand() {
        assertEquals(visitsOf(hosts(10)), visitsOf(hosts(10_000)));
    }

    private static String[] hosts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "h" + i + ".example.com /api/v" + i + "/**")
                .toArray(String[]::new);
    }

    private static int visitsOf(String... routes) {
        RouteBranching branching = new RouteBranching();
        for (String route : routes) {
            String[] parts = route.split(" ", -1);
            branching.add(RouteCoverageTest.match(parts[0], parts[1]));
        }
        return branching.visitsMax();
    }

    /** Routes for the combinations come to 511, each further label of a host with a wildcard adds one. */
    @ParameterizedTest
    @CsvSource({"7, 0, true", "8, 0, true", "8, 1, true", "8, 2, false", "9, 0, false"})
    void isCheckedWithTheConfiguration(int levels, int hosts, boolean taken) {
        StringBuilder text =
                new StringBuilder("version: 1\nlisteners: [{name: w, address: \"127.0.0.1:0\"}]\nroutes:\n");
        for (String host : List.of("h", "*.h").subList(0, hosts)) {
            route(text, host.equals("h") ? "host: g.h" : "host: \"*.h\"");
        }
        for (int bits = 0; bits < 1 << levels; bits++) {
            StringBuilder path = new StringBuilder();
            for (int level = 0; level < levels; level++) {
                path.append((bits >> level & 1) == 0 ? "/a" : "/*");
            }
            route(text, "path: \"" + path + "\"");
        }
        ConfigResult result = Configs.parse(text.toString());
        assertEquals(taken, result.config().isPresent(), result::render);
        assertTrue(taken || result.render().contains("branch too often"), result::render);
    }

    private static void route(StringBuilder text, String match) {
        text.append("  - {match: {").append(match).append("}, respond: {status: 204}}\n");
    }
}
