package dev.headgate.config;

import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.SameSite;
import dev.headgate.config.BalanceConfig.Secure;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of what keeps a client at its endpoint. */
final class StickyLanguage {
    private static final int SECRET_LENGTH_MIN = 8;
    private static final long TTL_MAX_NS = 400L * 24 * Durations.HOUR; // what browsers keep at most
    private static final List<String> OF_COOKIES = List.of("ttl", "sameSite", "secure", "httpOnly", "path", "secret");

    static final ObjectSpec<Draft> KEYS = keys();
    static final Spec<Sticky> STICKY = new MappedSpec<>(KEYS, Draft::toSticky, Draft::of);

    private StickyLanguage() {}

    /** The mapping as it is written. */
    record Draft(
            @Nullable String cookie,
            @Nullable String header,
            long ttlNs,
            SameSite sameSite,
            Secure secure,
            boolean httpOnly,
            String path,
            @Nullable Secret secret) {
        private static final String ROOT = "/";

        static Draft of(Sticky sticky) {
            return switch (sticky) {
                case Sticky.Cookie cookie ->
                    new Draft(
                            cookie.name(),
                            null,
                            cookie.ttlNs(),
                            cookie.sameSite(),
                            cookie.secure(),
                            cookie.httpOnly(),
                            cookie.path(),
                            cookie.secret().orElse(null));
                case Sticky.Header header ->
                    new Draft(null, header.name(), 0, SameSite.LAX, Secure.AUTO, true, ROOT, null);
            };
        }

        /** Something, whatever the keys: {@link #checkKeys} refuses both and none. */
        Sticky toSticky() {
            return header != null
                    ? new Sticky.Header(header)
                    : new Sticky.Cookie(
                            cookie == null ? "" : cookie,
                            ttlNs,
                            sameSite,
                            secure,
                            httpOnly,
                            path,
                            Optional.ofNullable(secret));
        }
    }

    private static ObjectSpec<Draft> keys() {
        var spec = ObjectSpec.<Draft>named(
                "upstream.sticky", "What keeps a client at its endpoint: exactly one of cookie and header.");
        var cookie = spec.optional(
                "cookie",
                Scalars.text("cookie name", "the name of a cookie", value -> BalanceLanguage.cookieName(value.text())),
                "A cookie of this name, which the proxy sets and origins do not see, names the endpoint to the proxy alone.");
        var header = spec.optional(
                "header",
                Scalars.text(
                        "field name",
                        "a header field name such as x-session",
                        value -> BalanceLanguage.keyField(value.text())),
                "Requests with the same value of this field go to the same endpoint; those without it as balance says.");
        var ttl = spec.withDefault(
                "ttl",
                Durations.between(Durations.SECOND, TTL_MAX_NS).orWord("session", 0L),
                0L,
                "How long the client keeps the cookie, from when it was set; session: until it ends its session.");
        var sameSite = spec.withDefault(
                "sameSite",
                Scalars.words(Words.of("lax", SameSite.LAX, "strict", SameSite.STRICT, "none", SameSite.NONE)),
                SameSite.LAX,
                "With which requests from other sites the cookie comes.");
        var secure = spec.withDefault(
                "secure",
                secure(),
                Secure.AUTO,
                "Whether the cookie comes by HTTPS alone; auto: where the request that gets it came by HTTPS, and always with sameSite: none.");
        var httpOnly = spec.withDefault("httpOnly", Scalars.bool(), true, "Whether scripts do not see the cookie.");
        var path = spec.withDefault("path", cookiePath(), "/", "Below which path the cookie comes.");
        var secret = spec.optional(
                "secret",
                BalanceLanguage.secret(SECRET_LENGTH_MIN),
                "What the cookie is signed with. Proxies with the same one understand each other's; without it each process has a key of"
                        + " its own.");
        return spec.build(new Shape<>() {
            @Override
            public Draft make(Values<Draft> values) {
                return new Draft(
                        values.find(cookie),
                        values.find(header),
                        values.get(ttl),
                        values.get(sameSite),
                        values.get(secure),
                        values.get(httpOnly),
                        values.get(path),
                        values.find(secret));
            }

            @Override
            public void split(Draft draft, Values<Draft> values) {
                values.put(cookie, draft.cookie());
                values.put(header, draft.header());
                if (draft.cookie() == null) return;
                values.put(ttl, draft.ttlNs());
                values.put(sameSite, draft.sameSite());
                values.put(secure, draft.secure());
                values.put(httpOnly, draft.httpOnly());
                values.put(path, draft.path());
                values.put(secret, draft.secret());
            }

            @Override
            public void check(Draft draft, Place place) {
                checkKeys(draft, place);
                if (draft.cookie() != null) checkCookie(draft, draft.cookie(), place);
            }
        });
    }

