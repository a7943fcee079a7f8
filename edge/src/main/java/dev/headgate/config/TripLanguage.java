package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of a circuit breaker that trips. */
final class TripLanguage {
    private static final int PROBES_MAX = 1000;
    private static final int REQUESTS_MAX = 1_000_000;

    static final ObjectSpec<TripConfig> TRIP = trip();

    private TripLanguage() {}

    private static ScalarSpec<Long> time() {
        return Durations.between(10 * Durations.MILLISECOND, Durations.HOUR);
    }

    private static ObjectSpec<TripConfig> trip() {
        var spec = ObjectSpec.<TripConfig>named(
                "upstream.breaker.trip",
                "When the upstream is not asked for a while, so that requests get 503 at once, and how it is asked again.");
        var errors = spec.withDefault(
                "errors",
                Scalars.percent(),
                50,
                "It trips when at least this share of attempts failed, or was answered by a status of 500 and above. 0%: never.");
        var slow = spec.withDefault(
                "slow", Scalars.percent(), 0, "Or when at least this share of them was slow. 0%: never.");
        var slowAfter = spec.withDefault(
                "slowAfter",
                Durations.between(Durations.MILLISECOND, Durations.HOUR),
                2 * Durations.SECOND,
                "An attempt is slow whose response head takes longer than this.");
        var window = spec.withDefault("window", time(), 10 * Durations.SECOND, "The time over which shares are taken.");
        var requests = spec.withDefault(
                "requests", Scalars.count(1, REQUESTS_MAX), 20, "With fewer attempts in the window it does not trip.");
        var open = spec.withDefault(
                "open",
                time(),
                5 * Durations.SECOND,
                "How long it is not asked. For each further time in short order, twice as long.");
        var openMax = spec.withDefault("openMax", time(), Durations.MINUTE, "Never longer than this.");
        var jitter = spec.withDefault(
                "jitter",
                Scalars.percent(),
                20,
                "Up to this much longer, at random, so that proxies do not come back together.");
        var probes = spec.withDefault(
                "probes",
                Scalars.count(1, PROBES_MAX),
                1,
                "Attempts that go through then. If one fails it is not asked again; if all are answered, more go through.");
        var probeTimeout = spec.withDefault(
                "probeTimeout",
                time(),
                10 * Durations.SECOND,
                "When they are not answered in this time, as many others go through.");
        var returning = spec.withDefault(
                "return",
                Durations.between(0, Durations.HOUR),
                10 * Durations.SECOND,
                "The time over which the share of attempts that go through then grows. 0s: all at once.");
        var returnStart =
                spec.withDefault("returnStart", Scalars.percent(1, 100, "10%"), 10, "The share that it begins with.");
        return spec.build(new Shape<>() {
            @Override
            public TripConfig make(Values<TripConfig> values) {
                return new TripConfig(
                        values.get(errors),
                        values.get(slow),
                        values.get(slowAfter),
                        values.get(window),
                        values.get(requests),
                        values.get(open),
                        values.get(openMax),
                        values.get(jitter),
                        values.get(probes),
                        values.get(probeTimeout),
                        values.get(returning),
                        values.get(returnStart));
            }

            @Override
            public void split(TripConfig config, Values<TripConfig> values) {
                values.put(errors, config.errorPercent());
                values.put(slow, config.slowPercent());
                values.put(slowAfter, config.slowAfterNs());
                values.put(window, config.windowNs());
                values.put(requests, config.requests());
                values.put(open, config.openNs());
                values.put(openMax, config.openMaxNs());
                values.put(jitter, config.jitterPercent());
                values.put(probes, config.probes());
                values.put(probeTimeout, config.probeTimeoutNs());
                values.put(returning, config.returnNs());
                values.put(returnStart, config.returnStartPercent());
            }

            @Override
            public void check(TripConfig config, Place place) {
                if (config.errorPercent() == 0 && config.slowPercent() == 0) {
                    Place at = place.at("errors");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the breaker never trips")
                            .found("errors 0%, slow 0%")
                            .expected("one of them above 0%, or no trip"));
                }
                if (config.openNs() > config.openMaxNs()) {
                    Place at = place.at("open");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "open is longer than openMax")
                            .found("open " + Durations.format(config.openNs()) + ", openMax "
                                    + Durations.format(config.openMaxNs()))
                            .expected("open at most openMax"));
                }
            }
        });
    }
}
