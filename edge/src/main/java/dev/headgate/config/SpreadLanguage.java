package dev.headgate.config;

import dev.headgate.config.SpreadConfig.Backup;
import dev.headgate.config.SpreadConfig.Panic;
import dev.headgate.config.SpreadConfig.PanicAction;
import dev.headgate.config.SpreadConfig.SlowStart;
import dev.headgate.config.SpreadConfig.Zone;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;

/** The keys of slow start, of what stands in, of zones and of panic. */
final class SpreadLanguage {
    private static final int MINIMUM_USUAL = 10;
    private static final double EVENLY = 1;
    private static final int ZONE_MINIMUM_USUAL = 70;

    static final ObjectSpec<SlowStart> SLOW_START_KEYS = slowStart();
    static final Spec<SlowStart> SLOW_START = orDuration();
    static final ObjectSpec<Backup> BACKUP = backup();
    static final Spec<Zone> ZONE = orName();
    static final ObjectSpec<Panic> PANIC = panic();

    private SpreadLanguage() {}

    private static ObjectSpec<SlowStart> slowStart() {
        var spec = ObjectSpec.<SlowStart>named(
                "upstream.slowStart", "How the share of a new or recovered endpoint grows; the window alone will do.");
        var window = spec.withDefault("window", window(), 0L, "Until it has its full share. 0s: at once.");
        var minimum = spec.withDefault(
                "minimum", Scalars.percent(), MINIMUM_USUAL, "Its share at the beginning; at least 1%.");
        var aggression = spec.withDefault(
                "aggression",
                Scalars.decimal(0.1, 10),
                EVENLY,
                "1 grows evenly; more grows faster at first, and less slower.");
        return spec.build(new Shape<>() {
            @Override
            public SlowStart make(Values<SlowStart> values) {
                return new SlowStart(values.get(window), Math.max(1, values.get(minimum)), values.get(aggression));
            }

            @Override
            public void split(SlowStart slowStart, Values<SlowStart> values) {
                values.put(window, slowStart.windowNs());
                values.put(minimum, slowStart.minimumPercent());
                values.put(aggression, slowStart.aggression());
            }
        });
    }

    private static ScalarSpec<Long> window() {
        return Durations.between(0, Durations.HOUR);
    }

    private static Spec<SlowStart> orDuration() {
        return new ShorthandSpec<>(
                window().map(ns -> new SlowStart(ns, MINIMUM_USUAL, EVENLY), SlowStart::windowNs),
                SLOW_START_KEYS,
                each -> each.minimumPercent() == MINIMUM_USUAL && each.aggression() == EVENLY);
    }

    private static ObjectSpec<Backup> backup() {
        var spec = ObjectSpec.<Backup>named(
                "upstream.backup", "When endpoints with backup: true get traffic, which they share by their weights.");
        var below = spec.withDefault(
                "below",
                Scalars.percent(),
                0,
                "When less than this of the others' weight is available; the part that is missing goes to the backups. 0%: when nothing is.");
        var until = spec.optional(
                "return", Scalars.percent(), "They get none any more from this on. Without it, as below.");
        return spec.build(new Shape<>() {
            @Override
            public Backup make(Values<Backup> values) {
                Integer upper = values.find(until);
                return new Backup(values.get(below), upper == null ? values.get(below) : upper);
            }

            @Override
            public void split(Backup backup, Values<Backup> values) {
                values.put(below, backup.belowPercent());
                values.put(until, backup.returnPercent());
            }

            @Override
            public void check(Backup backup, Place place) {
                checkBand(backup.belowPercent(), backup.returnPercent(), place);
            }
        });
    }

    private static Spec<Zone> orName() {
        ScalarSpec<Zone> name = Scalars.name().map(text -> new Zone(text, ZONE_MINIMUM_USUAL), Zone::name);
        return new ShorthandSpec<>(name, zone(), each -> each.minimumPercent() == ZONE_MINIMUM_USUAL);
    }

    private static ObjectSpec<Zone> zone() {
        var spec = ObjectSpec.<Zone>named(
                "upstream.zone", "The zone whose endpoints are preferred; its name alone will do.");
        var name = spec.required("name", Scalars.name(), "The zone, as its endpoints have it.");
        var minimum = spec.withDefault(
                "minimum",
                Scalars.percent(),
                ZONE_MINIMUM_USUAL,
                "It takes all traffic while this much of its weight is available. Below that, others take the part that is missing.");
        return spec.build(new Shape<>() {
            @Override
            public Zone make(Values<Zone> values) {
                return new Zone(values.get(name), values.get(minimum));
            }

            @Override
            public void split(Zone zone, Values<Zone> values) {
                values.put(name, zone.name());
                values.put(minimum, zone.minimumPercent());
            }
        });
    }

    private static ObjectSpec<Panic> panic() {
        var spec = ObjectSpec.<Panic>named("upstream.panic", "What happens when few endpoints are well.");
        var below = spec.withDefault(
                "below", Scalars.percent(), 50, "When less than this of the weight is available. 0%: never.");
        var until = spec.optional("return", Scalars.percent(), "It is over from this on. Without it, as below.");
        var action = spec.withDefault(
                "action",
                Scalars.words(Words.of("use-all", PanicAction.USE_ALL, "reject", PanicAction.REJECT)),
                PanicAction.USE_ALL,
                "use-all: all endpoints share the traffic that can be connected to, so that the few that are well are not overrun."
                        + " reject: requests get 503 with Retry-After.");
        return spec.build(new Shape<>() {
            @Override
            public Panic make(Values<Panic> values) {
                Integer upper = values.find(until);
                return new Panic(values.get(below), upper == null ? values.get(below) : upper, values.get(action));
            }

            @Override
            public void split(Panic panic, Values<Panic> values) {
                values.put(below, panic.belowPercent());
                values.put(until, panic.returnPercent());
                values.put(action, panic.action());
            }

            @Override
            public void check(Panic panic, Place place) {
                checkBand(panic.belowPercent(), panic.returnPercent(), place);
            }
        });
    }

    private static void checkBand(int below, int until, Place place) {
        if (below <= until) return;
        Place at = place.at("return");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "it would be over before it begins")
                .found("below " + below + "%, return " + until + "%")
                .expected("return at least below"));
    }
}
