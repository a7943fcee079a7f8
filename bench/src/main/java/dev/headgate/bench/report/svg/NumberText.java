package dev.headgate.bench.report.svg;

import java.util.Locale;

/** Numbers for people: three digits that mean something, and thousands apart. */
public final class NumberText {
    private NumberText() {}

    /** A measured value: {@code 81,400}, {@code 12.2}, {@code 0.91}. */
    public static String of(double value) {
        return digits(value).replace('-', '\u2212');
    }

    /** The same where there is little room: {@code 81.4k}. */
    static String compact(double value) {
        return Math.abs(value) >= 9995 ? of(value / 1000) + "k" : of(value);
    }

    private static String digits(double value) {
        double magnitude = Math.abs(value);
        if (value == 0) return "0";
        if (magnitude >= 999.5) return String.format(Locale.ROOT, "%,d", rounded(value));
        if (magnitude >= 99.95) return String.format(Locale.ROOT, "%.0f", value);
        if (magnitude >= 9.995) return String.format(Locale.ROOT, "%.1f", value);
        String digits = String.format(Locale.ROOT, "%.2f", value);
        return digits.equals("-0.00") ? "0.00" : digits;
    }

    /** Three digits of a large value, for it is not known better than that. */
    private static long rounded(double value) {
        long unit = (long) Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2));
        return Math.round(value / unit) * unit;
    }

    /** A mark of an axis: no digit more than it needs, thousands as {@code k}. */
    static String axis(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 10_000) return Markup.number(value / 1000) + "k";
        if (magnitude >= 1000) return String.format(Locale.ROOT, "%,.0f", value);
        if (magnitude != 0 && magnitude < 0.01) return String.format(Locale.ROOT, "%.3g", value);
        return Markup.number(value);
    }

    /** A duration in the unit that fits: {@code 85 µs}, {@code 1.2 ms}. */
    public static String micros(double micros) {
        if (micros >= 999_500) return Markup.number(round(micros / 1e6)) + " s";
        if (micros >= 999.5) return Markup.number(round(micros / 1e3)) + " ms";
        return Markup.number(round(micros)) + " µs";
    }

    private static double round(double value) {
        if (value == 0) return 0;
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
        return Math.round(value / unit) * unit;
    }
}
