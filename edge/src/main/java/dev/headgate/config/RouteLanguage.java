package dev.headgate.config;

import dev.headgate.config.RouteConfig.HeaderEdits;
import dev.headgate.config.RouteConfig.HeaderRules;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.RouteConfig.RouteAction.Redirect;
import dev.headgate.config.RouteConfig.RouteAction.Respond;
import dev.headgate.config.RouteConfig.RouteFallback;
import dev.headgate.config.RouteConfig.RouteLimits;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.config.RouteConfig.RouteRetry;
import dev.headgate.config.RouteConfig.RouteTimeouts;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.Key;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The keys of a route. */
final class RouteLanguage {
    private static final int ALTERNATIVES_MAX = 64;

    static final ObjectSpec<RouteMatch> MATCH = match();
    static final ObjectSpec<Respond> RESPOND = RespondLanguage.RESPOND;
    static final ObjectSpec<Redirect> REDIRECT = RespondLanguage.REDIRECT;
    static final ObjectSpec<HeaderEdits> EDITS = edits();
    static final ObjectSpec<HeaderRules> HEADERS = headers();
    static final ObjectSpec<RouteLimits> LIMITS = limits();
    static final ObjectSpec<RouteTimeouts> TIMEOUTS = timeouts();
    static final ObjectSpec<RouteRetry> RETRY = retry();
    static final ObjectSpec<RouteAction.To> TO = to();
    private static final Spec<RouteAction.To> TO_OR_NAME = toOrName();
    static final ObjectSpec<RouteFallback> FALLBACK = fallback();
    static final ObjectSpec<RouteConfig> ROUTE = route();

    private RouteLanguage() {}

    private static ObjectSpec<RouteConfig> route() {
        var spec = ObjectSpec.<RouteConfig>named(
                "route", "Which requests it takes, and what becomes of them: exactly one of to, respond and redirect.");
        var name = spec.optional(
                "name",
                Scalars.name(),
                "Identity across reloads; label in metrics and logs. By default route-N, N its place from 1.");
        var match = spec.withDefault(
                "match", MATCH, MATCH.defaults(), "Which requests it takes; every request by default.");
        var to = spec.optional(
                "to",
                TO_OR_NAME,
                "Forward to the upstream of this name, or to those of its endpoints that have labels.");
        var respond = spec.optional("respond", RESPOND, "Answer without an upstream.");
        var redirect = spec.optional("redirect", REDIRECT, "Send the client elsewhere.");
        var headers = spec.withDefault("headers", HEADERS, HEADERS.defaults(), "Changes to the heads that pass.");
        var limits = spec.withDefault("limits", LIMITS, LIMITS.defaults(), "Limits in place of the listener's.");
        var timeouts =
                spec.withDefault("timeouts", TIMEOUTS, TIMEOUTS.defaults(), "Timeouts in place of the upstream's.");
        var retry = spec.withDefault("retry", RETRY, RETRY.defaults(), "Retry in place of the upstream's.");
        var webSocket = spec.withDefault(
                "webSocket",
                WebSocketLanguage.WEB_SOCKET_OR_OFF,
                Optional.of(WebSocketLanguage.WEB_SOCKET.defaults()),
                "What WebSockets may do here; off forwards requests for one as ordinary ones.");
        var grpcWeb = spec.withDefault(
                "grpcWeb",
                Scalars.bool(),
                false,
                "Whether calls by gRPC-Web, binary or text, are translated to gRPC, and their answers back.");
        var fallback = spec.optional(
                "fallback",
                FALLBACK,
                "What becomes of requests that the upstream does not serve. Without it clients learn of the failure.");
        return spec.build(new Shape<>() {
            @Override
            public RouteConfig make(Values<RouteConfig> values) {
                return new RouteConfig(
                        Optional.ofNullable(values.find(name)).orElse(""),
                        values.get(match),
                        actionOf(values.find(to), values.find(respond), values.find(redirect)),
                        values.get(headers),
                        values.get(limits),
                        values.get(timeouts),
                        values.get(retry),
                        values.get(webSocket),
                        values.get(grpcWeb),
                        Optional.ofNullable(values.find(fallback)));
            }

            @Override
            public void split(RouteConfig config, Values<RouteConfig> values) {
                values.put(name, config.name());
                values.put(match, config.match());
                values.put(to, config.action() instanceof RouteAction.To action ? action : null);
                values.put(respond, config.action() instanceof Respond action ? action : null);
                values.put(redirect, config.action() instanceof Redirect action ? action : null);
                values.put(headers, config.headers());
                values.put(limits, config.limits());
                values.put(timeouts, config.timeouts());
                values.put(retry, config.retry());
                values.put(webSocket, config.webSocket());
                values.put(grpcWeb, config.grpcWeb());
                values.put(fallback, config.fallback().orElse(null));
            }

            @Override
            public void check(RouteConfig config, Place place) {
                checkAction(place);
                checkFallback(config, place);
            }
        });
    }

