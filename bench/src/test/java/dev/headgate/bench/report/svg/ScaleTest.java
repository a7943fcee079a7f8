package dev.headgate.bench.report.svg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.report.svg.LogScale.LogUnit;
import dev.headgate.bench.report.svg.Scale.Tick;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
    private static String labels(Scale scale) {
        return String.join(" ", scale.ticks().stream().map(Tick::label).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0 0.2 0.4 0.6 0.8 1",
        "0.93, 0 0.2 0.4 0.6 0.8 1",
        "12.2, 0 5 10 15",
        "81400, 0 20k 40k 60k 80k 100k",
        "2400, '0 500 1,000 1,500 2,000 2,500'",
        "0, 0 1",
    })
    void linearTicksAreRound(double max, String expected) {
        assertEquals(expected, labels(LinearScale.upTo(max, 5)));
    }

    @ParameterizedTest
    @CsvSource({
        "60, 400, '50 µs,100 µs,200 µs,500 µs'",
        "100, 100, '100 µs,200 µs'",
        "85, 900000, ',100 µs,,,1 ms,,,10 ms,,,100 ms,,,1 s'",
        "0, 0, '1 µs,2 µs,5 µs,10 µs'",
    })
    void logarithmicTicksAreRound(double min, double max, String expected) {
        List<String> labels = LogScale.over(min, max, LogUnit.MICROSECONDS).ticks().stream()
                .map(Tick::label)
                .toList();
        assertEquals(expected, String.join(",", labels));
    }

    @ParameterizedTest
    @CsvSource({"1, 0% 50% 90% 99%", "1000, 0% 50% 90% 99% 99.9%", "100000, 0% 50% 90% 99% 99.9% 99.99% 99.999%"})
    void percentilesEndWhereAnswersDo(long count, String expected) {
        assertEquals(expected, labels(PercentileScale.of(count)));
    }

    @Test
    void everyNineHasTheSameWidth() {
        PercentileScale scale = new PercentileScale(4);
        assertEquals(0.25, scale.placeOf(0.9), 1e-9);
        assertEquals(0.5, scale.placeOf(0.99), 1e-9);
        assertEquals(1, scale.placeOf(1));
        assertEquals(0, scale.placeOf(0));
    }

    @Property
    void linearScaleHoldsItsValues(
            @ForAll @net.jqwik.api.constraints.Scale(6) @DoubleRange(min = 1e-6, max = 1e12) double max,
            @ForAll @IntRange(min = 2, max = 10) int steps) {
        LinearScale scale = LinearScale.upTo(max, steps);
        assertTrue(scale.end() >= max * (1 - 1e-9), scale.toString());
        assertTrue(scale.ticks().size() <= steps + 2, scale.toString());
        assertEquals(1, scale.placeOf(scale.end()), 1e-9);
    }

    @Property
    void logarithmicScaleHoldsItsValues(
            @ForAll @net.jqwik.api.constraints.Scale(3) @DoubleRange(min = 1e-3, max = 1e9) double min,
            @ForAll @DoubleRange(min = 1, max = 1e6) double factor) {
        LogScale scale = LogScale.over(min, min * factor, LogUnit.PLAIN);
        assertTrue(scale.start() <= min * (1 + 1e-9) && scale.end() >= min * factor * (1 - 1e-9), scale.toString());
        List<Tick> ticks = scale.ticks();
        assertEquals(0, scale.placeOf(ticks.getFirst().value()), 1e-9);
        assertEquals(1, scale.placeOf(ticks.getLast().value()), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.914, 0.91",
        "12.24, 12.2",
        "99.96, 100",
        "419.6, 420",
        "'81432', '81,400'",
        "'999.7', '1,000'",
        "-13.5, −13.5",
        "-0.001, 0.00",
        "1360000, '1,360,000'"
    })
    void numbersHaveThreeDigits(double value, String expected) {
        assertEquals(expected, NumberText.of(value));
    }

    @ParameterizedTest
    @CsvSource({"85, 85 µs", "1230, 1.23 ms", "999.9, 1 ms", "2500000, 2.5 s", "0, 0 µs"})
    void timesHaveTheUnitThatFits(double micros, String expected) {
        assertEquals(expected, NumberText.micros(micros));
    }
}
