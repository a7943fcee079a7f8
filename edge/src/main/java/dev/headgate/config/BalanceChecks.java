package dev.headgate.config;

import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.Key.Part;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What routes choose endpoints by is there, and what endpoints are chosen by is in what comes. */
final class BalanceChecks {
    private BalanceChecks() {}

    static void check(ProxyConfig config, Place place) {
        Set<String> forRequests = new HashSet<>();
        for (int i = 0; i < config.routes().size(); i++) {
            RouteConfig route = config.routes().get(i);
            Place at = place.at("routes").item(i);
            route.destinations().forEach(to -> forRequests.add(to.upstream()));
            if (route.action() instanceof RouteAction.To to) checkLabels(to, config, at.at("to"));
            if (route.fallback().isPresent() && route.fallback().get().action() instanceof RouteAction.To to) {
                checkLabels(to, config, at.at("fallback").at("to"));
            }
        }
        config.upstreams().forEach((name, upstream) -> {
            if (!forRequests.contains(name))
                checkTunnels(upstream, place.at("upstreams").at(name));
        });
    }

    private static void checkLabels(RouteAction.To to, ProxyConfig config, Place place) {
        UpstreamConfig upstream = config.upstreams().get(to.upstream());
        if (upstream != null && !to.labels().isEmpty() && upstream.files().isEmpty()) {
            checkSubset(to.labels(), upstream.endpoints(), place.at("labels"));
        }
    }

    private static void checkSubset(Map<String, String> labels, List<EndpointConfig> endpoints, Place place) {
        List<EndpointConfig> matching =
                endpoints.stream().filter(each -> each.matches(labels)).toList();
        if (matching.isEmpty()) {
            place.report(whyNone(labels, endpoints, place));
        } else if (matching.stream().allMatch(each -> each.weight() == 0)) {
            place.report(
                    place.problem(ProblemCode.INCONSISTENT_VALUES, "no endpoint with these labels takes any traffic")
                            .found("weight 0 everywhere")
                            .expected("at least one of them with a weight above 0"));
        }
    }

    private static Problem whyNone(Map<String, String> labels, List<EndpointConfig> endpoints, Place place) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            Set<String> names = new TreeSet<>();
            Set<String> values = new TreeSet<>();
            for (EndpointConfig endpoint : endpoints) {
                names.addAll(endpoint.labels().keySet());
                String value = endpoint.labels().get(label.getKey());
                if (value != null) values.add(value);
            }
            if (!names.contains(label.getKey())) {
                return Problem.at(
                                place.markOfKey(label.getKey()),
                                ProblemCode.INCONSISTENT_VALUES,
                                "no endpoint of the upstream has this label")
                        .found("\"" + label.getKey() + "\"")
                        .expected(names.isEmpty() ? "endpoints with labels" : "one of " + String.join(", ", names))
                        .suggest(Nearest.suggestion(label.getKey(), names));
            }
            if (!values.contains(label.getValue())) {
                Place at = place.at(label.getKey());
                return at.problem(
                                ProblemCode.INCONSISTENT_VALUES,
                                "no endpoint of the upstream has this value of the label " + label.getKey())
                        .found("\"" + label.getValue() + "\"")
                        .expected("one of " + String.join(", ", values))
                        .suggest(Nearest.suggestion(label.getValue(), values));
            }
        }
        return place.problem(ProblemCode.INCONSISTENT_VALUES, "no endpoint of the upstream has all of these labels")
                .found(labels.size() + " labels")
                .expected("labels that one endpoint has together");
    }

    /** Tunnels know of their clients the address alone. */
    private static void checkTunnels(UpstreamConfig upstream, Place place) {
        upstream.balance().sticky().ifPresent(sticky -> {
            Place at = place.at("sticky");
            at.report(at.problem(
                            ProblemCode.WITHOUT_EFFECT,
                            "no route leads to this upstream, and only requests can be recognised")
                    .found("sticky"));
        });
        if (upstream.balance().choice() instanceof Hash hash && hash.key().part() != Part.CLIENT) {
            Place at = place.at("balance").at("key");
            at.report(at.problem(
                            ProblemCode.WITHOUT_EFFECT,
                            "no route leads to this upstream, and only requests have this key")
                    .found("key")
                    .expected("client"));
        }
    }
}
