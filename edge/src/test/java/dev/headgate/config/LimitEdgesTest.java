package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bound of the language holds at the last value inside it and at the first one outside. */
class LimitEdgesTest {
    /**
     * A key with its bounds.
     *
     * @param place puts a value into a configuration that is fine otherwise
     */
    record Edge(String key, String below, String lowest, String highest, String above, UnaryOperator<String> place) {
        @Override
        public String toString() {
            return key;
        }
    }

    // spotless:off: a table
    static List<Edge> edges() {
        return List.of(
                limit("requestLine", "63B", "64B", "64KiB", "65537B"),
                edge("headerLine", "63B", "64B", "64KiB", "65537B",
                        value -> Configs.listenerWith("limits: {headerName: 64B, headerBytes: 64KiB, headerLine: " + value + "}")),
                edge("headerBytes", "255B", "256B", "128KiB", "131073B",
                        value -> Configs.listenerWith("limits: {headerName: 64B, headerLine: 256B, headerBytes: " + value + "}")),
                limit("headerCount", "0", "1", "1000", "1001"),
                limit("headerName", "15B", "16B", "1KiB", "1025B"),
                limit("body", "-1B", "0B", "1024TiB", "1025TiB"),
                limit("trailerBytes", "-1B", "0B", "64KiB", "65537B"),
                limit("chunkExtensionBytes", "-1B", "0B", "1MiB", "1048577B"),
                limit("requestsPerConnection", "0", "1", "1000000000", "1000000001"),
                limit("connectionAge", "999ms", "1s", "720h", "721h"),
                limit("drainBytes", "-1B", "0B", "16MiB", "16777217B"),
                limit("bufferBytes", "4095B", "4KiB", "1MiB", "1048577B"),
                edge("connections", "0", "1", "1000000", "1000001",
                        value -> Configs.listenerWith("limits: {connections: " + value + "}") + "limits: {connections: 10000000}\n"),
                timeout("header", "9ms", "10ms", "1h", "3601s"),
                timeout("bodyIdle", "9ms", "10ms", "1h", "3601s"),
                timeout("keepAlive", "-1s", "0s", "24h", "86401s"),
                timeout("sendStall", "9ms", "10ms", "1h", "3601s"),
                timeout("drain", "-1s", "0s", "5m", "301s"),
                timeout("linger", "-1s", "0s", "5m", "301s"),
                timeout("expectContinue", "-1s", "0s", "5m", "301s"),
                tunnel("tunnelIdle", "9ms", "10ms", "24h", "86401s"),
                tunnel("tunnelAge", "999ms", "1s", "720h", "721h"),
                listener("backlog", "0", "1", "65535", "65536"),
                listener("bodyRate: {bytesPerSecond", "-1B", "0B", "1GiB", "1073741825B"),
                listener("bodyRate: {grace", "-1s", "0s", "1h", "3601s"),
                upstream("retry: {attempts", "0", "1", "10", "11"),
                upstream("retry: {perTry", "999us", "1ms", "30s", "31s"),
                upstream("retry: {budget", "-1%", "0%", "100%", "101%"),
                upstream("retry: {replayBytes", "-1B", "0B", "256KiB", "262145B"),
                upstream("slowStart: {aggression", "0", "0.1", "10", "10.1"),
                upstream("ejection: {successRate: {factor", "-0.1", "0", "100", "100.001"),
                upstream("retry: {hedge", "999us", "1ms", "1m", "61s"),
                upstream("retry: {dropped: {bytes", "-1B", "0B", "16MiB", "16777217B"),
                upstream("retry: {dropped: {time", "-1s", "0s", "1m", "61s"),
                upstream("retry: {replayFile: {wait", "9ms", "10ms", "1m", "61s"),
                edge("replayFile max", "65535B", "64KiB", "1TiB", "1025GiB",
                        value -> Configs.upstreamWith("retry: {replayFile: {max: " + value + "}}") + "limits: {replayFiles: 1TiB}\n"),
                top("limits: {replayFiles", "65535B", "64KiB", "64TiB", "65TiB"),
                upstream("retry: {on", "399", "400", "599", "600"),
                upstream("retry: {backoff: {max: 60s, base", "-1s", "0s", "10s", "11s"),
                upstream("retry: {backoff: {base: 0s, max", "-1s", "0s", "1m", "61s"),
                upstream("retry: {retryAfterMax", "-1s", "0s", "1m", "61s"),
                upstream("timeouts: {connect", "999us", "1ms", "5m", "301s"),
                upstream("timeouts: {handshake", "9ms", "10ms", "5m", "301s"),
                upstream("timeouts: {firstByte", "9ms", "10ms", "24h", "86401s"),
                upstream("timeouts: {bodyIdle", "9ms", "10ms", "24h", "86401s"),
                upstream("timeouts: {poolIdle", "-1s", "0s", "24h", "86401s"),
                upstream("pool: {idle", "-1", "0", "65535", "65536"),
                upstream("pool: {age", "999ms", "1s", "720h", "721h"),
                upstream("pool: {jitter", "-1%", "0%", "100%", "101%"),
                upstream("pool: {connections: 10000, preconnect", "-1", "0", "4096", "4097"),
                upstream("pool: {connections", "0", "1", "1000000", "1000001"),
                upstream("pool: {requests", "0", "1", "1000000", "1000001"),
                upstream("breaker: {connections", "0", "1", "1000000", "1000001"),
                upstream("breaker: {pending", "-1", "0", "1000000", "1000001"),
                upstream("breaker: {requests", "0", "1", "1000000", "1000001"),
                upstream("breaker: {retries", "-1", "0", "1000000", "1000001"),
                upstream("breaker: {trip: {errors", "-1%", "1%", "100%", "101%"),
                upstream("breaker: {trip: {slow", "-1%", "0%", "100%", "101%"),
                upstream("breaker: {trip: {slowAfter", "999us", "1ms", "1h", "3601s"),
                upstream("breaker: {trip: {window", "9ms", "10ms", "1h", "3601s"),
                upstream("breaker: {trip: {requests", "0", "1", "1000000", "1000001"),
                edge("trip open", "9ms", "10ms", "1h", "3601s",
                        value -> Configs.upstreamWith("breaker: {trip: {openMax: 1h, open: " + value + "}}")),
                edge("trip openMax", "9ms", "10ms", "1h", "3601s",
                        value -> Configs.upstreamWith("breaker: {trip: {open: 10ms, openMax: " + value + "}}")),
                upstream("breaker: {trip: {jitter", "-1%", "0%", "100%", "101%"),
                upstream("breaker: {trip: {probes", "0", "1", "1000", "1001"),
                upstream("breaker: {trip: {probeTimeout", "9ms", "10ms", "1h", "3601s"),
                upstream("breaker: {trip: {return", "-1s", "0s", "1h", "3601s"),
                upstream("breaker: {trip: {returnStart", "0%", "1%", "100%", "101%"),
                edge("concurrency initial", "0", "1", "1000000", "1000001",
                        value -> Configs.upstreamWith("concurrency: {min: 1, max: 1000000, initial: " + value + "}")),
                edge("concurrency min", "0", "1", "1000000", "1000001",
                        value -> Configs.upstreamWith("concurrency: {initial: 1000000, max: 1000000, min: " + value + "}")),
                edge("concurrency max", "0", "1", "1000000", "1000001",
                        value -> Configs.upstreamWith("concurrency: {min: 1, initial: 1, max: " + value + "}")),
                upstream("concurrency: {tolerance", "-1%", "0%", "1000%", "1001%"),
                upstream("concurrency: {window", "49ms", "50ms", "1m", "61s"),
                upstream("concurrency: {remeasure", "999ms", "1s", "24h", "86401s"),
                upstream("timeouts: {pending", "9ms", "10ms", "1h", "3601s"),
                edge("maxConnections", "0", "1", "1000000", "1000001", value -> Configs.endpointWith("maxConnections: " + value)),
                edge("maxRequests", "0", "1", "1000000", "1000001", value -> Configs.endpointWith("maxRequests: " + value)),
                upstream("limits: {headerBytes", "255B", "256B", "128KiB", "131073B"),
                upstream("limits: {headerCount", "0", "1", "1000", "1001"),
                upstream("limits: {trailerBytes", "-1B", "0B", "64KiB", "65537B"),
                upstream("limits: {interim", "-1", "0", "100", "101"),
                http2("streams", "0", "1", "10000", "10001"),
                edge("upstream streamWindow", "1023B", "1KiB", "16MiB", "16777217B",
                        value -> Configs.upstreamWith("protocol: h2, http2: {connectionWindow: 256MiB, streamWindow: " + value + "}") + "limits: {memory: 2GiB}\n"),
                http2("connectionWindow", "65535B", "64KiB", "256MiB", "268435457B"),
                http2("frameSize", "16383B", "16KiB", "128KiB", "131073B"),
                http2("headerTable", "-1B", "0B", "64KiB", "65537B"),
                http2("pingInterval", "-1s", "0s", "24h", "86401s"),
                http2("pingTimeout", "9ms", "10ms", "5m", "301s"),
                http2("settingsTimeout", "9ms", "10ms", "5m", "301s"),
                http2("sendStall", "9ms", "10ms", "1h", "3601s"),
                http2("requestHeaderTable", "-1B", "0B", "64KiB", "65537B"),
                http2("continuations", "-1", "0", "1024", "1025"),
                upstream("dns: {refresh", "999ms", "1s", "300s", "301s"),
                upstream("dns: {nextAddress", "9ms", "10ms", "10s", "10001ms"),
                top("dns: {timeout", "9ms", "10ms", "1m", "61s"),
                top("dns: {attempts", "0", "1", "10", "11"),
                edge("dns min", "999ms", "1s", "1h", "3601s",
                        value -> Configs.minimalWith("dns: {ttl: {max: 24h, min: " + value + "}}\n")),
                top("dns: {ttl: {max", "999ms", "1s", "24h", "86401s"),
                edge("dns absence", "999ms", "1s", "24h", "86401s",
                        value -> Configs.minimalWith("dns: {ttl: {max: 24h, absence: " + value + "}}\n")),
                top("dns: {answers", "0", "1", "1024", "1025"),
                top("dns: {queries", "0", "1", "4096", "4097"),
                top("dns: {lookUps", "0", "1", "100000", "100001"),
                upstream("discovery: {drain", "-1s", "0s", "1h", "3601s"),
                upstream("discovery: {endpoints", "0", "1", "8192", "8193"),
                upstream("dns: {timeout", "9ms", "10ms", "1m", "61s"),
                edge("weight", "-1", "0", "256", "257",
                        value -> Configs.upstreamWith("").replace("\"10.0.0.1:80\", ",
                                "[\"10.0.0.2:80\", {address: \"10.0.0.1:80\", weight: " + value + "}]")),
                edge("port", "-1", "1", "65535", "65536",
                        value -> Configs.minimalWith("").replace("10.0.0.1:80", "10.0.0.1:" + value)),
                edge("status", "199", "200", "599", "600",
                        value -> Configs.minimalWith("").replace("{to: app}", "{respond: {status: " + value + "}}, {match: {}, to: app}")),
                top("dns: {timeout", "9ms", "10ms", "1m", "61s"),
                top("dns: {attempts", "0", "1", "10", "11"),
                edge("dns ttl min", "999ms", "1s", "1h", "3601s",
                        value -> Configs.minimalWith("dns: {ttl: {max: 24h, min: " + value + "}}\n")),
                top("dns: {ttl: {max", "999ms", "1s", "24h", "86401s"),
                top("dns: {answers", "0", "1", "1024", "1025"),
                top("dns: {queries", "0", "1", "4096", "4097"),
                top("dns: {lookUps", "0", "1", "100000", "100001"),
                upstream("health: {interval", "99ms", "100ms", "1h", "3601s"),
                upstream("health: {interval: 1h, fastInterval", "99ms", "100ms", "1h", "3601s"),
                upstream("health: {downInterval", "99ms", "100ms", "1h", "3601s"),
                upstream("health: {jitter", "-1%", "0%", "100%", "101%"),
                upstream("health: {timeout", "9ms", "10ms", "5m", "301s"),
                upstream("health: {rise", "0", "1", "100", "101"),
                upstream("health: {fall", "0", "1", "100", "101"),
                upstream("health: {body: r, bodyBytes", "0B", "1B", "1MiB", "1048577B"),
                upstream("health: {port", "0", "1", "65535", "65536"),
                top("loops", "0", "1", "1024", "1025"),
                top("busyPoll", "0us", "1us", "10ms", "10001us"),
                route("webSocket: {idle", "9ms", "10ms", "24h", "86401s"),
                route("webSocket: {age", "999ms", "1s", "720h", "721h"),
                route("webSocket: {closeWait", "9ms", "10ms", "1h", "3601s"),
                route("webSocket: {earlyBytes", "-1B", "0B", "64KiB", "65537B"),
                clientHttp2("streams", "0", "1", "10000", "10001"),
                clientHttp2("streamWindow", "1023B", "1KiB", "16MiB", "16385KiB"),
                clientHttp2("connectionWindow", "65535B", "64KiB", "64MiB", "65537KiB"),
                clientHttp2("frameSize", "16383B", "16KiB", "64KiB", "65537B"),
                clientHttp2("headerTable", "-1B", "0B", "64KiB", "65537B"),
                clientHttp2("responseHeaderTable", "-1B", "0B", "64KiB", "65537B"),
                clientHttp2("heldSurplus", "-1B", "0B", "16MiB", "16385KiB"),
                clientHttp2("continuations", "-1", "0", "1024", "1025"),
                clientHttp2("settingsTimeout", "0s", "1ms", "1h", "3601s"),
                clientHttp2("pingInterval", "-1s", "0s", "1h", "3601s"),
                clientHttp2("pingTimeout", "0s", "1ms", "1h", "3601s"),
                clientHttp2("progress", "0B", "1B", "1MiB", "1025KiB"),
                clientHttp2("abuse: {resets", "-1", "0", "1000000", "1000001"),
                clientHttp2("abuse: {resetTime", "0s", "1ms", "1h", "3601s"),
                clientHttp2("abuse: {prematureReset", "0s", "1ms", "1h", "3601s"),
                clientHttp2("abuse: {refusedStreams", "-1", "0", "1000000", "1000001"),
                clientHttp2("abuse: {controlFrames", "15", "16", "1000000", "1000001"),
                clientHttp2("abuse: {pings", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {pingTime", "0s", "1ms", "1h", "3601s"),
                clientHttp2("abuse: {settingsEntries", "7", "8", "1024", "1025"),
                clientHttp2("abuse: {windowChanges", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {windowChangeTime", "0s", "1ms", "1h", "3601s"),
                clientHttp2("abuse: {emptyFrames", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {smallData", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {smallDataTime", "0s", "1ms", "1h", "3601s"),
                clientHttp2("abuse: {priorities", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {windowUpdates", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {glitches", "0", "1", "1000000", "1000001"),
                clientHttp2("abuse: {glitchTime", "0s", "1ms", "1h", "3601s"),
                top("webSocketDrainRate", "0", "1", "1000000", "1000001"),
                top("drain", "-1s", "0s", "24h", "86401s"),
                top("limits: {connectionsPerPrefix", "0", "1", "10000000", "10000001"),
                edge("limits.connections", "0", "1", "10000000", "10000001",
                        value -> Configs.listenerWith("limits: {connections: 1}") + "limits: {connections: " + value + "}\n"),
                top("limits: {ipv4Prefix", "7", "8", "32", "33"),
                top("limits: {ipv6Prefix", "15", "16", "128", "129"),
                top("limits: {handshakesWaiting", "0", "1", "1000000", "1000001"),
                edge("limits.memory", "16383KiB", "16MiB", "1TiB", "1025GiB",
                        value -> Configs.listenerWith("limits: {bufferBytes: 4KiB}") + "limits: {memory: " + value + "}\n"),
                top("log: {access: {bufferBytes", "65535B", "64KiB", "64MiB", "67108865B"));
    }
    // spotless:on

    private static Edge edge(
            String key, String below, String lowest, String highest, String above, UnaryOperator<String> place) {
        return new Edge(key, below, lowest, highest, above, place);
    }

    private static Edge limit(String key, String below, String lowest, String highest, String above) {
        return listener("limits: {" + key, below, lowest, highest, above);
    }

    private static Edge timeout(String key, String below, String lowest, String highest, String above) {
        return listener("timeouts: {" + key, below, lowest, highest, above);
    }

    private static Edge tunnel(String key, String below, String lowest, String highest, String above) {
        return edge(key, below, lowest, highest, above, value -> """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:1", protocols: tcp, to: app, timeouts: {%s: %s}}]
                upstreams: {app: {endpoints: "10.0.0.1:80"}}
                """.formatted(key, value));
    }

    private static Edge listener(String key, String below, String lowest, String highest, String above) {
        return edge(key, below, lowest, highest, above, value -> Configs.listenerWith(entry(key, value)));
    }

    private static Edge upstream(String key, String below, String lowest, String highest, String above) {
        return edge(key, below, lowest, highest, above, value -> Configs.upstreamWith(entry(key, value)));
    }

    private static Edge route(String key, String below, String lowest, String highest, String above) {
        return edge(key, below, lowest, highest, above, value -> Configs.routeWith(entry(key, value)));
    }

    private static Edge http2(String key, String below, String lowest, String highest, String above) {
        return edge(
                key,
                below,
                lowest,
                highest,
                above,
                value -> Configs.upstreamWith(entry("protocol: h2, http2: {" + key, value))
                        + "limits: {memory: 4GiB}\n");
    }

    private static Edge clientHttp2(String key, String below, String lowest, String highest, String above) {
        return edge(
                key,
                below,
                lowest,
                highest,
                above,
                value -> Configs.listenerWith(entry("protocols: [h2], http2: {" + key, value))
                        + "limits: {memory: 4GiB}\n");
    }

    private static Edge top(String key, String below, String lowest, String highest, String above) {
        return edge(key, below, lowest, highest, above, value -> Configs.minimalWith(entry(key, value) + "\n"));
    }

    private static String entry(String key, String value) {
        return key + ": " + value
                + "}".repeat((int) key.chars().filter(c -> c == '{').count());
    }

    @ParameterizedTest
    @MethodSource("edges")
    void acceptsTheValuesAtItsBounds(Edge edge) {
        assertAccepted(edge.place().apply(edge.lowest()));
        assertAccepted(edge.place().apply(edge.highest()));
    }

    private static void assertAccepted(String text) {
        ConfigResult result = Configs.parse(text);
        assertTrue(result.config().isPresent(), () -> text + result.render());
    }

    @ParameterizedTest
    @MethodSource("edges")
    void refusesTheValuesPastItsBounds(Edge edge) {
        assertRefused(edge.place().apply(edge.below()));
        assertRefused(edge.place().apply(edge.above()));
    }

    private static void assertRefused(String text) {
        ConfigResult result = Configs.parse(text);
        long errors = result.problems().stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .count();
        assertEquals(1, errors, () -> text + result.render());
    }
}
