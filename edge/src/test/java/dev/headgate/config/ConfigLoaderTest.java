package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.h2.Http2AbuseLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void fillsInTheSafeDefaults() {
        ProxyConfig config = Configs.parseOrThrow(Configs.minimalWith(""));
        ListenerConfig listener = config.listeners().getFirst();
        assertEquals(
                new ListenerLimits(
                        8192,
                        16384,
                        32768,
                        100,
                        256,
                        10 << 20,
                        16384,
                        16384,
                        10_000,
                        3600 * SECOND,
                        10_000,
                        65536,
                        32768),
                listener.limits());
        assertEquals(
                new ListenerTimeouts(
                        10 * SECOND,
                        10 * SECOND,
                        30 * SECOND,
                        60 * SECOND,
                        60 * SECOND,
                        2 * SECOND,
                        2 * SECOND,
                        SECOND,
                        600 * SECOND,
                        0),
                listener.timeouts());
        assertEquals(new LimitsConfig(50_000, 256, 32, 64, 0, 1 << 30, 256 << 20), config.limits());
        assertEquals(30 * SECOND, config.drainNs());
        UpstreamConfig upstream = config.upstreams().get("app");
        assertEquals(new UpstreamConfig.RetryConfig(3, 0, 20, 65536), upstream.retry());
        assertEquals(
                new UpstreamConfig.UpstreamTimeouts(
                        3 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 60 * SECOND, SECOND),
                upstream.timeouts());
        assertEquals(new UpstreamConfig.PoolConfig(256, 3600 * SECOND, 1024, BreakerConfig.UNLIMITED), upstream.pool());
        assertEquals(new BreakerConfig(1024, 1024, 1024, 1024), upstream.breaker());
        assertEquals(new UpstreamConfig.UpstreamLimits(65536, 200, 16384, 8), upstream.limits());
        assertEquals(UpstreamConfig.Protocol.HTTP_1_1, upstream.protocol());
        assertEquals(
                new UpstreamHttp2(
                        100,
                        65536,
                        1 << 20,
                        16384,
                        4096,
                        4096,
                        8,
                        30 * SECOND,
                        10 * SECOND,
                        10 * SECOND,
                        30 * SECOND,
                        Http2AbuseLimits.RESPONSE_DEFAULTS),
                upstream.http2());
    }

    @Test
    void namesWhatHasNoNameByItsPlace() {
        ProxyConfig config = Configs.parseOrThrow(Configs.minimalWith("").replace("[{to: app}]", """

                  - {match: {path: /a}, to: app}
                  - {name: second, match: {path: /b}, to: app}
                  - {to: app}
                """));
        assertEquals(
                List.of("route-1", "second", "route-3"),
                config.routes().stream().map(RouteConfig::name).toList());
        assertEquals("app", config.upstreams().get("app").name());
    }

    @Test
    void readsJsonAsTheSubsetThatItIs() {
        String json = """
                {"version": 1,
                 "listeners": [{"name": "web", "address": "127.0.0.1:8080"}],
                 "upstreams": {"app": {"endpoints": ["10.0.0.1:80"]}},
                 "routes": [{"to": "app"}]}
                """;
        assertEquals(Configs.parseOrThrow(Configs.minimalWith("")), Configs.parseOrThrow(json));
    }

    @Test
    void readsARouteWithEverything() {
        RouteConfig route =
                Configs.parseOrThrow(Configs.routeWith("""
                name: r, match: {host: [A.example.com, "*.Example.org"], path: [/a, "/b/**", /c/*/d]},
                headers: {request: {remove: X-Debug, set: {X-Edge: headgate}, add: {a: [1, two]}}},
                limits: {body: unlimited}, timeouts: {request: 1m}, retry: {attempts: 1, perTry: none}""")).routes().getFirst();
        assertEquals(
                List.of(new HostPattern("a.example.com"), new HostPattern("*.example.org")),
                route.match().hosts());
        assertEquals(3, route.match().paths().size());
        assertEquals(List.of("x-debug"), route.headers().request().remove());
        assertEquals(
                List.of(new RouteConfig.HeaderLine("a", "1"), new RouteConfig.HeaderLine("a", "two")),
                route.headers().request().add());
        assertEquals(OptionalLong.of(ListenerLimits.UNLIMITED), route.limits().bodyBytes());
        assertEquals(OptionalLong.of(60 * SECOND), route.timeouts().requestNs());
        assertEquals(OptionalLong.empty(), route.timeouts().firstByteNs());
        assertEquals(new RouteConfig.RouteRetry(OptionalInt.of(1), OptionalLong.of(0)), route.retry());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "http/1.1 |{}                         |http/1.1    |none",
                "http/1.1 |{alpn: []}                 |''          |''",
                "http/1.1 |{alpn: http/1.1}           |http/1.1    |http/1.1",
                "http/1.1 |{alpn: [http/1.1]}         |http/1.1    |http/1.1",
                "h2       |{}                         |h2          |none",
                "h2       |{alpn: h2}                 |h2          |h2",
                "auto     |{}                         |h2 http/1.1 |none",
                "auto     |{alpn: [http/1.1, h2]}     |http/1.1 h2 |http/1.1 h2",
            })
    void readsWhatIsOffered(String protocol, String tls, String forRequests, @Nullable String alpn) {
        UpstreamConfig upstream = Configs.parseOrThrow(Configs.upstreamWith("protocol: " + protocol + ", tls: " + tls))
                .upstreams()
                .get("app");
        UpstreamTls read = upstream.tls().orElseThrow();
        assertEquals(Optional.ofNullable(alpn).map(ConfigLoaderTest::words), read.alpn());
        assertEquals(words(forRequests), read.requestProtocols(upstream.protocol()));
        assertEquals(words(alpn == null ? "" : alpn), read.tunnelProtocols());
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    @Test
    void tunnelsMayOfferWhateverHasAName() {
        List<String> names = IntStream.range(0, 30).mapToObj(i -> "p" + i).collect(Collectors.toList());
        names.add("h2");
        names.add("x".repeat(255));
        ProxyConfig config = Configs.parseOrThrow(layer4With("tls: {alpn: [" + String.join(", ", names) + "]}"));
        assertEquals(names, config.upstreams().get("app").tls().orElseThrow().tunnelProtocols());
        for (String wrong : List.of("x".repeat(256), "\"\"", "a b", "ä", "[" + "p, ".repeat(32) + "q]", "[a, a]")) {
            ConfigResult result = Configs.parse(layer4With("tls: {alpn: " + wrong + "}"));
            assertTrue(result.config().isEmpty(), wrong);
        }
    }

    private static String layer4With(String upstreamKey) {
        return """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:1", protocols: tcp, to: app}]
                upstreams: {app: {endpoints: "10.0.0.1:80", %s}}
                """.formatted(upstreamKey);
    }

    @Test
    void takesAVariableForAWholeValue() {
        assertEquals(10 * SECOND, headerTimeoutOf("\"${TEN}\""));
        assertEquals(7 * SECOND, headerTimeoutOf("\"${NOWHERE:-7s}\""));
        assertEquals(7 * SECOND, headerTimeoutOf("\"${EMPTY:-7s}\""));
        assertEquals(10 * SECOND, headerTimeoutOf("\"${TEN:-7s}\""));
    }

    private static long headerTimeoutOf(String value) {
        String text = Configs.listenerWith("timeouts: {header: " + value + "}");
        return Configs.parseOrThrow(text).listeners().getFirst().timeouts().headerNs();
    }

    @Test
    void takesAFileForAWholeValueWithoutItsLastLineEnd(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "secret words\r\n");
        String text = Configs.routeWith("headers: {request: {set: {authorization: \"${file:" + file + "}\"}}}");
        ConfigResult result = ConfigLoader.parse("f", text, Environment.ofProcess());
        assertEquals(
                List.of(new RouteConfig.HeaderLine("authorization", "secret words")),
                result.orThrow().routes().getFirst().headers().request().set());
    }

    @Test
    void keepsAnEscapedDollarAsText() {
        String text = Configs.minimalWith("").replace("{to: app}", "{respond: {body: \"a $${b} $$c\"}}, {to: app}");
        ProxyConfig config = ConfigLoader.parse("f", text, Configs.ENVIRONMENT).orThrow();
        assertEquals(
                "a ${b} $$c",
                ((RouteConfig.RouteAction.Respond) config.routes().getFirst().action()).body());
    }

    @Test
    void followsAliases() {
        String text =
                Configs.minimalWith("").replace("\"10.0.0.1:80\"}}", "&e [\"10.0.0.1:80\"]}, b: {endpoints: *e}}");
        ProxyConfig config = Configs.parseOrThrow(text);
        assertEquals(
                config.upstreams().get("app").endpoints(),
                config.upstreams().get("b").endpoints());
    }

    @Test
    void appliesNothingWhenAnythingIsWrong() {
        ConfigResult result = Configs.parse(Configs.minimalWith("nope: 1\n"));
        assertEquals(Optional.empty(), result.config());
        assertThrows(IllegalArgumentException.class, result::orThrow);
    }

    @Test
    void appliesWhatIsOnlyWarnedAbout() {
        ConfigResult result = Configs.parse(Configs.listenerWith("limits: {headerCount: 101}"));
        assertTrue(result.config().isPresent());
        assertEquals(1, result.problems().size());
        assertEquals(
                ConfigProblem.Severity.WARNING, result.problems().getFirst().severity());
    }

    @Test
    void warnsOfALimitOnlyPastItsDefault() {
        assertEquals(
                List.of(),
                Configs.parse(Configs.listenerWith("limits: {headerCount: 100}"))
                        .problems());
        assertEquals(
                List.of(),
                Configs.parse(Configs.listenerWith("limits: {headerCount: 99}")).problems());
    }

    @Test
    void warnsOfMoreWaitingHandshakesThanByDefaultOnThisMachine() {
        int usual = LimitsConfig.usualHandshakesWaiting();
        String limit = "limits: {handshakesWaiting: %s}";
        for (Object fine : List.of("auto", 1, usual)) {
            assertEquals(
                    List.of(),
                    Configs.parse(Configs.minimalWith(limit.formatted(fine))).problems());
        }
        ConfigResult wider = Configs.parse(Configs.minimalWith(limit.formatted(usual + 1)));
        assertEquals(
                List.of("handshakesWaiting is wider than its default of auto, which is " + usual + " here"),
                wider.problems().stream().map(ConfigProblem::message).toList());
        assertTrue(wider.config().isPresent());
    }

    @Test
    void refusesAFileThatIsNoUtf8(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("c.yaml"), "version: 1 # \u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(IOException.class, () -> ConfigLoader.load(file));
    }

    @Test
    void readsTenThousandRoutesWithinSeconds() {
        StringBuilder text = new StringBuilder(Configs.minimalWith(""));
        text.setLength(text.indexOf("routes:"));
        text.append("routes:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("  - {match: {host: a")
                    .append(i % 100)
                    .append(".com, path: /p/")
                    .append(i)
                    .append("/*/x}, to: app}\n");
        }
        long startNs = System.nanoTime();
        assertEquals(10_000, Configs.parseOrThrow(text.toString()).routes().size());
        assertTrue(System.nanoTime() - startNs < 10 * SECOND);
    }
}