    private static ScalarSpec<Secure> secure() {
        return Scalars.bool()
                .map(value -> value ? Secure.YES : Secure.NO, value -> value == Secure.YES)
                .orWord("auto", Secure.AUTO);
    }

    /** A path that can stand in a cookie (RFC 6265 §4.1.1). */
    private static ScalarSpec<String> cookiePath() {
        return Scalars.text("path", "a path such as /a/b, without a semicolon", value -> {
            String path = Paths.checkPath(value.text());
            if (path.indexOf(';') >= 0) {
                throw Refused.badValue("a semicolon would end the path in a cookie");
            }
            return path;
        });
    }

    private static void checkKeys(Draft draft, Place place) {
        boolean hasCookie = draft.cookie() != null;
        boolean hasHeader = draft.header() != null;
        if (hasCookie == hasHeader) {
            place.report(Problem.at(
                            hasCookie ? place.markOfKey("header") : place.mark(),
                            ProblemCode.CONFLICTING_KEYS,
                            hasCookie ? "a client can stick by one thing alone" : "there is nothing to stick by")
                    .found(hasCookie ? "cookie and header" : "neither cookie nor header")
                    .expected("exactly one of cookie, header")
                    .suggest(hasCookie ? "" : "write cookie: NAME"));
            return;
        }
        for (String key : OF_COOKIES) {
            if (!hasHeader || !place.has(key)) continue;
            place.report(Problem.at(place.markOfKey(key), ProblemCode.CONFLICTING_KEYS, key + " is for a cookie")
                    .found("header and " + key)
                    .expected("cookie, or no " + key));
        }
    }

    private static void checkCookie(Draft draft, String name, Place place) {
        if (draft.sameSite() == SameSite.NONE && draft.secure() == Secure.NO) {
            Place at = place.at("secure");
            at.report(at.problem(
                            ProblemCode.INCONSISTENT_VALUES, "clients refuse a cookie of all sites that is not secure")
                    .found("sameSite: none, secure: false")
                    .expected("secure: true or auto")
                    .suggest("write secure: true"));
        }
        boolean isHost = name.startsWith("__Host-");
        if ((isHost || name.startsWith("__Secure-")) && draft.secure() != Secure.YES) {
            Place at = place.at(place.has("secure") ? "secure" : "cookie");
            at.report(at.problem(
                            ProblemCode.INCONSISTENT_VALUES, "clients take a cookie of this name only if it is secure")
                    .found("\"" + name + "\" without secure: true")
                    .expected("secure: true, or another name")
                    .suggest("write secure: true"));
        }
        if (isHost && !draft.path().equals("/")) {
            Place at = place.at("path");
            at.report(
                    at.problem(ProblemCode.INCONSISTENT_VALUES, "clients take a cookie of this name only for all paths")
                            .found("\"" + name + "\" with path: " + draft.path())
                            .expected("path: /, or another name")
                            .suggest("write path: /"));
        }
        if (draft.secret() == null) {
            place.report(place.problem(
                            ProblemCode.STICKY_FORGOTTEN,
                            "clients lose their endpoints at a restart, and other proxies do not know them")
                    .found("cookie without secret"));
        }
    }

    /** Both would pick by a key, and only one can. */
    static void checkUpstream(UpstreamConfig upstream, Place place) {
        boolean sticksByHeader = upstream.balance()
                .sticky()
                .filter(Sticky.Header.class::isInstance)
                .isPresent();
        if (!sticksByHeader || !(upstream.balance().choice() instanceof Hash)) return;
        Place at = place.at("sticky");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "balance and sticky both pick by a part of the request")
                .found("a header beside hash")
                .expected("one of them")
                .suggest("leave sticky out, and write key: header:NAME in balance"));
    }
}
