package dev.headgate.balancer.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.Outliers.Outlier;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutliersTest {
    private static final OutlierSettings SETTINGS = new OutlierSettings(1.9, 5, 5, 100);

    /** Successes of a thousand requests, by slot; which slots are outliers, the worst first. */
    record Row(String name, long[] successes, List<Integer> outliers) {}

    static List<Row> rows() {
        return List.of(
                new Row("all alike", successes(1000, 1000, 1000, 1000, 1000), List.of()),
                new Row("one of five", successes(1000, 1000, 500, 1000, 1000), List.of(2)),
                new Row("a little worse than perfect", successes(1000, 1000, 960, 1000, 1000), List.of()),
                new Row("clearly worse than perfect", successes(1000, 1000, 940, 1000, 1000), List.of(2)),
                new Row("two of eight", successes(990, 400, 990, 300, 990, 990, 990, 990), List.of(3, 1)),
                new Row("widely spread", successes(900, 500, 700, 450, 800), List.of()),
                new Row("all bad", successes(0, 0, 0, 0, 0), List.of()),
                new Row("one good", successes(0, 0, 1000, 0, 0), List.of()),
                new Row("too few", successes(1000, 1000, 0, 1000), List.of()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findsWhatSucceedsTooRarely(Row row) {
        List<Outlier> outliers = Outliers.bySuccessRate(SETTINGS, requests(row.successes().length), row.successes());

        assertEquals(row.outliers(), outliers.stream().map(Outlier::slot).toList());
        assertTrue(outliers.stream().allMatch(o -> o.reason() == EjectionReason.SUCCESS_RATE && o.value() < o.limit()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findsWhatTakesTooLong(Row row) {
        long[] sums = Arrays.stream(row.successes())
                .map(successes -> 1_000 * (50_000_000L + (1_000 - successes) * 50_000L))
                .toArray();
        List<Outlier> outliers = Outliers.byLatency(SETTINGS, requests(sums.length), sums);

        assertEquals(row.outliers(), outliers.stream().map(Outlier::slot).toList());
        assertTrue(outliers.stream().allMatch(o -> o.reason() == EjectionReason.LATENCY && o.value() > o.limit()));
    }

    @Test
    void leavesOutWhoHasTooFewRequests() {
        long[] requests = {1000, 1000, 99, 1000, 1000, 1000};
        long[] successes = {1000, 1000, 0, 1000, 1000, 1000};
        assertEquals(List.of(), Outliers.bySuccessRate(SETTINGS, requests, successes));

        requests[2] = 100;
        assertEquals(1, Outliers.bySuccessRate(SETTINGS, requests, successes).size());
    }

    @Test
    void comparesWithTheOthersAlone() {
        Outlier outlier = Outliers.bySuccessRate(
                        new OutlierSettings(2, 0, 3, 1), new long[] {10, 10, 10}, new long[] {10, 8, 1})
                .getFirst();

        assertEquals(2, outlier.slot());
        assertEquals(10, outlier.value(), 1e-9);
        assertEquals(90 - 2 * 10, outlier.limit(), 1e-9);
    }

    @Test
    void refusesSettingsThatCompareNothing() {
        assertThrows(IllegalArgumentException.class, () -> new OutlierSettings(1.9, 5, 2, 100));
        assertThrows(IllegalArgumentException.class, () -> new OutlierSettings(1.9, 5, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new OutlierSettings(Double.NaN, 5, 3, 1));
        assertThrows(IllegalArgumentException.class, () -> new OutlierSettings(-1, 5, 3, 1));
    }

    @Property(tries = 300)
    void findsWhatThePlainFormulaFinds(@ForAll @Size(min = 5, max = 20) List<@IntRange(max = 1000) Integer> rates) {
        long[] successes = rates.stream().mapToLong(Integer::longValue).toArray();
        List<Integer> found = Outliers.bySuccessRate(SETTINGS, requests(successes.length), successes).stream()
                .map(Outlier::slot)
                .sorted()
                .toList();

        for (int slot = 0; slot < successes.length; slot++) {
            double limit = plainLimit(successes, slot);
            double rate = successes[slot] / 10.0;
            if (Math.abs(rate - limit) > 1e-6) {
                assertEquals(rate < limit, found.contains(slot), "slot " + slot + " of " + rates);
            }
        }
    }

    private static double plainLimit(long[] successes, int without) {
        double mean = 0;
        for (int i = 0; i < successes.length; i++) {
            mean += i == without ? 0 : successes[i] / 10.0 / (successes.length - 1);
        }
        double variance = 0;
        for (int i = 0; i < successes.length; i++) {
            double distance = successes[i] / 10.0 - mean;
            variance += i == without ? 0 : distance * distance / (successes.length - 1);
        }
        return mean - Math.max(SETTINGS.factor() * Math.sqrt(variance), mean * SETTINGS.marginPercent() / 100);
    }

    private static long[] requests(int count) {
        long[] requests = new long[count];
        Arrays.fill(requests, 1_000);
        return requests;
    }

    private static long[] successes(long... successes) {
        return successes;
    }
}
