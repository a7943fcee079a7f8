package dev.headgate.config;

import dev.headgate.config.EjectionConfig.Outlier;
import dev.headgate.config.EjectionConfig.Returning;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.Optional;

/** The keys of ejection. */
final class EjectionLanguage {
    private static final int IN_A_ROW_MAX = 10_000;
    private static final int RATE_MARGIN = 10;
    private static final int LATENCY_MARGIN = 50;

    static final ObjectSpec<EjectionConfig> EJECTION = ejection();

    private EjectionLanguage() {}

    private static ObjectSpec<EjectionConfig> ejection() {
        var spec = ObjectSpec.<EjectionConfig>named(
                "upstream.ejection",
                "When an endpoint is taken out for a while, by what requests to it come to. The last one that is left never is.");
        var failures = spec.withDefault(
                "failures",
                inARow(),
                5,
                "Failures in a row of any kind: no connection, no answer, no valid one, or a status of 500 and above. 0: never.");
        var gatewayFailures = spec.withDefault(
                "gatewayFailures", inARow(), 0, "Statuses 502, 503 and 504 in a row, and what is like them. 0: never.");
        var localFailures = spec.withDefault(
                "localFailures",
                inARow(),
                0,
                "Failures in a row that leave no answer: not connected, reset, timed out. 0: never.");
        var localApart = spec.withDefault(
                "localApart",
                Scalars.bool(),
                false,
                "Whether failures that leave no answer count in localFailures alone, and not in the others.");
        var time = spec.withDefault(
                "time",
                Durations.between(100 * Durations.MILLISECOND, Durations.HOUR),
                30 * Durations.SECOND,
                "How long the first time. The n-th time in short order takes n times as long.");
        var timeMax = spec.withDefault(
                "timeMax",
                Durations.between(100 * Durations.MILLISECOND, 24 * Durations.HOUR),
                300 * Durations.SECOND,
                "Never longer than this.");
        var decay = spec.withDefault(
                "decay",
                Durations.between(Durations.SECOND, 24 * Durations.HOUR),
                Durations.MINUTE,
                "For each such time that an endpoint is well, one of its ejections is forgotten.");
        var jitter = spec.withDefault(
                "jitter",
                Scalars.percent(),
                10,
                "Up to this much longer, at random, so that endpoints do not come back together.");
        var share = spec.withDefault(
                "share",
                Scalars.percent(),
                50,
                "How many of the endpoints may be out at once; one always may. Those that cannot be connected to do not count. 0%: none is taken out.");
        var returning = spec.withDefault(
                "earlyReturn",
                Scalars.words(Words.of(
                        "unanswered", Returning.UNANSWERED, "never", Returning.NEVER, "always", Returning.ALWAYS)),
                Returning.UNANSWERED,
                "Whether checks that pass bring an endpoint back before its time: where it had not answered at all, never, or always.");
        var successRate = spec.optional(
                "successRate",
                outlier(
                        "upstream.ejection.successRate",
                        RATE_MARGIN,
                        "An endpoint that fails far more often than the others."),
                "Takes out an endpoint that fails far more often than the others. Without it, none.");
        var latency = spec.optional(
                "latency",
                outlier(
                        "upstream.ejection.latency",
                        LATENCY_MARGIN,
                        "An endpoint that takes far longer than the others."),
                "Takes out an endpoint that takes far longer to its response head than the others. Without it, none.");
        return spec.build(new Shape<>() {
            @Override
            public EjectionConfig make(Values<EjectionConfig> values) {
                return new EjectionConfig(
                        values.get(failures),
                        values.get(gatewayFailures),
                        values.get(localFailures),
                        values.get(localApart),
                        values.get(time),
                        values.get(timeMax),
                        values.get(decay),
                        values.get(jitter),
                        values.get(share),
                        values.get(returning),
                        Optional.ofNullable(values.find(successRate)),
                        Optional.ofNullable(values.find(latency)));
            }

            @Override
            public void split(EjectionConfig ejection, Values<EjectionConfig> values) {
                values.put(failures, ejection.failures());
                values.put(gatewayFailures, ejection.gatewayFailures());
                values.put(localFailures, ejection.localFailures());
                values.put(localApart, ejection.isLocalApart());
                values.put(time, ejection.timeNs());
                values.put(timeMax, ejection.maxNs());
                values.put(decay, ejection.decayNs());
                values.put(jitter, ejection.jitterPercent());
                values.put(share, ejection.sharePercent());
                values.put(returning, ejection.returning());
                values.put(successRate, ejection.successRate().orElse(null));
                values.put(latency, ejection.latency().orElse(null));
            }

            @Override
            public void check(EjectionConfig ejection, Place place) {
                if (ejection.timeNs() <= ejection.maxNs()) return;
                Place at = place.at("time");
                at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the first time is longer than timeMax allows")
                        .found("time " + Durations.format(ejection.timeNs()) + ", timeMax "
                                + Durations.format(ejection.maxNs()))
                        .expected("time at most timeMax"));
            }
        });
    }

    private static ScalarSpec<Integer> inARow() {
        return Scalars.count(0, IN_A_ROW_MAX);
    }

    private static ObjectSpec<Outlier> outlier(String name, int usualMargin, String doc) {
        var spec = ObjectSpec.<Outlier>named(name, doc);
        var window = spec.withDefault(
                "window",
                Durations.between(Durations.SECOND, Durations.HOUR),
                10 * Durations.SECOND,
                "Over which requests are counted, and after which endpoints are compared.");
        var factor = spec.withDefault(
                "factor",
                Scalars.decimal(0, 100),
                1.9,
                "How many standard deviations from the mean of the others an endpoint may be.");
        var margin = spec.withDefault(
                "margin",
                Scalars.percent(),
                usualMargin,
                "And how far at least, of that mean: where all are alike, deviations are tiny.");
        var endpoints = spec.withDefault(
                "endpoints", Scalars.count(3, 1024), 5, "Fewer endpoints with enough requests are not compared.");
        var requests = spec.withDefault(
                "requests",
                Scalars.count(1, 1_000_000),
                100,
                "An endpoint with fewer requests in a window is left out.");
        return spec.build(new Shape<>() {
            @Override
            public Outlier make(Values<Outlier> values) {
                return new Outlier(
                        values.get(window),
                        values.get(factor),
                        values.get(margin),
                        values.get(endpoints),
                        values.get(requests));
            }

            @Override
            public void split(Outlier outlier, Values<Outlier> values) {
                values.put(window, outlier.windowNs());
                values.put(factor, outlier.factor());
                values.put(margin, outlier.marginPercent());
                values.put(endpoints, outlier.endpoints());
                values.put(requests, outlier.requests());
            }
        });
    }
}
