package dev.headgate.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LatencySummary;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void medianIsTheMiddleOrBetweenTheMiddleTwo() {
        assertEquals(new Spread(5, 5, 5), Spread.of(5));
        assertEquals(new Spread(2, 1, 9), Spread.of(9, 1, 2));
        assertEquals(new Spread(2.5, 1, 9), Spread.of(3, 9, 1, 2));
    }

    @Test
    void wantsNumbers() {
        assertThrows(IllegalArgumentException.class, Spread::of);
        assertThrows(IllegalArgumentException.class, () -> Spread.of(1, Double.NaN));
    }

    @Property
    void halfLieOnEitherSide(@ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
        Spread spread =
                Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
        long below = values.stream().filter(value -> value < spread.median()).count();
        long above = values.stream().filter(value -> value > spread.median()).count();
        assertTrue(below * 2 <= values.size() && above * 2 <= values.size(), spread.toString());
        assertTrue(spread.min() <= spread.median() && spread.median() <= spread.max(), spread.toString());
    }

    @Test
    void curvesAreJoinedPointByPoint() {
        List<Curves.Point> joined = Curves.join(List.of(run(100), run(300), run(200)), 2);
        assertEquals(new Spread(0.2, 0.1, 0.3), joined.getFirst().us());
        assertEquals(0.99, joined.getLast().fraction(), 1e-9);
        assertEquals(new Spread(2, 1, 3), joined.getLast().us());
        for (int i = 1; i < joined.size(); i++) {
            assertTrue(joined.get(i).us().median() >= joined.get(i - 1).us().median(), "falls at " + i);
        }
        assertEquals(List.of(), Curves.join(List.of(), 3));
    }

    /** Half of the answers took {@code ns}, the others ten times as long. */
    private static Run run(long ns) {
        List<LatencySummary.Point> curve = List.of(
                new LatencySummary.Point(0, ns),
                new LatencySummary.Point(50, ns),
                new LatencySummary.Point(100, 10 * ns));
        return new Run("step", "target", 1, Map.of(Metric.ERRORS, 0.0), curve, List.of(), List.of());
    }
}
