package dev.headgate.bench.report.svg;

import dev.headgate.bench.result.Spread;
import java.util.ArrayList;
import java.util.List;

/** Horizontal bars from 0 to the median, each with its range, and both as figures at the right. */
public final class BarChart {
    private static final double WIDTH = 520;
    private static final double TOP = 38;
    private static final double ROW = 30;
    private static final double BAR = 16;
    private static final double AXIS = 42;
    private static final double RIGHT_MIN = 162;
    private static final double LABEL_MAX = 150;
    private static final int STEPS = 5;
    private static final int LETTERS_MAX = 20;

    /**
     * A bar.
     *
     * @param label whose it is
     * @param look which of the looks, so that the same target looks the same everywhere
     */
    public record Bar(String label, int look, Spread spread) {}

    private final String name;
    private final String title;
    private final String load;
    private final String unit;
    private final List<Bar> bars = new ArrayList<>();

    /**
     * A chart without bars.
     *
     * @param name that of a file, without ending
     * @param title what the bars are
     * @param load under which it was measured, for where no page says so
     * @param unit stands behind the title; may be empty
     */
    public BarChart(String name, String title, String load, String unit) {
        this.name = name;
        this.title = title;
        this.load = load;
        this.unit = unit;
    }

    /** Adds a bar below the others. */
    public void add(Bar bar) {
        bars.add(bar);
    }

    public boolean isEmpty() {
        return bars.isEmpty();
    }

    /** Draws it. */
    public Picture draw() {
        double left = Math.min(LABEL_MAX, longestLabel()) + 26;
        double right = WIDTH - RIGHT_MIN;
        double bottom = TOP + ROW * bars.size();
        double max = bars.stream().mapToDouble(bar -> bar.spread().max()).max().orElse(1);
        LinearScale scale = LinearScale.upTo(max, STEPS);
        Drawing drawing = new Drawing();
        drawing.text("title", "start", 8, 22, unit.isEmpty() ? title : title + ", " + unit);
        drawing.text("range", "end", WIDTH - 10, 22, load);
        for (Scale.Tick tick : scale.ticks()) {
            double x = left + scale.placeOf(tick.value()) * (right - left);
            drawing.line(tick.value() == 0 ? "axis" : "grid", x, TOP, x, bottom + 4);
            drawing.text("tick", "middle", x, bottom + 19, tick.label());
        }
        for (int i = 0; i < bars.size(); i++) {
            drawBar(drawing, bars.get(i), TOP + ROW * i, left, right, scale);
        }
        return new Picture(name, title + ", " + load, describe(), WIDTH, bottom + AXIS - 10, drawing.finish());
    }

    private double longestLabel() {
        return bars.stream()
                .mapToDouble(bar -> Drawing.widthOf(shortened(bar.label())))
                .max()
                .orElse(0);
    }

    private static String shortened(String label) {
        return label.length() <= LETTERS_MAX ? label : label.substring(0, LETTERS_MAX - 1) + "…";
    }

    private static void drawBar(Drawing drawing, Bar bar, double top, double left, double right, Scale scale) {
        double middle = top + ROW / 2;
        Spread spread = bar.spread();
        double end = left + scale.placeOf(spread.median()) * (right - left);
        double low = left + scale.placeOf(spread.min()) * (right - left);
        double high = left + scale.placeOf(spread.max()) * (right - left);
        drawing.text("", "end", left - 10, middle + 4.5, shortened(bar.label()));
        drawing.rectangle("bar fill" + bar.look() % ChartStyle.LOOKS, left, middle - BAR / 2, end - left, BAR);
        if (high - low > 1) {
            drawing.line("whisker", low, middle, high, middle);
            drawing.line("whisker", low, middle - 4, low, middle + 4);
            drawing.line("whisker", high, middle - 4, high, middle + 4);
        }
        drawing.text("value", "end", right + 64, middle + 4.5, NumberText.of(spread.median()));
        if (spread.max() > spread.min()) {
            drawing.text("range", "start", right + 71, middle + 4.5, range(spread));
        }
    }

    private static String range(Spread spread) {
        return NumberText.compact(spread.min()) + "–" + NumberText.compact(spread.max());
    }

    private String describe() {
        List<String> parts = new ArrayList<>();
        for (Bar bar : bars) {
            parts.add(bar.label() + " " + NumberText.of(bar.spread().median()) + " (" + range(bar.spread()) + ")");
        }
        return title + ", " + load + ", median and range in " + (unit.isEmpty() ? "numbers" : unit) + ": "
                + String.join("; ", parts) + ".";
    }
}
