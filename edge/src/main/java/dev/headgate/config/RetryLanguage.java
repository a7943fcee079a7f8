package dev.headgate.config;

import dev.headgate.config.HealthConfig.StatusRange;
import dev.headgate.config.RetryOn.Failing;
import dev.headgate.config.UpstreamConfig.RetryBackoff;
import dev.headgate.config.UpstreamConfig.RetryDropped;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Schemas;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The keys of what another attempt follows on, and when. */
final class RetryLanguage {
    private static final int STATUS_FIRST = 400;
    private static final int STATUS_LAST = 599;
    private static final int CONDITIONS_MAX = 32;
    private static final String GRPC = "grpc:";
    /** By their numbers, from 1; 0 is no failure. */
    private static final List<String> GRPC_NAMES = List.of(
            "cancelled",
            "unknown",
            "invalid-argument",
            "deadline-exceeded",
            "not-found",
            "already-exists",
            "permission-denied",
            "resource-exhausted",
            "failed-precondition",
            "aborted",
            "out-of-range",
            "unimplemented",
            "internal",
            "unavailable",
            "data-loss",
            "unauthenticated");

    static final ListSpec<RetryOn> ON = retryOn();
    static final ListSpec<FallbackOn> FALLBACK_ON = fallbackOn();
    static final ObjectSpec<RetryBackoff> BACKOFF = backoff();
    static final ObjectSpec<RetryDropped> DROPPED = dropped();
    static final ScalarSpec<Long> HEDGE =
            Durations.between(Durations.MILLISECOND, Durations.MINUTE).orWord("off", 0L);
    static final String HEDGE_DOC =
            "When an attempt has brought no response head for so long, a second one begins beside it at another endpoint, and the"
                    + " first head wins. Of idempotent requests alone; a retry in the budget.";

    private RetryLanguage() {}

    private static ListSpec<RetryOn> retryOn() {
        Map<String, RetryOn> failures = new LinkedHashMap<>();
        failures.put("connect", Failing.CONNECT);
        failures.put("reset", Failing.RESET);
        failures.put("refused-stream", Failing.REFUSED_STREAM);
        failures.put("timeout", Failing.TIMEOUT);
        Map<String, String> otherNames =
                Map.of("conn-failure", "connect", "connect-failure", "connect", "refused", "refused-stream");
        return list(new Conditions<>(failures, RetryOn.Status::new, RetryOn.GrpcStatus::new, otherNames), 0);
    }

    private static ListSpec<FallbackOn> fallbackOn() {
        Map<String, FallbackOn> failures = Map.of("failure", FallbackOn.Unserved.FAILURE);
        Map<String, String> otherNames = new LinkedHashMap<>();
        for (String part : List.of("connect", "reset", "refused-stream", "timeout", "error", "no-endpoint")) {
            otherNames.put(part, "failure");
        }
        return list(new Conditions<>(failures, RetryOn.Status::new, RetryOn.GrpcStatus::new, otherNames), 1);
    }

    private static <C> ListSpec<C> list(Conditions<C> conditions, int countMin) {
        return new ListSpec<>(conditions.spec(), countMin, CONDITIONS_MAX).distinctBy("condition", conditions::written);
    }

