package dev.headgate.config;

import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Place;
import java.util.List;
import java.util.Set;

/** Which keys of a listener mean something, by what is spoken there. One that means nothing is a mistake of whoever wrote it. */
final class ListenerScope {
    private static final List<String> HTTP_PARTS = List.of("redirectToHttps", "bodyRate", "uri", "http1", "http2");
    private static final List<String> HTTP_LIMITS = List.of(
            "requestLine",
            "headerLine",
            "headerBytes",
            "headerCount",
            "headerName",
            "body",
            "trailerBytes",
            "chunkExtensionBytes",
            "requestsPerConnection",
            "connectionAge",
            "drainBytes");
    private static final List<String> HTTP_TIMEOUTS =
            List.of("header", "bodyIdle", "keepAlive", "sendStall", "drain", "linger", "expectContinue");
    private static final List<String> HTTP_TLS = List.of("sniHost", "hsts", "names");
    private static final List<String> OWN_TLS =
            List.of("profile", "sniHost", "hsts", "watch", "clientAuth", "names", "provider");
    private static final List<String> TUNNEL_TIMEOUTS = List.of("tunnelIdle", "tunnelAge");

    private ListenerScope() {}

    static Set<String> limitsWithheld(ListenerConfig listener) {
        return listener.servesHttp() ? Set.of() : Set.copyOf(HTTP_LIMITS);
    }

    static Set<String> timeoutsWithheld(ListenerConfig listener) {
        if (!listener.servesHttp()) return Set.copyOf(HTTP_TIMEOUTS);
        return listener.hasTunnels() ? Set.of() : Set.copyOf(TUNNEL_TIMEOUTS);
    }

    static Set<String> tlsWithheld(ListenerConfig listener) {
        if (isPassingOnly(listener)) return Set.copyOf(OWN_TLS);
        return listener.isLayer4() ? Set.copyOf(HTTP_TLS) : Set.of();
    }

    private static boolean isPassingOnly(ListenerConfig listener) {
        return listener.tls().isPresent() && !listener.tls().get().isTerminating();
    }

    static void check(ListenerConfig listener, Place place) {
        if (isPassingOnly(listener) && !isMeant(listener, place)) return;
        if (listener.isLayer4()) {
            checkLayer4(listener, place);
        } else if (listener.to().isPresent()) {
            place.report(Problem.at(
                            place.markOfKey("to"),
                            ProblemCode.INCONSISTENT_VALUES,
                            "a listener for HTTP sends requests where its routes say")
                    .found("to without protocols tcp")
                    .expected("protocols: tcp, or a route with to"));
        }
        Place tls = place.has("tls") ? place.at("tls") : null;
        if (tls != null && isPassingOnly(listener)) {
            report(OWN_TLS, tls, "TLS that ends here, and none does", "a listener that only passes TLS through");
        } else if (tls != null && listener.isLayer4()) {
            report(HTTP_TLS, tls, "HTTP, which is not spoken here", "a listener for tcp");
            checkForward(listener, tls);
        }
        checkHttpKeys(listener, place);
    }

    /** Whether TLS is passed through alone on purpose: not when certificates were found wrong, or forgotten. */
    private static boolean isMeant(ListenerConfig listener, Place place) {
        return !place.at("tls").has("certificates")
                && listener.tls().isPresent()
                && !listener.tls().get().passthrough().isEmpty();
    }

    private static void checkLayer4(ListenerConfig listener, Place place) {
        if (listener.protocols().size() > 1) {
            Place at = place.at("protocols");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "tcp beside another protocol")
                    .found("tcp, and another")
                    .expected("tcp alone: its bytes are not looked at, so nothing tells one protocol from the other"));
        }
        if (listener.to().isEmpty()) {
            place.report(place.problem(ProblemCode.MISSING_KEY, "the listener's connections go nowhere")
                    .found("protocols tcp without to")
                    .expected("to: name of an upstream"));
        } else if (isPassingOnly(listener)) {
            Place at = place.at("to");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "nothing is left for to: no TLS ends here")
                    .found("tls with passthrough and without certificates")
                    .expected("certificates in tls, or no protocols and no to")
                    .suggest("a last passthrough of to alone takes every name"));
        }
    }

    /** Fields of requests tell origins who a client is, and here are no requests. */
    private static void checkForward(ListenerConfig listener, Place tls) {
        if (listener.tls().isEmpty()
                || listener.tls().get().clientAuth().forwards().isEmpty()) return;
        report(List.of("forward"), tls.at("clientAuth"), "HTTP, which is not spoken here", "a listener for tcp");
    }

    private static void checkHttpKeys(ListenerConfig listener, Place place) {
        Place timeouts = place.has("timeouts") ? place.at("timeouts") : null;
        if (listener.servesHttp()) {
            if (!listener.speaksHttp2()) {
                report(List.of("http2"), place, "HTTP/2, which is not spoken here", "a listener without protocol h2");
            }
            if (timeouts != null && !listener.hasTunnels()) {
                report(TUNNEL_TIMEOUTS, timeouts, "tunnels, of which there are none here", "a listener for HTTP alone");
            }
            return;
        }
        String what = "HTTP, which is not spoken here";
        String where = listener.isLayer4() ? "a listener for tcp" : "a listener that only passes TLS through";
        report(HTTP_PARTS, place, what, where);
        if (place.has("limits")) report(HTTP_LIMITS, place.at("limits"), what, where);
        if (timeouts != null) report(HTTP_TIMEOUTS, timeouts, what, where);
    }

    private static void report(List<String> keys, Place place, String what, String where) {
        for (String key : keys) {
            if (!place.has(key)) continue;
            place.report(Problem.at(place.markOfKey(key), ProblemCode.INCONSISTENT_VALUES, key + " is for " + what)
                    .found(key + " at " + where)
                    .expected("no such key"));
        }
    }
}
