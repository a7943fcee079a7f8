package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Sizes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that need the whole configuration. */
final class DocumentChecks {
    /** Exchanges at their largest that the memory must hold at once: fewer, and a handful of clients could stop it. */
    static final int LARGEST_EXCHANGES_MIN = 64;

    /** What a temporary file takes of the memory: what waits to be written, and what has just come. */
    static final int REPLAY_FILE_MEMORY_BYTES = 320 << 10;

    /** Different ways in which routes look at certificates: each is looked up by itself. */
    static final int CERTIFICATE_MATCHES_MAX = 64;

    private DocumentChecks() {}

    /** There are routes exactly when there can be requests. */
    static void checkRoutes(ProxyConfig config, Place place) {
        boolean servesHttp = config.listeners().stream().anyMatch(ListenerConfig::servesHttp);
        if (servesHttp && config.routes().isEmpty()) {
            place.report(place.problem(ProblemCode.MISSING_KEY, "the key routes is missing")
                    .expected("routes: list of route"));
        } else if (!servesHttp && !config.routes().isEmpty() && !hasLostCertificates(config, place)) {
            place.report(Problem.at(
                            place.markOfKey("routes"), ProblemCode.INCONSISTENT_VALUES, "no request can meet a route")
                    .found("routes, and no listener that speaks HTTP")
                    .expected("a listener for HTTP, or no routes"));
        }
    }