    private static ObjectSpec<RouteAction.To> to() {
        var spec = ObjectSpec.<RouteAction.To>named(
                "route.to", "Where a route forwards to; the name of the upstream alone will do.");
        var upstream = spec.required(
                "upstream", new UpstreamReference(Scalars.name()), "Forward to the upstream of this name.");
        var labels = spec.withDefault(
                "labels",
                new LabelsSpec(1),
                Map.of(),
                "To those of its endpoints alone that have each of these labels with just that value.");
        return spec.build(new Shape<>() {
            @Override
            public RouteAction.To make(Values<RouteAction.To> values) {
                return new RouteAction.To(values.get(upstream), values.get(labels));
            }

            @Override
            public void split(RouteAction.To action, Values<RouteAction.To> values) {
                values.put(upstream, action.upstream());
                values.put(labels, action.labels());
            }
        });
    }

    private static Spec<RouteAction.To> toOrName() {
        return new ShorthandSpec<>(
                new MappedSpec<>(
                        new UpstreamReference(Scalars.name()),
                        name -> new RouteAction.To(name),
                        RouteAction.To::upstream),
                TO,
                action -> action.labels().isEmpty());
    }

    /** Some action, whatever the keys: {@link #checkAction} refuses any number of them but one. */
    private static RouteAction actionOf(
            RouteAction.@Nullable To to, @Nullable Respond respond, @Nullable Redirect redirect) {
        if (respond != null) return respond;
        if (redirect != null) return redirect;
        return to == null ? new RouteAction.To("") : to;
    }

    private static void checkAction(Place place) {
        checkOneOf(List.of("to", "respond", "redirect"), "the route", place);
    }

    private static void checkOneOf(List<String> keys, String who, Place place) {
        List<String> given = keys.stream().filter(place::has).toList();
        if (given.size() == 1) return;
        String all = String.join(", ", keys);
        place.report(Problem.at(
                        given.isEmpty() ? place.mark() : place.markOfKey(given.get(1)),
                        ProblemCode.CONFLICTING_KEYS,
                        who + (given.isEmpty() ? " does nothing" : " does more than one thing"))
                .found(given.isEmpty() ? "none of " + all : String.join(" and ", given))
                .expected("exactly one of " + all));
    }

    private static ObjectSpec<RouteFallback> fallback() {
        var spec = ObjectSpec.<RouteFallback>named(
                "route.fallback",
                "What becomes of requests that the route's upstream does not serve: exactly one of to and respond.");
        var to = spec.optional(
                "to",
                TO_OR_NAME,
                "Forward to this upstream in its place, once, as far as that is safe. What the route says in place of its upstream holds here too.");
        var respond = spec.optional("respond", RespondLanguage.FALLBACK, "Answer without an upstream.");
        var on = spec.withDefault(
                "on",
                RetryLanguage.FALLBACK_ON,
                FallbackOn.USUAL,
                "What it is taken for: failure is whatever the proxy would have to answer with a 502, 503 or 504 of its own; a"
                        + " status is an answer of the upstream.");
        return spec.build(new Shape<>() {
            @Override
            public RouteFallback make(Values<RouteFallback> values) {
                Respond answer = values.find(respond);
                RouteAction.To other = values.find(to);
                return new RouteFallback(
                        answer != null ? answer : other != null ? other : new RouteAction.To(""), values.get(on));
            }

            @Override
            public void split(RouteFallback fallback, Values<RouteFallback> values) {
                values.put(to, fallback.action() instanceof RouteAction.To action ? action : null);
                values.put(respond, fallback.action() instanceof Respond action ? action : null);
                values.put(on, fallback.on());
            }

            @Override
            public void check(RouteFallback fallback, Place place) {
                checkOneOf(List.of("to", "respond"), "the fallback", place);
            }
        });
    }

