package dev.headgate.balancer.health;

import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_CONNECT_FAILURES;
import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_FAILURES;
import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_GATEWAY_FAILURES;
import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_LOCAL_FAILURES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.health.ConsecutiveSettings.Local;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsecutiveTest {
    /** Outcomes by letter (s success, e server error, g gateway error, c not connected, l lost); what the last one reports. */
    record Row(
            String outcomes,
            int failures,
            int gateway,
            int local,
            Local mode,
            @Nullable EjectionReason last) {}

    static List<Row> rows() {
        Local together = Local.TOGETHER;
        Local apart = Local.APART;
        return List.of(
                new Row("gg", 0, 3, 0, together, null),
                new Row("ggg", 0, 3, 0, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("gggg", 0, 3, 0, together, null),
                new Row("gggggg", 0, 3, 0, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("ggsgg", 0, 3, 0, together, null),
                new Row("ggsggg", 0, 3, 0, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("gge", 0, 3, 0, together, null),
                new Row("ggeg", 0, 3, 0, together, null),
                new Row("eee", 0, 3, 0, together, null),
                new Row("eee", 3, 0, 0, together, CONSECUTIVE_FAILURES),
                new Row("egl", 3, 0, 0, together, CONSECUTIVE_FAILURES),
                new Row("glc", 0, 3, 0, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("ccc", 0, 3, 0, together, CONSECUTIVE_CONNECT_FAILURES),
                new Row("ccc", 3, 0, 0, together, CONSECUTIVE_CONNECT_FAILURES),
                new Row("lcc", 0, 3, 0, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("lll", 0, 3, 3, together, CONSECUTIVE_LOCAL_FAILURES),
                new Row("ggl", 0, 3, 3, together, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("lle", 0, 0, 3, together, null),
                new Row("gggccc", 0, 3, 0, together, CONSECUTIVE_CONNECT_FAILURES),
                new Row("ggl", 0, 3, 3, apart, null),
                new Row("gglg", 0, 3, 3, apart, CONSECUTIVE_GATEWAY_FAILURES),
                new Row("lll", 0, 3, 3, apart, CONSECUTIVE_LOCAL_FAILURES),
                new Row("ccc", 0, 0, 3, apart, CONSECUTIVE_CONNECT_FAILURES),
                new Row("llgl", 0, 0, 3, apart, null),
                new Row("llsl", 0, 0, 3, apart, null),
                new Row("lllll", 3, 3, 0, apart, null),
                new Row("e", 1, 1, 1, together, CONSECUTIVE_FAILURES),
                new Row("gegegelcgcg", 0, 0, 0, together, null));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void reportsAsTheTableSays(Row row) {
        Consecutive consecutive =
                new Consecutive(new ConsecutiveSettings(row.failures(), row.gateway(), row.local(), row.mode()));
        EjectionReason last = null;
        for (char letter : row.outcomes().toCharArray()) {
            last = consecutive.onOutcome(outcome(letter));
        }

        assertEquals(row.last(), last);
    }

    @Test
    void tellsLaterWhatWasCrossed() {
        Consecutive consecutive = gateway(3);
        assertNull(consecutive.crossed());
        for (int i = 0; i < 100; i++) {
            consecutive.onOutcome(Outcome.GATEWAY_ERROR);
            assertEquals(i < 2 ? null : CONSECUTIVE_GATEWAY_FAILURES, consecutive.crossed());
        }

        consecutive.onSuccess();
        assertNull(consecutive.crossed());
    }

    @Test
    void isUnreachableUntilSomethingElseHappens() {
        Consecutive consecutive = gateway(3);
        for (int i = 0; i < 100_000; i++) {
            assertEquals(i >= 3, consecutive.isUnreachable());
            consecutive.onOutcome(Outcome.CONNECT_FAILED);
        }
        consecutive.onOutcome(Outcome.GATEWAY_ERROR);
        assertFalse(consecutive.isUnreachable());
        assertEquals(CONSECUTIVE_GATEWAY_FAILURES, consecutive.crossed());
    }

    @Test
    void countsAnewAfterReset() {
        Consecutive consecutive = gateway(2);
        consecutive.onOutcome(Outcome.GATEWAY_ERROR);
        consecutive.reset();
        assertNull(consecutive.onOutcome(Outcome.GATEWAY_ERROR));
        assertEquals(CONSECUTIVE_GATEWAY_FAILURES, consecutive.onOutcome(Outcome.GATEWAY_ERROR));
    }

    @Test
    void takesTheHighestThreshold() {
        int threshold = ConsecutiveSettings.THRESHOLD_MAX;
        Consecutive consecutive = gateway(threshold);
        int reports = 0;
        for (int i = 0; i < 5 * threshold; i++) {
            reports += consecutive.onOutcome(Outcome.GATEWAY_ERROR) == null ? 0 : 1;
        }

        assertEquals(5, reports);
        assertThrows(IllegalArgumentException.class, () -> gateway(threshold + 1));
        assertThrows(IllegalArgumentException.class, () -> gateway(-1));
    }

    @Test
    @Timeout(60)
    void reportsExactlyOncePerCrossingWhenAllLoopsFailAtOnce() throws InterruptedException {
        int loops = 4;
        int each = 50_000;
        int threshold = 7;
        Consecutive consecutive = gateway(threshold);
        AtomicInteger reports = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < loops; loop++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    if (consecutive.onOutcome(Outcome.CONNECTION_LOST) != null) {
                        reports.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(loops * each / threshold, reports.get());
    }

    @Property(tries = 500)
    void reportsEveryTimeThatAThresholdHasBeenReachedOnceMore(
            @ForAll @IntRange(min = 1, max = 6) int threshold, @ForAll @Size(max = 80) List<Outcome> outcomes) {
        Consecutive consecutive = new Consecutive(new ConsecutiveSettings(threshold, 0, 0, Local.TOGETHER));
        int inARow = 0;
        int connectsInARow = 0;
        for (Outcome outcome : outcomes) {
            inARow = outcome == Outcome.SUCCESS ? 0 : inARow + 1;
            connectsInARow = outcome == Outcome.CONNECT_FAILED ? connectsInARow + 1 : 0;
            EjectionReason reason = connectsInARow >= threshold ? CONSECUTIVE_CONNECT_FAILURES : CONSECUTIVE_FAILURES;

            boolean isDue = inARow > 0 && inARow % threshold == 0;
            assertEquals(isDue ? reason : null, consecutive.onOutcome(outcome));
            assertEquals(inARow >= threshold ? reason : null, consecutive.crossed());
        }
    }

    @Test
    void allocatesNothing() {
        Consecutive consecutive = gateway(5);

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                consecutive.onOutcome(Outcome.CONNECT_FAILED);
                consecutive.onOutcome(i % 7 == 0 ? Outcome.SUCCESS : Outcome.GATEWAY_ERROR);
            }
        }));
        assertTrue(consecutive.crossed() != null);
    }

    private static Consecutive gateway(int threshold) {
        return new Consecutive(new ConsecutiveSettings(0, threshold, 0, Local.TOGETHER));
    }

    private static Outcome outcome(char letter) {
        return switch (letter) {
            case 's' -> Outcome.SUCCESS;
            case 'e' -> Outcome.SERVER_ERROR;
            case 'g' -> Outcome.GATEWAY_ERROR;
            case 'c' -> Outcome.CONNECT_FAILED;
            case 'l' -> Outcome.CONNECTION_LOST;
            default -> throw new IllegalArgumentException("no outcome: " + letter);
        };
    }
}
