package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import dev.headgate.config.HostPattern;
import dev.headgate.config.PathPattern;
import dev.headgate.config.RouteConfig.RouteMatch;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final int WARM_UPS = 20_000;
    private static final int CALLS = 100_000;

    @ParameterizedTest
    @CsvSource({
        // pattern, path, taken?
        "/, /, true",
        "/, /a, false",
        "/a, /a, true",
        "/a, /a/, false",
        "/a, /, false",
        "/a, /ab, false",
        "/a/, /a/, true",
        "/a/, /a, false",
        "/**, /, true",
        "/**, /a/b, true",
        "/**, *, false",
        "/a/**, /a, true",
        "/a/**, /a/, true",
        "/a/**, /a/b/c, true",
        "/a/**, /ab, false",
        "/a/**, /, false",
        "/*, /a, true",
        "/*, /, false",
        "/*, /a/, false",
        "/*/, /a/, true",
        "/*/**, /a, true",
        "/*/**, /, false",
        "/a/*/b, /a/x/b, true",
        "/a/*/b, /a/b, false",
        "/a/*/b, /a//b, false",
        "/a/*/b, /a/x/y/b, false",
        "/a/*/c/**, /a/x/c, true",
        "/a/*/c/**, /a/x/c/d, true",
        "/a/*/c/**, /a/x/d, false",
        "/a/b/c, /a/b, false"
    })
    void comparesPathsBySegment(String pattern, String path, boolean taken) {
        RouteTable<String> table = tableOf(List.of("any " + pattern));

        assertEquals(taken ? "any " + pattern : null, new Request("h", path).matchIn(table));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "example.com, a.example.com, false",
        "example.com, xample.com, false",
        "example.com, eexample.com, false",
        "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, .example.com, false",
        "*.example.com, aexample.com, false",
        "*.example.com, a.example.com.evil, false",
        "*.com, a.example.com, true",
        "'[::1]', '[::1]', true",
        "'[::1]', '[::2]', false",
        "any, '', true",
        "a, '', false",
        "any, whatever, true"
    })
    void comparesHosts(String pattern, String host, boolean taken) {
        RouteTable<String> table = tableOf(List.of(pattern + " /**"));

        assertEquals(taken ? pattern + " /**" : null, new Request(host, "/x").matchIn(table));
    }

    @ParameterizedTest
    @CsvSource({
        // routes in order, host, path, which one
        "'*.a.com /**;x.a.com /**', x.a.com, /, 0",
        "'x.a.com /**;*.a.com /**', x.a.com, /, 0",
        "'x.a.com /1;*.a.com /**', x.a.com, /2, 1",
        "'any /p/**;x.a.com /**', x.a.com, /p/q, 0",
        "'any /p/**;x.a.com /**', x.a.com, /q, 1",
        "'*.com /**;*.a.com /**', x.a.com, /, 0",
        "'*.a.com /1;*.com /**', x.a.com, /2, 1",
        "'any /a/*;any /a/b', h, /a/b, 0",
        "'any /a/b;any /a/*', h, /a/b, 0",
        "'any /a/b;any /a/*', h, /a/c, 1",
        "'any /*/b/**;any /a/**', h, /a/b/c, 0",
        "'any /a/*/c;any /*/b/d', h, /a/b/d, 1",
        "'any /a;any /a', h, /a, 0",
        "'any /a/**;any /a', h, /a, 0",
        "'any any;any /a', h, /a, 0",
        "'any /a;any any', h, *, 1",
        "'h any;any /**', h, *, 0"
    })
    void takesTheFirstInTheList(String routes, String host, String path, int expected) {
        List<String> list = List.of(routes.split(";"));

        assertEquals(list.get(expected), new Request(host, path).matchIn(tableOf(list)));
    }

    @Test
    void takesNothingWhenEmpty() {
        assertNull(new Request("h", "/").matchIn(tableOf(List.of())));
    }

    @Test
    void takesSeveralHostsAndPathsAsOneRoute() {
        RouteTable<String> table = RouteTable.<String>builder(new SeededChance(1))
                .add(
                        new RouteMatch(
                                List.of(new HostPattern("a"), new HostPattern("b")),
                                List.of(new PathPattern("/1"), new PathPattern("/2"))),
                        "first")
                .add(patternOf("any any"), "second")
                .build();

        assertEquals(2, table.size());
        for (String host : List.of("a", "b")) {
            assertEquals("first", new Request(host, "/1").matchIn(table));
            assertEquals("first", new Request(host, "/2").matchIn(table));
            assertEquals("second", new Request(host, "/3").matchIn(table));
        }
        assertEquals("second", new Request("c", "/1").matchIn(table));
    }

    @Test
    void findsEachOfTenThousand() {
        RouteTable<Integer> many = manyRoutes(10_000);

        for (int i = 0; i < 10_000; i++) {
            assertEquals(i, new Request("h" + i + ".example.com", "/api/v" + i + "/x/y").matchIn(many));
        }
        assertNull(new Request("h10000.example.com", "/api/v10000/x").matchIn(many));
    }

    @Test
    void refusesPatternsThatBranchWithoutBound() {
        assertEquals(256, combinations(8).build().size());
        assertThrows(IllegalArgumentException.class, () -> combinations(9).build());
    }

    @Test
    void walksTheDeepestPatterns() {
        String deepest = "/a".repeat(64);
        RouteTable<String> table = tableOf(List.of("any " + deepest, "any " + deepest + "/**"));

        assertEquals("any " + deepest, new Request("h", deepest).matchIn(table));
        assertEquals("any " + deepest + "/**", new Request("h", deepest.repeat(60)).matchIn(table));
        assertNull(new Request("h", "/a".repeat(63)).matchIn(table));
    }

    @Test
    void readsNoMoreOfALongHostThanItNeeds() {
        RouteTable<String> table = tableOf(List.of("*.example.com /**", "example.com /**"));

        assertEquals("*.example.com /**", new Request("a.".repeat(4_000) + "example.com", "/").matchIn(table));
        assertNull(new Request("a.".repeat(4_000) + "example.org", "/").matchIn(table));
    }

    @Test
    void allocatesNothing() {
        RouteTable<Integer> table = manyRoutes(1_000);
        Request hit = new Request("h7.example.com", "/api/v7/x/y");
        Request miss = new Request("a.b.c.example.org", "/nothing/here");
        ByteBuffer hitBytes = hit.bytes();
        ByteBuffer missBytes = miss.bytes();
        IntConsumer calls = count -> {
            for (int i = 0; i < count; i++) {
                matched(hit.matchIn(table, hitBytes), true);
                matched(miss.matchIn(table, missBytes), false);
            }
        };
        calls.accept(WARM_UPS);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        calls.accept(CALLS);
        long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;

        assertEquals(0, perCall);
    }

    private static void matched(@Nullable Object target, boolean expected) {
        if ((target != null) != expected) {
            throw new AssertionError(target);
        }
    }

    // Every combination of a literal and a wildcard, so many levels deep: the worst that patterns can do to a walk.
    private static RouteTableBuilder<Integer> combinations(int levels) {
        RouteTableBuilder<Integer> builder = RouteTable.builder(new SeededChance(2));
        for (int bits = 0; bits < 1 << levels; bits++) {
            StringBuilder text = new StringBuilder();
            for (int level = 0; level < levels; level++) {
                text.append((bits >> level & 1) == 0 ? "/a" : "/*");
            }
            builder.add(patternOf("any " + text), bits);
        }
        return builder;
    }

    private static RouteTable<Integer> manyRoutes(int count) {
        RouteTableBuilder<Integer> builder = RouteTable.builder(new SeededChance(3));
        IntStream.range(0, count).forEach(i -> builder.add(patternOf("h" + i + ".example.com /api/v" + i + "/**"), i));
        return builder.build();
    }

    static RouteTable<String> tableOf(List<String> routes) {
        RouteTableBuilder<String> builder = RouteTable.builder(new SeededChance(4));
        routes.forEach(route -> builder.add(patternOf(route), route));
        return builder.build();
    }

    static RouteMatch patternOf(String route) {
        String[] parts = route.split(" ");
        return new RouteMatch(
                parts[0].equals("any") ? List.of() : List.of(new HostPattern(parts[0])),
                parts[1].equals("any") ? List.of() : List.of(new PathPattern(parts[1])));
    }
}
