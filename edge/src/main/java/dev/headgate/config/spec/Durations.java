package dev.headgate.config.spec;

import dev.headgate.config.source.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lengths of time with their unit, kept in nanoseconds: {@code 250ms}, {@code 5s}, {@code 1m}, {@code 1h}. */
public final class Durations {
    public static final long MICROSECOND = 1_000;
    public static final long MILLISECOND = 1_000 * MICROSECOND;
    public static final long SECOND = 1_000 * MILLISECOND;
    public static final long MINUTE = 60 * SECOND;
    public static final long HOUR = 60 * MINUTE;

    private static final List<Unit> UNITS = List.of(
            new Unit("h", HOUR),
            new Unit("m", MINUTE),
            new Unit("s", SECOND),
            new Unit("ms", MILLISECOND),
            new Unit("us", MICROSECOND));

    private static final List<Unit> LONG_UNITS =
            List.of(new Unit("d", 24 * HOUR), new Unit("h", HOUR), new Unit("m", MINUTE), new Unit("s", SECOND));

    /** What people write instead, lower case. */
    private static final Map<String, Long> ALIASES = Map.ofEntries(
            Map.entry("sec", SECOND),
            Map.entry("secs", SECOND),
            Map.entry("second", SECOND),
            Map.entry("seconds", SECOND),
            Map.entry("min", MINUTE),
            Map.entry("mins", MINUTE),
            Map.entry("minute", MINUTE),
            Map.entry("minutes", MINUTE),
            Map.entry("hr", HOUR),
            Map.entry("hour", HOUR),
            Map.entry("hours", HOUR),
            Map.entry("d", 24 * HOUR),
            Map.entry("day", 24 * HOUR),
            Map.entry("days", 24 * HOUR),
            Map.entry("msec", MILLISECOND),
            Map.entry("millis", MILLISECOND),
            Map.entry("µs", MICROSECOND));

    private Durations() {}

    /** A duration within bounds, both included. */
    public static ScalarSpec<Long> between(long minNs, long maxNs) {
        return between(minNs, maxNs, UNITS, "a duration such as 250ms, 5s, 1m or 1h", "^[0-9]+(us|ms|s|m|h)$");
    }

    /** One in whole seconds within bounds, both included, which may be written in days. */
    public static ScalarSpec<Long> longBetween(long minNs, long maxNs) {
        return between(minNs, maxNs, LONG_UNITS, "a duration such as 5m, 12h or 90d", "^[0-9]+(s|m|h|d)$");
    }

    private static ScalarSpec<Long> between(long minNs, long maxNs, List<Unit> units, String expected, String pattern) {
        return new ScalarSpec<>(
                "duration",
                expected,
                format(minNs, units) + " to " + format(maxNs, units),
                new ScalarSpec.Notation<>() {
                    @Override
                    public Long parse(ScalarSpec.Value value) throws Refused {
                        return checkRange(Durations.parse(value.text(), units), minNs, maxNs, units);
                    }

                    @Override
                    public Object write(Long ns) {
                        return format(ns, units);
                    }
                },
                Schemas.typed("string", "pattern", pattern));
    }

    private static long checkRange(long ns, long minNs, long maxNs, List<Unit> units) throws Refused {
        if (ns >= minNs && ns <= maxNs) return ns;
        String range = format(minNs, units) + " to " + format(maxNs, units);
        throw new Refused(ProblemCode.OUT_OF_RANGE, "duration out of range", range, "");
    }

    private static long parse(String text, List<Unit> units) throws Refused {
        Quantity quantity = Quantity.parse(text);
        if (quantity == null) throw Refused.badValue("not a duration", suggestSum(text, units));
        if (quantity.unit().isEmpty()) {
            String suggestion = quantity.isWhole() ? "write " + text.strip() + "s" : "";
            throw new Refused(ProblemCode.UNIT_MISSING, "a duration without a unit", "", suggestion);
        }
        Long unitNs = unit(quantity.unit(), units);
        if (unitNs != null && quantity.isWhole() && quantity.isTight()) {
            long ns = quantity.times(unitNs);
            if (ns >= 0) return ns;
            throw new Refused(ProblemCode.OUT_OF_RANGE, "duration out of range", "less than 292 years", "");
        }
        throw Refused.badValue("not a duration", suggest(quantity, units));
    }

    private static String suggest(Quantity quantity, List<Unit> units) {
        String unit = quantity.unit().toLowerCase(Locale.ROOT);
        Long known = unit(unit, units);
        if (known == null) known = ALIASES.get(unit);
        if (known == null) return "";
        long ns = quantity.times(known);
        return ns <= 0 || ns % units.getLast().factor() != 0 ? "" : "write " + format(ns, units);
    }

    /** {@code 1m30s} is one number with one unit elsewhere: say which. */
    private static String suggestSum(String text, List<Unit> units) {
        long sumNs = 0;
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && Character.isDigit(text.charAt(end))) end++;
            while (end < text.length() && !Character.isDigit(text.charAt(end))) end++;
            Quantity part = Quantity.parse(text.substring(start, end));
            Long unitNs = part == null ? null : unit(part.unit(), units);
            long ns = part == null || unitNs == null ? -1 : part.times(unitNs);
            if (ns < 0 || sumNs > Long.MAX_VALUE / 2 || ns > Long.MAX_VALUE / 2) return "";
            sumNs += ns;
            start = end;
        }
        return sumNs == 0 ? "" : "write " + format(sumNs, units);
    }

    private static @Nullable Long unit(String name, List<Unit> units) {
        for (Unit unit : units) {
            if (unit.name().equals(name)) return unit.factor();
        }
        return null;
    }

    /** The shortest exact form; parts of a microsecond are not kept. */
    public static String format(long ns) {
        return format(ns, UNITS);
    }

    /** The same for what may be written in days. */
    public static String formatLong(long ns) {
        return format(ns, LONG_UNITS);
    }

    private static String format(long ns, List<Unit> units) {
        if (ns == 0) return "0s";
        return Unit.format(ns, units);
    }
}
