package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.HostPattern;
import dev.headgate.config.PathPattern;
import dev.headgate.config.RouteConfig.RouteMatch;
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
            @ForAll("routes") List<RouteMatch> routes, @ForAll("requests") Request request, @ForAll long seed) {
        RouteTableBuilder<RouteMatch> builder = RouteTable.builder(new SeededChance(seed));
        routes.forEach(route -> builder.add(route, route));

        assertEquals(firstInList(routes, request), request.matchIn(builder.build()));
    }

    @Property(tries = 2_000)
    void anyPathIsAnswered(@ForAll("routes") List<RouteMatch> routes, @ForAll byte[] host, @ForAll byte[] path) {
        RouteTableBuilder<RouteMatch> builder = RouteTable.builder(new SeededChance(5));
        routes.forEach(route -> builder.add(route, route));
        Request request = new Request(latin1(host), latin1(path));

        assertEquals(firstInList(routes, request), request.matchIn(builder.build()));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Provide
    Arbitrary<List<RouteMatch>> routes() {
        Arbitrary<HostPattern> host = Combinators.combine(Arbitraries.of("", "*."), hosts())
                .as((wildcard, name) -> new HostPattern(wildcard + name));
        Arbitrary<String> segments = Arbitraries.of("a", "b", "ab", "*")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(list -> "/" + String.join("/", list));
        Arbitrary<String> built =
                Combinators.combine(segments, Arbitraries.of("", "/**")).as(String::concat);
        Arbitrary<PathPattern> path = Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.of("/", "/**", "/a/", "/a/b/")), Tuple.of(5, built))
                .map(PathPattern::new);
        return Combinators.combine(host.list().ofMaxSize(2), path.list().ofMaxSize(2))
                .as(RouteMatch::new)
                .list()
                .ofMaxSize(30);
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

    private static @Nullable RouteMatch firstInList(List<RouteMatch> routes, Request request) {
        return routes.stream()
                .filter(route -> takesHost(route, request.host()) && takesPath(route, request.path()))
                .findFirst()
                .orElse(null);
    }

    private static boolean takesHost(RouteMatch route, String host) {
        return route.hosts().isEmpty() || route.hosts().stream().anyMatch(pattern -> pattern.matches(host));
    }

    private static boolean takesPath(RouteMatch route, String path) {
        return route.paths().isEmpty() || route.paths().stream().anyMatch(pattern -> pattern.matches(path));
    }
}
