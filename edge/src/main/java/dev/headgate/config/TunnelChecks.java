package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Place;
import java.util.List;

/** Checks of what is passed through that need the whole configuration. */
final class TunnelChecks {
    private TunnelChecks() {}

    static void check(ProxyConfig config, Place place) {
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerTls tls = config.listeners().get(i).tls().orElse(null);
            if (tls == null) continue;
            Place at = place.at("listeners").item(i).at("tls").at("passthrough");
            checkUpstreams(tls.passthrough(), config, at);
            checkReachability(tls.passthrough(), at);
        }
    }

    /** The client's TLS inside another: an origin that wants the one would get the other. */
    private static void checkUpstreams(List<PassThrough> rules, ProxyConfig config, Place place) {
        for (int i = 0; i < rules.size(); i++) {
            String name = rules.get(i).to();
            UpstreamConfig upstream = config.upstreams().get(name);
            if (upstream == null || upstream.tls().isEmpty()) continue;
            Place at = place.item(i).at("to");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "what is passed through would be encrypted twice")
                    .found("upstream \"" + name + "\", which has tls")
                    .expected("an upstream without tls: the client's own reaches its endpoints"));
        }
    }

    private static void checkReachability(List<PassThrough> rules, Place place) {
        PassThroughCoverage coverage = new PassThroughCoverage();
        for (int i = 0; i < rules.size(); i++) {
            int earlier = coverage.coveredBy(rules.get(i));
            coverage.add(i, rules.get(i));
            if (earlier < 0) continue;
            Place at = place.item(i);
            at.report(at.problem(ProblemCode.UNREACHABLE_ROUTE, "the passthrough can never match")
                    .found("item " + (i + 1) + ", to \"" + rules.get(i).to() + "\"")
                    .expected("one that item " + (earlier + 1) + ", which is earlier, does not cover")
                    .suggest("move it before item " + (earlier + 1)));
        }
    }
}
