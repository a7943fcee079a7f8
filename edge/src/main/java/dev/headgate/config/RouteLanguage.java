package dev.headgate.config;

import dev.headgate.config.RouteConfig.HeaderEdits;
import dev.headgate.config.RouteConfig.HeaderRules;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.RouteConfig.RouteAction.Redirect;
import dev.headgate.config.RouteConfig.RouteAction.Respond;
import dev.headgate.config.RouteConfig.RouteLimits;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.config.RouteConfig.RouteRetry;
import dev.headgate.config.RouteConfig.RouteTimeouts;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.Key;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
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
    static final ObjectSpec<RouteConfig> ROUTE = route();

    private RouteLanguage() {}

    private static ObjectSpec<RouteConfig> route() {
        var spec = ObjectSpec.<RouteConfig>named(
                "route", "Which requests it takes, and what becomes of them: exactly one of to, respond and redirect.");
        var name = spec.optional(
                "name",
                Scalars.name(),
                RouteConfig::name,
                "Identity across reloads; label in metrics and logs. By default route-N, N its place from 1.");
        var match = spec.withDefault(
                "match",
                MATCH,
                MATCH.defaults(),
                RouteConfig::match,
                "Which requests it takes; every request by default.");
        var to = spec.optional(
                "to",
                new UpstreamReference(Scalars.name()),
                route -> route.action() instanceof RouteAction.To(String upstream) ? upstream : null,
                "Forward to the upstream of this name.");
        var respond = spec.optional(
                "respond",
                RESPOND,
                route -> route.action() instanceof Respond action ? action : null,
                "Answer without an upstream.");
        var redirect = spec.optional(
                "redirect",
                REDIRECT,
                route -> route.action() instanceof Redirect action ? action : null,
                "Send the client elsewhere.");
        var headers = spec.withDefault(
                "headers", HEADERS, HEADERS.defaults(), RouteConfig::headers, "Changes to the heads that pass.");
        var limits = spec.withDefault(
                "limits", LIMITS, LIMITS.defaults(), RouteConfig::limits, "Limits in place of the listener's.");
        var timeouts = spec.withDefault(
                "timeouts",
                TIMEOUTS,
                TIMEOUTS.defaults(),
                RouteConfig::timeouts,
                "Timeouts in place of the upstream's.");
        var retry = spec.withDefault(
                "retry", RETRY, RETRY.defaults(), RouteConfig::retry, "Retry in place of the upstream's.");
        spec.check(RouteLanguage::checkAction);
        return spec.build(values -> new RouteConfig(
                Optional.ofNullable(values.find(name)).orElse(""),
                values.get(match),
                actionOf(values.find(to), values.find(respond), values.find(redirect)),
                values.get(headers),
                values.get(limits),
                values.get(timeouts),
                values.get(retry)));
    }

    /** Some action, whatever the keys: {@link #checkAction} refuses any number of them but one. */
    private static RouteAction actionOf(@Nullable String to, @Nullable Respond respond, @Nullable Redirect redirect) {
        if (respond != null) return respond;
        if (redirect != null) return redirect;
        return new RouteAction.To(to == null ? "" : to);
    }

    private static void checkAction(RouteConfig route, Place place) {
        List<String> given =
                List.of("to", "respond", "redirect").stream().filter(place::has).toList();
        if (given.size() == 1) return;
        place.report(Problem.at(
                        given.isEmpty() ? place.mark() : place.markOfKey(given.get(1)),
                        ProblemCode.CONFLICTING_KEYS,
                        given.isEmpty() ? "the route does nothing" : "the route does more than one thing")
                .found(given.isEmpty() ? "none of to, respond, redirect" : String.join(" and ", given))
                .expected("exactly one of to, respond, redirect"));
    }

    static RouteConfig named(String name, RouteConfig route) {
        return new RouteConfig(
                name, route.match(), route.action(), route.headers(), route.limits(), route.timeouts(), route.retry());
    }

    /** The name of an upstream, which must exist. */
    private record UpstreamReference(ScalarSpec<String> name) implements Spec<String> {
        @Override
        public @Nullable String read(Node node, Reading reading) {
            String text = name.read(node, reading);
            if (text != null) reading.refer(text, node.mark());
            return text;
        }

        @Override
        public Object write(String value) {
            return name.write(value);
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return name.schema(definitions);
        }

        @Override
        public String typeName() {
            return "name of an upstream";
        }
    }

    private static ObjectSpec<RouteMatch> match() {
        var spec = ObjectSpec.<RouteMatch>named(
                "route.match", "Requests that one of the hosts and one of the paths take; what is left out takes any.");
        var host = spec.withDefault(
                "host",
                new ListSpec<>(HttpScalars.hostPattern(), 0, ALTERNATIVES_MAX),
                List.of(),
                RouteMatch::hosts,
                "A host, or *.example.com for every name below example.com; several as a list. Ports do not count.");
        var path = spec.withDefault(
                "path",
                new ListSpec<>(HttpScalars.pathPattern(), 0, ALTERNATIVES_MAX),
                List.of(),
                RouteMatch::paths,
                "/exact, /prefix/** (also takes /prefix), or /a/*/b with one segment for the star; several as a list.");
        return spec.build(values -> new RouteMatch(values.get(host), values.get(path)));
    }

    private static ObjectSpec<HeaderRules> headers() {
        var spec = ObjectSpec.<HeaderRules>named("route.headers", "Changes to the heads that pass.");
        var request = spec.withDefault(
                "request", EDITS, HeaderEdits.NONE, HeaderRules::request, "Changes to what the origin sees.");
        var response = spec.withDefault(
                "response", EDITS, HeaderEdits.NONE, HeaderRules::response, "Changes to what the client sees.");
        return spec.build(values -> new HeaderRules(values.get(request), values.get(response)));
    }

    private static ObjectSpec<HeaderEdits> edits() {
        var spec = ObjectSpec.<HeaderEdits>named(
                "headerEdits", "Changes to one head, applied in the order remove, set, add.");
        var remove = spec.withDefault(
                "remove",
                new ListSpec<>(HttpScalars.fieldName(), 0, ALTERNATIVES_MAX),
                List.of(),
                HeaderEdits::remove,
                "Fields to leave out.");
        var set = spec.withDefault(
                "set", new HeaderLinesSpec(1), List.of(), HeaderEdits::set, "Fields that replace all of their name.");
        var add = spec.withDefault(
                "add",
                new HeaderLinesSpec(ALTERNATIVES_MAX),
                List.of(),
                HeaderEdits::add,
                "Fields that come beside those of their name.");
        return spec.build(values -> new HeaderEdits(values.get(remove), values.get(set), values.get(add)));
    }

    private static ObjectSpec<RouteLimits> limits() {
        var spec = ObjectSpec.<RouteLimits>named("route.limits", "Limits in place of the listener's.");
        var body = spec.optional(
                "body",
                ListenerLanguage.bodySize(),
                limits -> orNull(limits.bodyBytes()),
                "Content of a request. A longer one gets 413.");
        return spec.build(values -> new RouteLimits(optional(values, body)));
    }

    private static ObjectSpec<RouteTimeouts> timeouts() {
        var spec = ObjectSpec.<RouteTimeouts>named("route.timeouts", "Timeouts in place of the upstream's.");
        var request = spec.optional(
                "request",
                Durations.between(10 * Durations.MILLISECOND, 720 * Durations.HOUR),
                timeouts -> orNull(timeouts.requestNs()),
                "The whole exchange, from the end of the request head to the last byte of the response. Then 504, or an"
                        + " abort once the response has begun. By default there is no such bound.");
        var firstByte = spec.optional(
                "firstByte",
                UpstreamLanguage.firstByte(),
                timeouts -> orNull(timeouts.firstByteNs()),
                "From the last byte of the request to the end of the response head; absolute. Then 504.");
        var bodyIdle = spec.optional(
                "bodyIdle",
                UpstreamLanguage.bodyIdle(),
                timeouts -> orNull(timeouts.bodyIdleNs()),
                "Longest silence within a body, in either direction. Then the exchange is aborted.");
        return spec.build(values ->
                new RouteTimeouts(optional(values, request), optional(values, firstByte), optional(values, bodyIdle)));
    }

    private static ObjectSpec<RouteRetry> retry() {
        var spec = ObjectSpec.<RouteRetry>named("route.retry", "Retry in place of the upstream's.");
        var attempts = spec.optional(
                "attempts",
                Scalars.count(1, UpstreamLanguage.ATTEMPTS_MAX),
                retry -> retry.attempts().isPresent()
                        ? (Integer) retry.attempts().getAsInt()
                        : null,
                "Tries in all, the first one included.");
        var perTry = spec.optional(
                "perTry",
                UpstreamLanguage.perTry(),
                retry -> orNull(retry.perTryNs()),
                "Time for one attempt up to its response head; none leaves that to firstByte.");
        return spec.build(values -> {
            Integer tries = values.find(attempts);
            return new RouteRetry(
                    tries == null ? OptionalInt.empty() : OptionalInt.of(tries), optional(values, perTry));
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
