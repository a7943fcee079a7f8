package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of HSTS. */
final class HstsLanguage {
    private static final long YEAR_NS = 365 * 24 * Durations.HOUR;

    static final ObjectSpec<Hsts> HSTS = hsts();

    private HstsLanguage() {}

    private static ObjectSpec<Hsts> hsts() {
        var spec = ObjectSpec.<Hsts>named(
                "listener.tls.hsts", "Has clients reach these hosts by TLS alone from now on (RFC 6797).");
        var maxAge = spec.withDefault(
                "maxAge",
                Durations.longBetween(0, 10 * YEAR_NS),
                YEAR_NS,
                "How long clients remember it, from each response on. 0s: they forget it.");
        var includeSubDomains = spec.withDefault(
                "includeSubDomains", Scalars.bool(), false, "Whether it counts for all hosts below as well.");
        var preload = spec.withDefault(
                "preload",
                Scalars.bool(),
                false,
                "Agrees to be in the list that browsers come with, which takes a maxAge of a year, includeSubDomains, and a"
                        + " long time to undo.");
        return spec.build(new Shape<>() {
            @Override
            public Hsts make(Values<Hsts> values) {
                return new Hsts(
                        values.get(maxAge) / Durations.SECOND, values.get(includeSubDomains), values.get(preload));
            }

            @Override
            public void split(Hsts hsts, Values<Hsts> values) {
                values.put(maxAge, hsts.maxAgeS() * Durations.SECOND);
                values.put(includeSubDomains, hsts.includeSubDomains());
                values.put(preload, hsts.preload());
            }

            @Override
            public void check(Hsts hsts, Place place) {
                checkPreload(hsts, place);
            }
        });
    }

    private static void checkPreload(Hsts hsts, Place place) {
        boolean isLong = hsts.maxAgeS() >= YEAR_NS / Durations.SECOND;
        if (!hsts.preload() || isLong && hsts.includeSubDomains()) return;
        Place at = place.at("preload");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "browsers take no such host into their list")
                .found("preload with maxAge " + Durations.formatLong(hsts.maxAgeS() * Durations.SECOND)
                        + (hsts.includeSubDomains() ? "" : ", without includeSubDomains"))
                .expected("maxAge of at least 365d, and includeSubDomains: true")
                .suggest("leave preload out until all hosts below are reached by TLS for good"));
    }
}
