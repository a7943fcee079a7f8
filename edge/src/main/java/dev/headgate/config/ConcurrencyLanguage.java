package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of a limit that adapts. */
final class ConcurrencyLanguage {
    private static final int LIMIT_MAX = 1_000_000;

    static final ObjectSpec<ConcurrencyConfig> CONCURRENCY = concurrency();

    private ConcurrencyLanguage() {}

    private static ScalarSpec<Integer> limit() {
        return Scalars.count(1, LIMIT_MAX);
    }

    private static ObjectSpec<ConcurrencyConfig> concurrency() {
        var spec = ObjectSpec.<ConcurrencyConfig>named(
                "upstream.concurrency",
                "A limit of attempts under way that follows from how long answers take, below breaker.requests.");
        var initial = spec.withDefault("initial", limit(), 20, "Where it begins.");
        var min = spec.withDefault("min", limit(), 4, "It is never lower.");
        var max = spec.withDefault("max", limit(), 1000, "It is never higher.");
        var tolerance = spec.withDefault(
                "tolerance",
                Scalars.percent(0, 1000, "25%"),
                25,
                "How much longer than usual answers may take before it shrinks.");
        var window = spec.withDefault(
                "window",
                Durations.between(50 * Durations.MILLISECOND, Durations.MINUTE),
                500 * Durations.MILLISECOND,
                "How often it is looked at.");
        var remeasure = spec.withDefault(
                "remeasure",
                Durations.between(Durations.SECOND, 24 * Durations.HOUR),
                Durations.MINUTE,
                "How often it is halved for a moment to learn what is usual, where light traffic has not shown it.");
        return spec.build(new Shape<>() {
            @Override
            public ConcurrencyConfig make(Values<ConcurrencyConfig> values) {
                return new ConcurrencyConfig(
                        values.get(initial),
                        values.get(min),
                        values.get(max),
                        values.get(tolerance),
                        values.get(window),
                        values.get(remeasure));
            }

            @Override
            public void split(ConcurrencyConfig config, Values<ConcurrencyConfig> values) {
                values.put(initial, config.initial());
                values.put(min, config.min());
                values.put(max, config.max());
                values.put(tolerance, config.tolerancePercent());
                values.put(window, config.windowNs());
                values.put(remeasure, config.remeasureNs());
            }

            @Override
            public void check(ConcurrencyConfig config, Place place) {
                if (config.min() > config.initial() || config.initial() > config.max()) {
                    Place at = place.at("initial");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the limits are not in order")
                            .found("min " + config.min() + ", initial " + config.initial() + ", max " + config.max())
                            .expected("min at most initial, and initial at most max"));
                }
            }
        });
    }
}
