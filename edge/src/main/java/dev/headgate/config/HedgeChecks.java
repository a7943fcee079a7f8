package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.RetryConfig;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.Place;
import java.util.List;
import java.util.Map;

/** A second attempt has a place: in time, among the attempts, and at another endpoint. */
final class HedgeChecks {
    private HedgeChecks() {}

    /** Of an upstream by itself. */
    static void checkUpstream(UpstreamConfig upstream, Place place) {
        RetryConfig retry = upstream.retry();
        if (retry.hedgeAfterNs() == 0) return;
        Place at = place.at("retry").at("hedge");
        checkTime(retry.hedgeAfterNs(), retry.perTryNs(), at);
        checkAttempts(retry.attempts(), at);
        checkEndpoints(upstream, Map.of(), at);
    }

    /** What a route says of second attempts holds together with what its upstream says of the rest. */
    static void checkRoutes(ProxyConfig config, Place place) {
        for (int i = 0; i < config.routes().size(); i++) {
            RouteConfig route = config.routes().get(i);
            long hedgeNs = route.retry().hedgeAfterNs().orElse(0);
            if (hedgeNs == 0) continue;
            Place retry = place.at("routes").item(i).at("retry");
            if (!(route.action() instanceof RouteAction.To to)) {
                retry.report(Problem.at(
                                retry.markOfKey("hedge"),
                                ProblemCode.WITHOUT_EFFECT,
                                "a route that does not forward makes no attempts")
                        .found("hedge")
                        .expected("to beside retry, or no hedge"));
                continue;
            }
            UpstreamConfig upstream = config.upstreams().get(to.upstream());
            if (upstream == null) continue;
            Place at = retry.at("hedge");
            checkTime(hedgeNs, route.retry().perTryNs().orElse(upstream.retry().perTryNs()), at);
            checkAttempts(route.retry().attempts().orElse(upstream.retry().attempts()), at);
            checkEndpoints(upstream, to.labels(), at);
        }
    }

    private static void checkTime(long hedgeNs, long perTryNs, Place at) {
        if (perTryNs == 0 || hedgeNs < perTryNs) return;
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "an attempt is over before a second one begins")
                .found("hedge " + Durations.format(hedgeNs) + ", perTry " + Durations.format(perTryNs))
                .expected("hedge less than perTry"));
    }

    private static void checkAttempts(int attempts, Place at) {
        if (attempts > 1) return;
        at.report(at.problem(ProblemCode.WITHOUT_EFFECT, "there is one attempt, and no second one")
                .found("hedge with attempts: 1")
                .expected("attempts of 2 and more, or no hedge"));
    }

    /** Names may stand for several endpoints, and files may come to hold more. */
    private static void checkEndpoints(UpstreamConfig upstream, Map<String, String> labels, Place at) {
        if (!upstream.files().isEmpty()) return;
        List<EndpointConfig> endpoints = upstream.endpoints().stream()
                .filter(each -> each.weight() > 0 && each.matches(labels))
                .toList();
        if (endpoints.size() != 1 || isName(endpoints.getFirst().address())) return;
        at.report(at.problem(ProblemCode.WITHOUT_EFFECT, "there is no other endpoint for a second attempt")
                .found("hedge with one endpoint")
                .expected("two endpoints and more, or no hedge"));
    }

    private static boolean isName(Address address) {
        return address.knownAddress() == null;
    }
}