    /**
     * What can be written: words for what is no answer, and answers by their status.
     *
     * @param words for all conditions but HTTP statuses, after construction
     * @param otherNames what is written in its place by who knows another proxy
     */
    private record Conditions<C>(
            Map<String, C> words, Function<StatusRange, C> ofStatus, Map<String, String> otherNames) {
        Conditions(
                Map<String, C> failures,
                Function<StatusRange, C> ofStatus,
                IntFunction<C> ofGrpcStatus,
                Map<String, String> otherNames) {
            this(withGrpc(failures, ofGrpcStatus), ofStatus, otherNames);
        }

        private static <C> Map<String, C> withGrpc(Map<String, C> failures, IntFunction<C> ofGrpcStatus) {
            Map<String, C> words = new LinkedHashMap<>(failures);
            for (int i = 0; i < GRPC_NAMES.size(); i++) {
                words.put(GRPC + GRPC_NAMES.get(i), ofGrpcStatus.apply(i + 1));
            }
            return words;
        }

        ScalarSpec<C> spec() {
            String failures = words.keySet().stream()
                    .filter(word -> !word.startsWith(GRPC))
                    .collect(Collectors.joining(", "));
            return new ScalarSpec<>(
                    "condition",
                    failures + ", a status such as 503, a range such as 502-504, or grpc: with the name"
                            + " of a status, such as grpc:unavailable",
                    "statuses " + STATUS_FIRST + " to " + STATUS_LAST,
                    new ScalarSpec.Notation<>() {
                        @Override
                        public C parse(ScalarSpec.Value value) throws Refused {
                            return parseCondition(value.text());
                        }

                        @Override
                        public Object write(C condition) {
                            return condition instanceof RetryOn.Status(StatusRange range)
                                            && range.first() == range.last()
                                    ? (Object) (long) range.first()
                                    : written(condition);
                        }
                    },
                    Map.of(
                            "anyOf",
                            List.of(
                                    Schemas.whole(STATUS_FIRST, STATUS_LAST),
                                    Schemas.typed("string", "pattern", "^[45][0-9]{2}(-[45][0-9]{2})?$"),
                                    Schemas.typed("string", "enum", List.copyOf(words.keySet())))));
        }

        String written(C condition) {
            if (condition instanceof RetryOn.Status(StatusRange range)) {
                return range.toString();
            }
            for (Map.Entry<String, C> word : words.entrySet()) {
                if (word.getValue().equals(condition)) return word.getKey();
            }
            throw new IllegalStateException("no word for " + condition);
        }

        private C parseCondition(String text) throws Refused {
            C known = words.get(text);
            if (known != null) return known;
            if (!text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9') {
                return ofStatus.apply(parseRange(text));
            }
            throw new Refused(ProblemCode.UNKNOWN_WORD, "unknown condition", "", suggestionFor(text));
        }

        private String suggestionFor(String text) {
            String lower = text.toLowerCase(Locale.ROOT).replace('_', '-');
            String ofGrpc = GRPC + lower;
            String ofOthers = otherNames.get(lower);
            if (words.containsKey(lower)) return "write " + lower;
            if (words.containsKey(ofGrpc)) return "write " + ofGrpc;
            if (ofOthers != null) return "write " + ofOthers;
            return switch (lower) {
                case "gateway-error" -> "write 502-504";
                case "5xx", "server-error" -> "write 500-599";
                default -> Nearest.suggestion(text, new ArrayList<>(words.keySet()));
            };
        }
    }

    private static StatusRange parseRange(String text) throws Refused {
        StatusRange range = HealthLanguage.parseRange(text);
        if (range.first() < STATUS_FIRST) {
            throw new Refused(
                    ProblemCode.OUT_OF_RANGE, "no status of a failure", STATUS_FIRST + " to " + STATUS_LAST, "");
        }
        return range;
    }

    private static ObjectSpec<RetryBackoff> backoff() {
        var spec = ObjectSpec.<RetryBackoff>named(
                "upstream.retry.backoff",
                "The wait before an endpoint is asked again, or after an answer; a random part of a bound that doubles.");
        var base = spec.withDefault(
                "base",
                Durations.between(0, 10 * Durations.SECOND),
                25 * Durations.MILLISECOND,
                "The bound before the second attempt. 0s: none is ever waited for.");
        var max = spec.withDefault(
                "max",
                Durations.between(0, Durations.MINUTE),
                250 * Durations.MILLISECOND,
                "The bound before any attempt.");
        return spec.build(new Shape<>() {
            @Override
            public RetryBackoff make(Values<RetryBackoff> values) {
                return new RetryBackoff(values.get(base), values.get(max));
            }

            @Override
            public void split(RetryBackoff backoff, Values<RetryBackoff> values) {
                values.put(base, backoff.baseNs());
                values.put(max, backoff.maxNs());
            }

            @Override
            public void check(RetryBackoff backoff, Place place) {
                if (backoff.baseNs() <= backoff.maxNs()) return;
                Place at = place.at(place.has("base") ? "base" : "max");
                at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "base is longer than max")
                        .found("base " + Durations.format(backoff.baseNs()) + ", max "
                                + Durations.format(backoff.maxNs()))
                        .expected("base at most max"));
            }
        });
    }

    private static ObjectSpec<RetryDropped> dropped() {
        var spec = ObjectSpec.<RetryDropped>named(
                "upstream.retry.dropped",
                "What is read of an answer by HTTP/1.1 that is dropped, so that its connection can be used again. Past either it is closed.");
        var bytes = spec.withDefault(
                "bytes", Sizes.intBetween(0, 16 * Sizes.MIB), 64 << 10, "The longest rest of an answer that is read.");
        var time = spec.withDefault(
                "time", Durations.between(0, Durations.MINUTE), Durations.SECOND, "How long that may take.");
        return spec.build(new Shape<>() {
            @Override
            public RetryDropped make(Values<RetryDropped> values) {
                return new RetryDropped(values.get(bytes), values.get(time));
            }

            @Override
            public void split(RetryDropped dropped, Values<RetryDropped> values) {
                values.put(bytes, dropped.bytes());
                values.put(time, dropped.timeNs());
            }
        });
    }
}