    /** Whether a listener is meant to end TLS, and its certificates were found wrong. */
    private static boolean hasLostCertificates(ProxyConfig config, Place place) {
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            Place at = place.at("listeners").item(i);
            boolean hasWritten = at.has("tls") && at.at("tls").has("certificates");
            if (!listener.isLayer4() && (hasWritten || !listener.hasTunnels())) return true;
        }
        return false;
    }

    static void checkReachability(ProxyConfig config, Place place) {
        // What a route takes of some clients only, it does not take from a later one.
        RouteCoverage anybody = new RouteCoverage();
        Map<CertificateMatch, RouteCoverage> byCertificate = new HashMap<>();
        List<RouteConfig> routes = config.routes();
        for (int i = 0; i < routes.size(); i++) {
            RouteMatch match = routes.get(i).match();
            CertificateMatch certificate = match.certificate().orElse(null);
            RouteCoverage same = certificate == null
                    ? anybody
                    : byCertificate.computeIfAbsent(certificate, key -> new RouteCoverage());
            int earlier = anybody.coveredBy(match);
            if (earlier < 0 && certificate != null) earlier = same.coveredBy(match);
            if (earlier >= 0) {
                Place at = place.at("routes").item(i);
                at.report(at.problem(ProblemCode.UNREACHABLE_ROUTE, "the route can never match")
                        .found("\"" + routes.get(i).name() + "\"")
                        .expected(
                                "a route that \"" + routes.get(earlier).name() + "\", which is earlier, does not cover")
                        .suggest("move it before \"" + routes.get(earlier).name() + "\""));
            }
            same.add(i, match);
        }
    }

    /** A route for certificates needs somebody who asks for them. */
    static void checkCertificates(ProxyConfig config, Place place) {
        boolean isAskedFor = config.listeners().stream()
                .filter(ListenerConfig::servesHttp)
                .flatMap(listener -> listener.tls().stream())
                .anyMatch(tls -> tls.clientAuth().asksAnybody());
        Set<CertificateMatch> distinct = new LinkedHashSet<>();
        List<RouteConfig> routes = config.routes();
        for (int i = 0; i < routes.size(); i++) {
            CertificateMatch certificate = routes.get(i).match().certificate().orElse(null);
            if (certificate == null) continue;
            Place at = place.at("routes").item(i).at("match").at("clientCertificate");
            if (certificate.isVerified() && !isAskedFor) {
                at.report(at.problem(ProblemCode.UNREACHABLE_ROUTE, "no listener asks clients for a certificate")
                        .found("\"" + routes.get(i).name() + "\"")
                        .expected("a listener with tls.clientAuth"));
            }
            if (distinct.add(certificate) && distinct.size() == CERTIFICATE_MATCHES_MAX + 1) {
                at.report(at.problem(
                                ProblemCode.OUT_OF_RANGE,
                                "routes look at client certificates in too many different ways")
                        .found(distinct.size() + " of them")
                        .expected("at most " + CERTIFICATE_MATCHES_MAX + "; lists count as one"));
            }
        }
    }

    static void checkBranching(ProxyConfig config, Place place) {
        RouteBranching branching = new RouteBranching();
        for (RouteConfig route : config.routes()) branching.add(route.match());
        int visitsMax = branching.visitsMax();
        if (visitsMax <= RouteBranching.VISITS_MAX) return;
        Place at = place.at("routes");
        at.report(at.problem(
                        ProblemCode.INCONSISTENT_VALUES, "path patterns branch too often between * and fixed segments")
                .found("one request could be compared with " + visitsMax + " segments of patterns")
                .expected("at most " + RouteBranching.VISITS_MAX));
    }

    static void checkConnections(ProxyConfig config, Place place) {
        int processMax = config.limits().connections();
        for (int i = 0; i < config.listeners().size(); i++) {
            int listenerMax = config.listeners().get(i).limits().connections();
            if (listenerMax <= processMax) continue;
            Place at = place.at("listeners").item(i).at("limits").at("connections");
            at.report(
                    at.problem(ProblemCode.INCONSISTENT_VALUES, "the listener allows more connections than the process")
                            .found("connections " + listenerMax + ", limits.connections " + processMax)
                            .expected("at most limits.connections"));
        }
    }

    /** No request can have more room than all have together. */
    static void checkReplayFiles(ProxyConfig config, Place place) {
        long togetherBytes = config.limits().replayFilesBytes();
        config.upstreams()
                .forEach((name, upstream) -> upstream.retry().replayFile().ifPresent(file -> {
                    if (file.maxBytes() <= togetherBytes) return;
                    Place at = place.at("upstreams")
                            .at(name)
                            .at("retry")
                            .at("replayFile")
                            .at("max");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "one file may be longer than all together")
                            .found("max " + Sizes.format(file.maxBytes()) + ", limits.replayFiles "
                                    + Sizes.format(togetherBytes))
                            .expected("at most limits.replayFiles"));
                }));
    }

    static void checkMemory(ProxyConfig config, Place place) {
        long neededBytes = LARGEST_EXCHANGES_MIN * largestExchangeBytes(config);
        long memoryBytes = config.limits().memoryBytes();
        if (neededBytes <= memoryBytes) return;
        Place at = place.at("limits").at("memory");
        long suggestedBytes = Math.ceilDiv(neededBytes, Sizes.MIB) * Sizes.MIB;
        at.report(at.problem(
                        ProblemCode.DOES_NOT_FIT,
                        "the memory holds fewer than " + LARGEST_EXCHANGES_MIN + " exchanges at their largest")
                .found("memory " + Sizes.format(memoryBytes))
                .expected("at least " + Sizes.format(suggestedBytes) + " for these limits, or lower limits")
                .suggest("write memory: " + Sizes.format(suggestedBytes)));
    }

    /** What one exchange can hold: both heads, both directions' buffers, trailers, and the body kept for a retry. */
    private static long largestExchangeBytes(ProxyConfig config) {
        long downstreamBytes = 0;
        for (ListenerConfig listener : config.listeners()) {
            ListenerLimits limits = listener.limits();
            long bytes = (long) limits.requestLineBytes()
                    + limits.headerBytes()
                    + limits.trailerBytes()
                    + 2L * limits.bufferBytes()
                    + (listener.speaksHttp2() ? listener.http2().streamWindowBytes() : 0);
            downstreamBytes = Math.max(downstreamBytes, bytes);
        }
        long upstreamBytes = 0;
        for (UpstreamConfig upstream : config.upstreams().values()) {
            long bytes = (long) upstream.limits().headerBytes()
                    + upstream.limits().trailerBytes()
                    + upstream.retry().replayBytes()
                    + (upstream.retry().replayFile().isPresent() ? REPLAY_FILE_MEMORY_BYTES : 0)
                    + (upstream.speaksHttp2() ? upstream.http2().streamWindowBytes() : 0);
            upstreamBytes = Math.max(upstreamBytes, bytes);
        }
        return downstreamBytes + upstreamBytes;
    }
}
