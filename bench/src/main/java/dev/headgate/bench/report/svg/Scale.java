package dev.headgate.bench.report.svg;

import java.util.List;

/** Maps values to places between 0, the scale's start, and 1, its end, and knows where its marks belong. */
public interface Scale {
    /**
     * A mark.
     *
     * @param value where
     * @param label what stands there; empty for a mark without words
     */
    record Tick(double value, String label) {}

    /** The place of {@code value}; values past the ends get the place of the end. */
    double placeOf(double value);

    /** Marks, from start to end. */
    List<Tick> ticks();
}
