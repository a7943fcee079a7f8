package dev.headgate.config;

import dev.headgate.config.HealthConfig.CheckType;
import dev.headgate.config.HealthConfig.HttpCheck;
import dev.headgate.config.HealthConfig.Pace;
import dev.headgate.config.HealthConfig.Start;
import dev.headgate.config.HealthConfig.StatusRange;
import dev.headgate.config.RouteConfig.HeaderLine;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Schemas;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys of active health checks. */
final class HealthLanguage {
    private static final int STATUS_FIRST = 200;
    private static final int STATUS_LAST = 599;
    private static final int RANGES_MAX = 16;
    private static final int BODY_TEXT_MAX = 1024;
    private static final int SERVICE_MAX = 256;
    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int PORT_MAX = 65_535;
    private static final List<StatusRange> SUCCESS = List.of(new StatusRange(200, 299));
    /** Keys that have a meaning for requests only. */
    private static final List<String> OF_HTTP = List.of("path", "method", "headers", "status", "body", "bodyBytes");

    static final ObjectSpec<HealthConfig> HEALTH = health();

    private HealthLanguage() {}

    private static ObjectSpec<HealthConfig> health() {
        var spec = ObjectSpec.<HealthConfig>named(
                "upstream.health",
                "Checks of each endpoint, apart from requests, by connections of their own. What fails them gets no requests.");
        var type = spec.withDefault(
                "type",
                Scalars.words(Words.of("http", CheckType.HTTP, "tcp", CheckType.TCP, "grpc", CheckType.GRPC)),
                CheckType.HTTP,
                "What is asked: http is a request, in what protocol has spoken; tcp a connection, with TLS where requests have it;"
                        + " grpc the health checking protocol of gRPC, over HTTP/2.");
        var path = spec.withDefault(
                "path", HttpScalars.requestTarget(), "/", "With http: what is asked for, with a query or without.");
        var method = spec.withDefault(
                "method",
                Scalars.words(Words.of("GET", "GET", "HEAD", "HEAD", "OPTIONS", "OPTIONS")),
                "GET",
                "With http: how.");
        var host = spec.optional(
                "host",
                HttpScalars.authority(),
                "The Host of the question. Without it, the upstream's host if that is fixed, and else the endpoint's own.");
        var headers = spec.withDefault(
                "headers", new HeaderLinesSpec(1), List.of(), "With http: further fields of the question.");
        var status = spec.withDefault(
                "status",
                new ListSpec<>(statusRange(), 1, RANGES_MAX),
                SUCCESS,
                "With http: the statuses that are well. Redirects are not followed.");
        var body = spec.optional(
                "body",
                Scalars.text("text", "text of 1 to " + BODY_TEXT_MAX + " characters", HealthLanguage::checkBody),
                "With http: what the content has to contain; letter by letter, in UTF-8. Without it content is not looked at.");
        var bodyBytes = spec.withDefault(
                "bodyBytes",
                Sizes.intBetween(1, Sizes.MIB),
                64 << 10,
                "With http: how much of the content is looked at. What is not there by then has failed.");
        var service = spec.withDefault(
                "service",
                Scalars.text("service name", "a service such as shop.Cart", HealthLanguage::checkService),
                "",
                "With grpc: whose health is asked for. Without it, that of the server as a whole.");
        var interval = spec.withDefault(
                "interval", pace(), 5 * Durations.SECOND, "From the start of one check to that of the next.");
        var fastInterval = spec.optional(
                "fastInterval",
                pace(),
                "The same while checks speak against what the endpoint is taken for. Without it, 1s, or interval if that is shorter.");
        var downInterval =
                spec.optional("downInterval", pace(), "The same while the endpoint is down. Without it, interval.");
        var jitter = spec.withDefault(
                "jitter",
                Scalars.percent(),
                10,
                "By how much of an interval each varies at random, so that checks do not come in step.");
        var timeout = spec.withDefault(
                "timeout",
                Durations.between(10 * Durations.MILLISECOND, 5 * Durations.MINUTE),
                2 * Durations.SECOND,
                "For a whole check, from the connect to the verdict. Then it has failed.");
        var rise = spec.withDefault(
                "rise", Scalars.count(1, 100), 3, "Passed checks in a row after which an endpoint that is down is up.");
        var fall = spec.withDefault(
                "fall", Scalars.count(1, 100), 3, "Failed checks in a row after which an endpoint that is up is down.");
        var start = spec.withDefault(
                "start",
                Scalars.words(Words.of("unknown", Start.UNKNOWN, "up", Start.UP, "down", Start.DOWN)),
                Start.UNKNOWN,
                "What an endpoint is until it has been checked: unknown takes requests until the first check, which decides; up until"
                        + " fall checks have failed; down takes none until rise checks have passed.");
        var port = spec.optional("port", Scalars.count(1, PORT_MAX), "The port that is asked, if it is another one.");
        var plain = spec.withDefault(
                "plain", Scalars.bool(), false, "Whether checks go without TLS where requests have it.");
        return spec.build(new Shape<>() {
            @Override
            public HealthConfig make(Values<HealthConfig> values) {
                long usualNs = values.get(interval);
                Long fastNs = values.find(fastInterval);
                Long downNs = values.find(downInterval);
                Integer other = values.find(port);
                return new HealthConfig(
                        values.get(type),
                        new HttpCheck(
                                values.get(method),
                                values.get(path),
                                values.get(headers),
                                values.get(status),
                                Optional.ofNullable(values.find(body)),
                                values.get(bodyBytes)),
                        values.get(service),
                        Optional.ofNullable(values.find(host)),
                        new Pace(
                                usualNs,
                                fastNs == null ? Math.min(Durations.SECOND, usualNs) : fastNs,
                                downNs == null ? usualNs : downNs,
                                values.get(jitter),
                                values.get(timeout)),
                        values.get(rise),
                        values.get(fall),
                        values.get(start),
                        other == null ? OptionalInt.empty() : OptionalInt.of(other),
                        values.get(plain));
            }

            @Override
            public void split(HealthConfig health, Values<HealthConfig> values) {
                values.put(type, health.type());
                if (health.type() == CheckType.HTTP) {
                    values.put(path, health.http().target());
                    values.put(method, health.http().method());
                    values.put(headers, health.http().headers());
                    values.put(status, health.http().status());
                    values.put(body, health.http().body().orElse(null));
                    values.put(bodyBytes, health.http().bodyBytes());
                }
                if (health.type() == CheckType.GRPC) {
                    values.put(service, health.service());
                }
                values.put(host, health.host().orElse(null));
                values.put(interval, health.pace().intervalNs());
                values.put(fastInterval, health.pace().fastIntervalNs());
                values.put(downInterval, health.pace().downIntervalNs());
                values.put(jitter, health.pace().jitterPercent());
                values.put(timeout, health.pace().timeoutNs());
                values.put(rise, health.rise());
                values.put(fall, health.fall());
                values.put(start, health.start());
                values.put(port, health.port().isPresent() ? health.port().getAsInt() : null);
                values.put(plain, health.isPlain() ? true : null); // Said of TLS, of which there may be none.
            }

            @Override
            public void check(HealthConfig health, Place place) {
                checkType(health, place);
                checkFast(health, place);
                checkContent(health, place);
                checkHeaders(health, place);
            }
        });
    }

