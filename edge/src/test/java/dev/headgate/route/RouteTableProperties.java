package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** The compiled table answers as reading the list from the top does. */
class RouteTableProperties {
    // Few letters, so that patterns and requests meet often.
    private static final List<String> LABELS = List.of("a", "b", "ab", "com");
    private static final List<String> SEGMENTS = List.of("a", "b", "ab", "c");

    @Property(tries = 20_000)
    void matchesLikeTheList(
            @ForAll("routes") List<RoutePattern> routes, @ForAll("requests") Request request, @ForAll long seed) {
        RouteTableBuilder<RoutePattern> builder = RouteTable.builder(new SeededChance(seed));
        routes.forEach(route -> builder.add(route, route));

        assertEquals(firstInList(routes, request), request.matchIn(builder.build()));
    }

    @Property(tries = 2_000)
    void anyPathIsAnswered(@ForAll("routes") List<RoutePattern> routes, @ForAll byte[] host, @ForAll byte[] path) {
        RouteTableBuilder<RoutePattern> builder = RouteTable.builder(new SeededChance(5));
        routes.forEach(route -> builder.add(route, route));
        Request request = new Request(latin1(host), latin1(path));

        assertEquals(firstInList(routes, request), request.matchIn(builder.build()));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Provide
    Arbitrary<List<RoutePattern>> routes() {
        Arbitrary<HostPattern> named = Combinators.combine(
                        Arbitraries.of(HostPattern.Kind.EXACT, HostPattern.Kind.BELOW), hosts())
                .as(HostPattern::new);
        Arbitrary<HostPattern> host = Arbitraries.oneOf(Arbitraries.just(HostPattern.ANY), named);
        Arbitrary<PathPattern> written = Arbitraries.of("/", "/**", "/a/", "/a/b/")
                .map(text -> PathPattern.parse(text).orThrow());
        Arbitrary<List<String>> segments =
                Arbitraries.of("a", "b", "ab", "*").list().ofMinSize(1).ofMaxSize(4);
        Arbitrary<PathPattern> built = Combinators.combine(
                        segments, Arbitraries.of(PathPattern.Ending.EXACT, PathPattern.Ending.REST))
                .as(PathPattern::new);
        Arbitrary<PathPattern> path = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(PathPattern.ANY)), Tuple.of(2, written), Tuple.of(5, built));
        return Combinators.combine(host, path).as(RoutePattern::new).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<Request> requests() {
        Arbitrary<String> path = Arbitraries.of(SEGMENTS).list().ofMaxSize(5).map(list -> "/" + String.join("/", list));
        Arbitrary<String> slashed = path.map(text -> text.endsWith("/") ? text : text + "/");
        Arbitrary<String> host = Arbitraries.oneOf(hosts(), Arbitraries.of("", ".a", "."));
        return Combinators.combine(host, Arbitraries.oneOf(path, slashed, Arbitraries.of("*", "/a//b", "//")))
                .as(Request::new);
    }

    private static Arbitrary<String> hosts() {
        return Arbitraries.of(LABELS).list().ofMinSize(1).ofMaxSize(4).map(list -> String.join(".", list));
    }

    private static @Nullable RoutePattern firstInList(List<RoutePattern> routes, Request request) {
        return routes.stream()
                .filter(route -> takesHost(route.host(), request.host()) && takesPath(route.path(), request.path()))
                .findFirst()
                .orElse(null);
    }

    private static boolean takesHost(HostPattern pattern, String host) {
        return switch (pattern.kind()) {
            case ANY -> true;
            case EXACT -> host.equals(pattern.name());
            case BELOW ->
                host.endsWith("." + pattern.name())
                        && host.length() > pattern.name().length() + 1;
        };
    }

    private static boolean takesPath(PathPattern pattern, String path) {
        if (pattern.ending() == PathPattern.Ending.ANYTHING) {
            return true;
        }
        if (!path.startsWith("/")) {
            return false;
        }
        List<String> given = List.of(path.substring(1).split("/", -1));
        int wanted = pattern.segments().size();
        boolean rest = pattern.ending() == PathPattern.Ending.REST;
        if (rest ? given.size() < wanted : given.size() != wanted) {
            return false;
        }
        for (int i = 0; i < wanted; i++) {
            String segment = pattern.segments().get(i);
            if (segment.equals("*") ? given.get(i).isEmpty() : !segment.equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }
}
