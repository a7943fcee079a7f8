package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteAction.Redirect;
import dev.headgate.config.RouteConfig.RouteAction.Respond;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Schemas;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The keys of the two actions that need no upstream. */
final class RespondLanguage {
    static final String DEFAULT_CONTENT_TYPE = "text/plain; charset=utf-8";
    private static final int DEFAULT_REDIRECT_STATUS = 307;
    private static final int BODY_LENGTH_MAX = 64 << 10;
    private static final List<Integer> REDIRECT_STATUSES = List.of(301, 302, 303, 307, 308);
    private static final List<String> PARTS = List.of("scheme", "host", "path", "stripPrefix", "addPrefix");

    static final ObjectSpec<Respond> RESPOND = respond("route.respond", "A response that the proxy makes itself.", 200);
    static final ObjectSpec<Respond> FALLBACK = respond(
            "route.fallback.respond", "A response that the proxy makes itself, as its upstream cannot serve.", 503);
    static final ObjectSpec<Redirect> REDIRECT = redirect();

    private RespondLanguage() {}

    private static ObjectSpec<Respond> respond(String name, String doc, int usualStatus) {
        var spec = ObjectSpec.<Respond>named(name, doc);
        var status = spec.withDefault("status", Scalars.count(200, 599), usualStatus, "The status code.");
        var body = spec.withDefault(
                "body",
                Scalars.text("text", "text of at most 65536 characters", RespondLanguage::checkBody),
                "",
                "The content, sent as UTF-8.");
        var contentType = spec.withDefault(
                "contentType",
                HttpScalars.fieldValue(),
                DEFAULT_CONTENT_TYPE,
                "The Content-Type; sent when there is a body.");
        var headers = spec.withDefault("headers", new HeaderLinesSpec(64), List.of(), "Further header fields.");
        return spec.build(new Shape<>() {
            @Override
            public Respond make(Values<Respond> values) {
                return new Respond(values.get(status), values.get(body), values.get(contentType), values.get(headers));
            }

            @Override
            public void split(Respond respond, Values<Respond> values) {
                values.put(status, respond.status());
                values.put(body, respond.body());
                values.put(contentType, respond.contentType());
                values.put(headers, respond.headers());
            }

            @Override
            public void check(Respond respond, Place place) {
                checkContent(respond, place);
            }
        });
    }

    private static String checkBody(ScalarSpec.Value value) throws Refused {
        if (value.text().length() > BODY_LENGTH_MAX) throw Refused.badValue("the body is too long");
        return value.text();
    }

    private static void checkContent(Respond respond, Place place) {
        boolean bodyless = respond.status() == 204 || respond.status() == 205 || respond.status() == 304;
        if (bodyless && !respond.body().isEmpty()) {
            Place at = place.at("body");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "a response of this status has no content")
                    .found("status " + respond.status() + " with a body")
                    .expected("no body, or another status"));
        }
        if (respond.headers().stream().anyMatch(line -> line.name().equals("content-type"))) {
            Place at = place.at("headers");
            at.report(at.problem(ProblemCode.CONFLICTING_KEYS, "the content type has a key of its own")
                    .found("content-type under headers")
                    .suggest("use contentType"));
        }
    }

    private static ObjectSpec<Redirect> redirect() {
        var spec = ObjectSpec.<Redirect>named(
                "route.redirect",
                "A redirect: to a fixed location, or to the request's own URI with some of its parts replaced.");
        var status = spec.withDefault(
                "status",
                statusAmong(REDIRECT_STATUSES),
                DEFAULT_REDIRECT_STATUS,
                "The status code; 308 and 301 are kept by browsers for good.");
        var to = spec.optional("to", HttpScalars.location(), "The location as it stands.");
        var scheme =
                spec.optional("scheme", Scalars.words(Words.of("https", "https", "http", "http")), "Another scheme.");
        var host = spec.optional("host", HttpScalars.authority(), "Another host, with a port or without.");
        var path = spec.optional("path", HttpScalars.path(), "Another path.");
        var stripPrefix = spec.optional(
                "stripPrefix",
                HttpScalars.pathPrefix(),
                "Whole segments taken off the front of the path, where it has them.");
        var addPrefix = spec.optional(
                "addPrefix", HttpScalars.pathPrefix(), "Whole segments put before the path, after stripping.");
        var keepQuery = spec.withDefault("keepQuery", Scalars.bool(), true, "Whether the query comes along.");
        return spec.build(new Shape<>() {
            @Override
            public Redirect make(Values<Redirect> values) {
                return new Redirect(
                        values.get(status),
                        Optional.ofNullable(values.find(to)),
                        Optional.ofNullable(values.find(scheme)),
                        Optional.ofNullable(values.find(host)),
                        Optional.ofNullable(values.find(path)),
                        Optional.ofNullable(values.find(stripPrefix)),
                        Optional.ofNullable(values.find(addPrefix)),
                        values.get(keepQuery));
            }

            @Override
            public void split(Redirect redirect, Values<Redirect> values) {
                values.put(status, redirect.status());
                values.put(to, redirect.to().orElse(null));
                values.put(scheme, redirect.scheme().orElse(null));
                values.put(host, redirect.host().orElse(null));
                values.put(path, redirect.path().orElse(null));
                values.put(stripPrefix, redirect.stripPrefix().orElse(null));
                values.put(addPrefix, redirect.addPrefix().orElse(null));
                values.put(keepQuery, redirect.keepQuery());
            }

            @Override
            public void check(Redirect redirect, Place place) {
                checkTarget(place);
            }
        });
    }

    /** One of the statuses that send a client elsewhere. */
    static ScalarSpec<Integer> statusAmong(List<Integer> statuses) {
        ScalarSpec<Integer> any = Scalars.count(300, 399);
        String listed = statuses.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new ScalarSpec<>(
                "status",
                "one of " + listed,
                listed,
                new ScalarSpec.Notation<>() {
                    @Override
                    public Integer parse(ScalarSpec.Value value) throws Refused {
                        Integer status = any.notation().parse(value);
                        if (statuses.contains(status)) return status;
                        throw new Refused(ProblemCode.OUT_OF_RANGE, "not the status of a redirect", "", "");
                    }

                    @Override
                    public Object write(Integer status) {
                        return any.notation().write(status);
                    }
                },
                Schemas.typed(
                        "integer",
                        "enum",
                        statuses.stream().map(Integer::longValue).toList()));
    }

    private static void checkTarget(Place place) {
        List<String> parts = PARTS.stream().filter(place::has).toList();
        if (!place.has("to") && parts.isEmpty()) {
            place.report(place.problem(ProblemCode.CONFLICTING_KEYS, "the redirect leads back to where it came from")
                    .found("neither to nor a part of the URI")
                    .expected("to, or some of " + String.join(", ", PARTS)));
        } else if (place.has("to") && !parts.isEmpty()) {
            reportConflict(place, parts.getFirst(), "to and " + parts.getFirst(), "either to, or parts of the URI");
        } else if (place.has("path") && (place.has("stripPrefix") || place.has("addPrefix"))) {
            String other = place.has("stripPrefix") ? "stripPrefix" : "addPrefix";
            reportConflict(place, other, "path and " + other, "either a whole path, or changes to its front");
        }
    }

    private static void reportConflict(Place place, String key, String found, String expected) {
        place.report(Problem.at(place.markOfKey(key), ProblemCode.CONFLICTING_KEYS, "these keys exclude each other")
                .found(found)
                .expected(expected));
    }
}