    private static ScalarSpec<Long> pace() {
        return Durations.between(100 * Durations.MILLISECOND, Durations.HOUR);
    }

    private static ScalarSpec<StatusRange> statusRange() {
        return new ScalarSpec<>(
                "status or range of them",
                "a status such as 200, or a range such as 200-399",
                STATUS_FIRST + " to " + STATUS_LAST,
                new ScalarSpec.Notation<>() {
                    @Override
                    public StatusRange parse(ScalarSpec.Value value) throws Refused {
                        return parseRange(value.text());
                    }

                    @Override
                    public Object write(StatusRange range) {
                        return range.first() == range.last() ? (Object) (long) range.first() : range.toString();
                    }
                },
                Map.of(
                        "anyOf",
                        List.of(
                                Schemas.whole(STATUS_FIRST, STATUS_LAST),
                                Schemas.typed("string", "pattern", "^[2-5][0-9]{2}(-[2-5][0-9]{2})?$"))));
    }

    static StatusRange parseRange(String text) throws Refused {
        int dash = text.indexOf('-');
        int first = parseStatus(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : parseStatus(text.substring(dash + 1));
        if (first < 0 || last < 0) {
            String all = text.length() == 3 && text.toLowerCase(Locale.ROOT).endsWith("xx")
                    ? "write " + text.charAt(0) + "00-" + text.charAt(0) + "99"
                    : "";
            throw Refused.badValue("not a status", all);
        }
        if (last < first) throw Refused.badValue("a range that ends before it begins", "write " + last + "-" + first);
        if (first < STATUS_FIRST || last > STATUS_LAST) {
            throw new Refused(ProblemCode.OUT_OF_RANGE, "no final status", STATUS_FIRST + " to " + STATUS_LAST, "");
        }
        return new StatusRange(first, last);
    }

    private static int parseStatus(String text) {
        return text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : -1;
    }

    private static String checkBody(ScalarSpec.Value value) throws Refused {
        String text = value.text();
        if (text.isEmpty() || text.length() > BODY_TEXT_MAX) throw Refused.badValue("no text, or too much of it");
        return text;
    }

    private static String checkService(ScalarSpec.Value value) throws Refused {
        String text = value.text();
        boolean isFine = text.length() <= SERVICE_MAX
                && text.chars()
                        .allMatch(c -> c == '.' || c == '_' || c == '/' || c == '-' || Character.isLetterOrDigit(c));
        if (!isFine) throw Refused.badValue("not a service name");
        return text;
    }

    /** What an upstream and its checks say that does not go together. */
    static void checkUpstream(UpstreamConfig upstream, Place place) {
        HealthConfig health = upstream.health().orElse(null);
        if (health == null) return;
        if (health.isPlain() && upstream.tls().isEmpty()) {
            Place at = place.at("health").at("plain");
            at.report(at.problem(ProblemCode.WITHOUT_EFFECT, "without tls, checks are plain already")
                    .found("true")
                    .expected("tls, or no plain"));
        }
        if (health.type() == CheckType.GRPC
                && upstream.tls().isPresent()
                && !health.isPlain()
                && upstream.protocol() == UpstreamConfig.Protocol.HTTP_1_1) {
            Place at = place.at("health").at("type");
            at.report(at.problem(
                            ProblemCode.INCONSISTENT_VALUES,
                            "gRPC takes HTTP/2, which protocol: http/1.1 does not offer")
                    .found("grpc")
                    .expected("protocol: h2 or auto, or plain: true")
                    .suggest("write protocol: h2, as gRPC itself needs it"));
        }
        boolean hasSocket = upstream.endpoints().stream().anyMatch(each -> each.address() instanceof Address.Unix);
        if (health.port().isPresent() && hasSocket) {
            Place at = place.at("health").at("port");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "a Unix-domain socket has no port")
                    .found("port, and an endpoint with unix:")
                    .expected("endpoints with a host and a port, or no port"));
        }
    }

    /** What is written and belongs to another type of check. */
    private static void checkType(HealthConfig health, Place place) {
        if (health.type() != CheckType.HTTP) {
            for (String key : OF_HTTP) {
                reportOther(key, "http", place);
            }
        }
        if (health.type() != CheckType.GRPC) {
            reportOther("service", "grpc", place);
        }
        if (health.type() == CheckType.TCP) {
            reportOther("host", "http or grpc", place);
        }
    }

    private static void reportOther(String key, String type, Place place) {
        if (!place.has(key)) return;
        place.report(Problem.at(
                        place.markOfKey(key), ProblemCode.WITHOUT_EFFECT, key + " says nothing to this type of check")
                .found(key)
                .expected("type: " + type + ", or no " + key));
    }

    private static void checkFast(HealthConfig health, Place place) {
        if (health.pace().fastIntervalNs() <= health.pace().intervalNs()) return;
        Place at = place.at("fastInterval");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the fast interval is the longer one")
                .found("fastInterval " + Durations.format(health.pace().fastIntervalNs()) + ", interval "
                        + Durations.format(health.pace().intervalNs()))
                .expected("fastInterval at most interval"));
    }

    private static void checkHeaders(HealthConfig health, Place place) {
        int bytes = 0;
        for (HeaderLine line : health.http().headers()) {
            bytes += line.name().length() + line.value().length() + 4;
        }
        if (bytes <= HEADER_BYTES_MAX) return;
        Place at = place.at("headers");
        at.report(at.problem(ProblemCode.OUT_OF_RANGE, "more fields than a server takes")
                .found(bytes + " bytes")
                .expected("at most " + HEADER_BYTES_MAX + " bytes"));
    }

    private static void checkContent(HealthConfig health, Place place) {
        if (health.http().body().isEmpty()) {
            return;
        }
        if (health.type() == CheckType.HTTP && health.http().method().equals("HEAD")) {
            Place at = place.at("body");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "an answer to HEAD has no content")
                    .found("method HEAD, body")
                    .expected("method: GET, or no body"));
        }
    }
}
