package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.config.UpstreamConfig.ProxyProtocol;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where requests go, what is offered is what is spoken there: an origin might choose anything else. */
final class UpstreamProtocolChecks {
    private static final String UNLESS_TUNNELS = "; any name where only listeners for tcp lead";

    private UpstreamProtocolChecks() {}

    static void check(ProxyConfig config, Place place) {
        Set<String> forRequests = config.routes().stream()
                .flatMap(route -> route.destinations().stream())
                .map(RouteAction.To::upstream)
                .collect(Collectors.toSet());
        config.upstreams().forEach((name, upstream) -> {
            if (!forRequests.contains(name)) return; // Tunnels take any.
            Place at = place.at("upstreams").at(name);
            checkProxyProtocol(upstream, at);
            upstream.tls().flatMap(UpstreamTls::alpn).ifPresent(offered -> {
                if (checkNames(upstream.protocol(), offered, at.at("tls").at("alpn"))) {
                    checkComplete(upstream.protocol(), offered, at.at("tls").at("alpn"));
                }
            });
        });
    }

    /** Over HTTP/2 requests of many clients share a connection, and a connection can name one. */
    private static void checkProxyProtocol(UpstreamConfig upstream, Place place) {
        if (upstream.proxyProtocol().isEmpty() || !upstream.speaksHttp2()) return;
        Place at = place.at("proxyProtocol");
        at.report(at.problem(
                        ProblemCode.INCONSISTENT_VALUES,
                        "a connection names one client, and with protocol: " + word(upstream.protocol())
                                + " the requests of many share it")
                .found(upstream.proxyProtocol().get() == ProxyProtocol.V1 ? "v1" : "v2")
                .expected("protocol: http/1.1, or no proxyProtocol")
                .suggest("leave proxyProtocol out: origins find the client in X-Forwarded-For"));
    }

    /** Whether every name is one that is spoken. */
    private static boolean checkNames(Protocol protocol, List<String> offered, Place place) {
        List<String> spoken = spokenBy(protocol);
        boolean isFine = true;
        for (int i = 0; i < offered.size(); i++) {
            String name = offered.get(i);
            if (spoken.contains(name)) continue;
            isFine = false;
            Place at = place.item(i);
            at.report(problem(protocol, name, at).found("\"" + name + "\"").expected(expected(protocol)));
        }
        return isFine;
    }

    private static Problem problem(Protocol protocol, String name, Place at) {
        if (name.equals(UpstreamTls.HTTP_2)) {
            return at.problem(
                            ProblemCode.INCONSISTENT_VALUES,
                            "HTTP/2 is offered, and protocol: http/1.1 does not speak it")
                    .suggest("write protocol: auto, or h2, and leave alpn out");
        }
        if (name.equals(UpstreamTls.HTTP_1_1)) {
            return at.problem(
                            ProblemCode.INCONSISTENT_VALUES, "HTTP/1.1 is offered, and protocol: h2 does not speak it")
                    .suggest("write protocol: auto, or leave alpn out");
        }
        return at.problem(ProblemCode.INCONSISTENT_VALUES, "a route leads here, and this is not spoken to upstreams")
                .suggest(Nearest.suggestion(name, spokenBy(protocol)));
    }

    /** HTTP/2 over TLS comes about by being offered alone (RFC 9113 §3.2). */
    private static void checkComplete(Protocol protocol, List<String> offered, Place place) {
        if (protocol == Protocol.HTTP_1_1 || offered.containsAll(spokenBy(protocol))) return;
        place.report(place.problem(
                        ProblemCode.INCONSISTENT_VALUES,
                        "alpn leaves out what protocol: " + word(protocol) + " has to offer")
                .found(offered.isEmpty() ? "no protocol" : "only " + String.join(", ", offered))
                .expected(expected(protocol))
                .suggest(
                        protocol == Protocol.AUTO && offered.size() == 1
                                ? "write protocol: " + offered.getFirst() + ", or leave alpn out"
                                : "leave alpn out"));
    }

    private static String expected(Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_1 -> "http/1.1, or [] to offer none" + UNLESS_TUNNELS;
            case H2 -> "h2" + UNLESS_TUNNELS;
            case AUTO -> "h2 and http/1.1, the preferred first" + UNLESS_TUNNELS;
        };
    }

    private static List<String> spokenBy(Protocol protocol) {
        return UpstreamTls.usualProtocols(protocol);
    }

    private static String word(Protocol protocol) {
        return protocol == Protocol.H2 ? "h2" : "auto";
    }

    /** What is written and changes nothing, for want of something else. */
    static void checkEffect(UpstreamConfig upstream, Place place) {
        if (upstream.protocol() == Protocol.AUTO && upstream.tls().isEmpty()) {
            Place at = place.at("protocol");
            at.report(
                    at.problem(ProblemCode.WITHOUT_EFFECT, "without tls nothing is agreed on, and auto means http/1.1")
                            .found("auto")
                            .expected("tls, or another protocol")
                            .suggest("write h2 for origins that take HTTP/2 in plain text"));
        }
        if (place.has("http2") && !upstream.speaksHttp2()) {
            place.report(Problem.at(
                            place.markOfKey("http2"),
                            ProblemCode.WITHOUT_EFFECT,
                            "HTTP/2 is not spoken to this upstream")
                    .found("http2")
                    .expected("protocol: h2 or auto, or no http2"));
        }
    }
}
