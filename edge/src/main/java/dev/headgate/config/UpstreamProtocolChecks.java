package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where requests go nothing is offered that is not spoken there: an origin might choose it. */
final class UpstreamProtocolChecks {
    private static final Set<String> HTTP_2 = Set.of("h2", "h2c");

    private UpstreamProtocolChecks() {}

    static void check(ProxyConfig config, Place place) {
        Set<String> forRequests = config.routes().stream()
                .map(RouteConfig::action)
                .filter(RouteAction.To.class::isInstance)
                .map(action -> ((RouteAction.To) action).upstream())
                .collect(Collectors.toSet());
        config.upstreams().forEach((name, upstream) -> {
            if (!forRequests.contains(name)) return; // Tunnels take any.
            upstream.tls()
                    .flatMap(UpstreamTls::alpn)
                    .ifPresent(offered -> check(
                            offered, place.at("upstreams").at(name).at("tls").at("alpn")));
        });
    }

    private static void check(List<String> offered, Place place) {
        for (int i = 0; i < offered.size(); i++) {
            String protocol = offered.get(i);
            if (protocol.equals(UpstreamTls.HTTP_1_1)) continue;
            Place at = place.item(i);
            at.report(problem(protocol, at)
                    .found("\"" + protocol + "\"")
                    .expected(UpstreamTls.HTTP_1_1
                            + ", or [] to offer none; any name where only listeners for tcp lead"));
        }
    }

    private static Problem problem(String protocol, Place at) {
        if (HTTP_2.contains(protocol)) {
            return at.problem(ProblemCode.INCONSISTENT_VALUES, "HTTP/2 is not spoken to upstreams")
                    .suggest("write alpn: " + UpstreamTls.HTTP_1_1 + ", or leave alpn out");
        }
        return at.problem(ProblemCode.INCONSISTENT_VALUES, "a route leads here, and this is not spoken to upstreams")
                .suggest(Nearest.suggestion(protocol, Set.of(UpstreamTls.HTTP_1_1)));
    }
}