    private static void checkFallback(RouteConfig config, Place place) {
        if (config.fallback().isEmpty()) return;
        if (!(config.action() instanceof RouteAction.To to)) {
            place.report(Problem.at(
                            place.markOfKey("fallback"),
                            ProblemCode.WITHOUT_EFFECT,
                            "a route that does not forward cannot fail to")
                    .found("fallback")
                    .expected("to beside it, or no fallback"));
        } else if (config.fallback().get().action().equals(to)) {
            Place at = place.at("fallback").at("to");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the fallback is where the route leads anyway")
                    .found("\"" + to.upstream() + "\"")
                    .expected("another upstream, or other labels"));
        }
    }

    static RouteConfig named(String name, RouteConfig route) {
        return new RouteConfig(
                name,
                route.match(),
                route.action(),
                route.headers(),
                route.limits(),
                route.timeouts(),
                route.retry(),
                route.webSocket(),
                route.grpcWeb(),
                route.fallback());
    }

    private static ObjectSpec<RouteMatch> match() {
        var spec = ObjectSpec.<RouteMatch>named(
                "route.match", "Requests that one of the hosts and one of the paths take; what is left out takes any.");
        var host = spec.withDefault(
                "host",
                new ListSpec<>(HttpScalars.hostPattern(), 0, ALTERNATIVES_MAX),
                List.of(),
                "A host, or *.example.com for every name below example.com; several as a list. Ports do not count.");
        var path = spec.withDefault(
                "path",
                new ListSpec<>(HttpScalars.pathPattern(), 0, ALTERNATIVES_MAX),
                List.of(),
                "/exact, /prefix/** (also takes /prefix), or /a/*/b with one segment for the star; several as a list.");
        var clientCertificate = spec.optional(
                "clientCertificate",
                CertificateMatchLanguage.CERTIFICATE_MATCH,
                "What the client's certificate must be; {} takes every verified one.");
        return spec.build(new Shape<>() {
            @Override
            public RouteMatch make(Values<RouteMatch> values) {
                return new RouteMatch(
                        values.get(host), values.get(path), Optional.ofNullable(values.find(clientCertificate)));
            }

            @Override
            public void split(RouteMatch match, Values<RouteMatch> values) {
                values.put(host, match.hosts());
                values.put(path, match.paths());
                values.put(clientCertificate, match.certificate().orElse(null));
            }
        });
    }

    private static ObjectSpec<HeaderRules> headers() {
        var spec = ObjectSpec.<HeaderRules>named("route.headers", "Changes to the heads that pass.");
        var request = spec.withDefault("request", EDITS, HeaderEdits.NONE, "Changes to what the origin sees.");
        var response = spec.withDefault("response", EDITS, HeaderEdits.NONE, "Changes to what the client sees.");
        return spec.build(new Shape<>() {
            @Override
            public HeaderRules make(Values<HeaderRules> values) {
                return new HeaderRules(values.get(request), values.get(response));
            }

            @Override
            public void split(HeaderRules rules, Values<HeaderRules> values) {
                values.put(request, rules.request());
                values.put(response, rules.response());
            }
        });
    }

    private static ObjectSpec<HeaderEdits> edits() {
        var spec = ObjectSpec.<HeaderEdits>named(
                "headerEdits", "Changes to one head, applied in the order remove, set, add.");
        var remove = spec.withDefault(
                "remove",
                new ListSpec<>(HttpScalars.fieldName(), 0, ALTERNATIVES_MAX),
                List.of(),
                "Fields to leave out.");
        var set = spec.withDefault("set", new HeaderLinesSpec(1), List.of(), "Fields that replace all of their name.");
        var add = spec.withDefault(
                "add",
                new HeaderLinesSpec(ALTERNATIVES_MAX),
                List.of(),
                "Fields that come beside those of their name.");
        return spec.build(new Shape<>() {
            @Override
            public HeaderEdits make(Values<HeaderEdits> values) {
                return new HeaderEdits(values.get(remove), values.get(set), values.get(add));
            }

            @Override
            public void split(HeaderEdits edits, Values<HeaderEdits> values) {
                values.put(remove, edits.remove());
                values.put(set, edits.set());
                values.put(add, edits.add());
            }
        });
    }

    private static ObjectSpec<RouteLimits> limits() {
        var spec = ObjectSpec.<RouteLimits>named("route.limits", "Limits in place of the listener's.");
        var body = spec.optional("body", ListenerLanguage.bodySize(), "Content of a request. A longer one gets 413.");
        return spec.build(new Shape<>() {
            @Override
            public RouteLimits make(Values<RouteLimits> values) {
                return new RouteLimits(optional(values, body));
            }

            @Override
            public void split(RouteLimits limits, Values<RouteLimits> values) {
                values.put(body, orNull(limits.bodyBytes()));
            }
        });
    }

    private static ObjectSpec<RouteTimeouts> timeouts() {
        var spec = ObjectSpec.<RouteTimeouts>named("route.timeouts", "Timeouts in place of the upstream's.");
        var request = spec.optional(
                "request",
                Durations.between(10 * Durations.MILLISECOND, 720 * Durations.HOUR),
                "The whole exchange, from the end of the request head to the last byte of the response. Then 504, or an"
                        + " abort once the response has begun. By default there is no such bound.");
        var firstByte = spec.optional(
                "firstByte",
                UpstreamLanguage.firstByte(),
                "From the last byte of the request to the end of the response head; absolute. Then 504.");
        var bodyIdle = spec.optional(
                "bodyIdle",
                UpstreamLanguage.bodyIdle(),
                "Longest silence within a body, in either direction. Then the exchange is aborted.");
        return spec.build(new Shape<>() {
            @Override
            public RouteTimeouts make(Values<RouteTimeouts> values) {
                return new RouteTimeouts(
                        optional(values, request), optional(values, firstByte), optional(values, bodyIdle));
            }

            @Override
            public void split(RouteTimeouts timeouts, Values<RouteTimeouts> values) {
                values.put(request, orNull(timeouts.requestNs()));
                values.put(firstByte, orNull(timeouts.firstByteNs()));
                values.put(bodyIdle, orNull(timeouts.bodyIdleNs()));
            }
        });
    }

    private static ObjectSpec<RouteRetry> retry() {
        var spec = ObjectSpec.<RouteRetry>named("route.retry", "Retry in place of the upstream's.");
        var attempts = spec.optional(
                "attempts", Scalars.count(1, UpstreamLanguage.ATTEMPTS_MAX), "Tries in all, the first one included.");
        var perTry = spec.optional(
                "perTry",
                UpstreamLanguage.perTry(),
                "Time for one attempt up to its response head; none leaves that to firstByte.");
        var on = spec.optional("on", RetryLanguage.ON, UpstreamLanguage.RETRY_ON);
        var unsafe = spec.optional("unsafe", Scalars.bool(), UpstreamLanguage.RETRY_UNSAFE);
        var hedge = spec.optional("hedge", RetryLanguage.HEDGE, RetryLanguage.HEDGE_DOC);
        return spec.build(new Shape<>() {
            @Override
            public RouteRetry make(Values<RouteRetry> values) {
                Integer tries = values.find(attempts);
                return new RouteRetry(
                        tries == null ? OptionalInt.empty() : OptionalInt.of(tries),
                        optional(values, perTry),
                        Optional.ofNullable(values.find(on)),
                        Optional.ofNullable(values.find(unsafe)),
                        optional(values, hedge));
            }

            @Override
            public void split(RouteRetry retry, Values<RouteRetry> values) {
                values.put(
                        attempts,
                        retry.attempts().isPresent()
                                ? (Integer) retry.attempts().getAsInt()
                                : null);
                values.put(perTry, orNull(retry.perTryNs()));
                values.put(on, retry.on().orElse(null));
                values.put(unsafe, retry.isUnsafe().orElse(null));
                values.put(hedge, orNull(retry.hedgeAfterNs()));
            }
        });
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    private static <T> OptionalLong optional(Values<T> values, Key<T, Long> key) {
        Long value = values.find(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
