package dev.headgate.config;

import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.List;

/** The keys of the redirect from a plain listener to HTTPS. */
final class RedirectToHttpsLanguage {
    private static final String KEY = "redirectToHttps";

    /** So few that they stay below the bound of {@link RouteBranching} however they branch. */
    private static final int EXCEPT_MAX = 8;

    private static final int HTTPS_PORT = 443;
    private static final int DEFAULT_STATUS = 308;
    private static final List<Integer> STATUSES = List.of(301, 302, 307, 308);

    static final ObjectSpec<RedirectToHttps> REDIRECT_TO_HTTPS = redirectToHttps();

    private RedirectToHttpsLanguage() {}

    private static ObjectSpec<RedirectToHttps> redirectToHttps() {
        var spec = ObjectSpec.<RedirectToHttps>named(
                "listener.redirectToHttps", "Sends clients of a plain listener to the same URI with https.");
        var port = spec.withDefault(
                "port",
                Scalars.count(1, 65535),
                HTTPS_PORT,
                "Where clients reach HTTPS, as they see it; 443 is left out of the URI.");
        var status = spec.withDefault(
                "status",
                RespondLanguage.statusAmong(STATUSES),
                DEFAULT_STATUS,
                "The status code; 308 and 301 are kept by browsers for good, and 307 and 308 keep method and content.");
        var except = spec.withDefault(
                "except",
                new ListSpec<>(HttpScalars.pathPattern(), 0, EXCEPT_MAX),
                List.of(),
                "Paths whose requests go to the routes as usual: /exact, /prefix/** or /a/*/b; several as a list.");
        return spec.build(new Shape<>() {
            @Override
            public RedirectToHttps make(Values<RedirectToHttps> values) {
                return new RedirectToHttps(values.get(port), values.get(status), values.get(except));
            }

            @Override
            public void split(RedirectToHttps redirect, Values<RedirectToHttps> values) {
                values.put(port, redirect.port());
                values.put(status, redirect.status());
                values.put(except, redirect.except());
            }
        });
    }

    /** Clients of a listener with TLS are where they should be. */
    static void check(ListenerConfig listener, Place place) {
        if (listener.tls().isEmpty() || listener.redirectToHttps().isEmpty()) return;
        place.report(Problem.at(
                        place.markOfKey(KEY),
                        ProblemCode.CONFLICTING_KEYS,
                        "clients of this listener use https already")
                .found("tls and " + KEY)
                .expected(KEY + " on a listener without tls")
                .suggest("add a listener for plain HTTP, and put " + KEY + " there"));
    }
}
