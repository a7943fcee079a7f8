package dev.headgate.bench.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.DueSlot;
import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.load.LoadResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** 4,000 requests per second, so 1 per millisecond for each origin; the fault lasts from 1 s to 4 s, and the run to 6 s. */
class FaultFiguresTest {
    private static final long MS = 1_000_000;
    private static final int RATE = 4000;
    private static final int ON_MS = 1000;
    private static final int OFF_MS = 4000;
    private static final int END_MS = 6000;
    private static final FaultTimes TIMES =
            new FaultTimes(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(2));

    private IntToLongFunction badOrigin = ms -> ms; // requests until then
    private IntToLongFunction refused = _ -> 0;
    private IntToLongFunction lateAt = _ -> 0; // of those due in a slot
    private IntToLongFunction failedAt = _ -> 0;

    private FaultFigures figures(String scenario) {
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(-1000 * MS, List.of(0L, 0L, 0L, 0L), 0));
        for (int ms = 0; ms <= END_MS; ms += 20) {
            long well = 1000L + ms;
            samples.add(new Sample(
                    ms * MS, List.of(1000 + badOrigin.applyAsLong(ms), well, well, well), refused.applyAsLong(ms)));
        }
        Evidence evidence = new Evidence(samples, ON_MS * MS, OFF_MS * MS, load());
        return FaultFigures.of(FaultScenario.parse(scenario), TIMES, RATE, evidence);
    }

    private LoadResult load() {
        List<DueSlot> slots = new ArrayList<>();
        long failed = 0;
        for (int ms = 0; ms < END_MS; ms += 50) {
            long[] latencies = new long[RATE / 20];
            Arrays.fill(latencies, 2 * MS);
            Arrays.fill(latencies, 0, (int) lateAt.applyAsLong(ms), 1000 * MS);
            failed += failedAt.applyAsLong(ms);
            slots.add(new DueSlot(
                    ms * MS, Map.of(LoadError.STATUS, failedAt.applyAsLong(ms)), LatencyCounts.ofNs(latencies)));
        }
        LatencySummary none = LatencyCounts.NONE.summary();
        return new LoadResult(
                0,
                0,
                6,
                0,
                Map.of(LoadError.STATUS, failed, LoadError.RESET, 0L),
                List.of(),
                none,
                none,
                List.of(),
                slots,
                0,
                0,
                new LoadResult.Idle(0, 0, 0),
                0,
                0,
                LoadResult.Handshakes.NONE,
                0);
    }

    /** All until {@code from}, none until {@code to}, and all again. */
    private static IntToLongFunction without(int from, int to) {
        return ms -> Math.min(ms, from) + Math.max(0, ms - to);
    }

    /** To a sample; and half of a share is there half of a tenth of a second early. */
    private static void assertNear(long expectedMs, Optional<Duration> time) {
        long ms = time.orElseThrow().toMillis();
        assertTrue(ms >= expectedMs - 70 && ms <= expectedMs + 20, "expected about " + expectedMs + ", was " + ms);
    }

    @Test
    void seesWhenAnOriginGetsNoMoreAndWhenItGetsItsShareAgain() {
        badOrigin = without(1700, 4600);
        FaultFigures figures = figures("503");
        assertNear(700, figures.outAfter());
        assertNear(600, figures.backAfter());
        assertTrue(figures.askedWhileOut().orElseThrow() <= 25, figures.toString());
        assertEquals(24_000, figures.requests());
    }

    @Test
    void countsWhatAnOriginIsAskedAlthoughItIsOut() {
        badOrigin = ms -> Math.min(ms, ON_MS) + Math.max(0, ms - OFF_MS) + (ms >= 2000 ? 7 : 0) + (ms >= 3000 ? 7 : 0);
        assertEquals(OptionalLong.of(14), figures("503").askedWhileOut());
    }

    @Test
    void findsNoTimeForAnOriginThatGoesOnBeingAsked() {
        badOrigin = ms -> ms <= ON_MS ? ms : ON_MS + (ms - ON_MS) / 10;
        FaultFigures figures = figures("503");
        assertEquals(Optional.empty(), figures.outAfter());
        assertEquals(OptionalLong.empty(), figures.askedWhileOut());
        assertEquals(Optional.empty(), figures.backAfter());
    }

    @Test
    void countsConnectsThatWereRefused() {
        badOrigin = without(ON_MS, OFF_MS);
        refused = ms -> Math.clamp(ms - ON_MS, 0, 800);
        FaultFigures figures = figures("refusing");
        assertNear(800, figures.outAfter());
        assertEquals((9000 + 800) / 12_000.0, figures.attempts().orElseThrow(), 0.001);
    }

    /** What it is asked shows by those that wait for it; when it goes on, it counts all of them at once. */
    @Test
    void seesBySlowAnswersWhatAStoppedOriginWasAsked() {
        badOrigin = ms -> Math.min(ms, ON_MS) + (ms > OFF_MS ? 400 : 0) + Math.max(0, ms - 5000);
        lateAt = ms -> ms >= 1000 && ms < 1400 ? 50 : 0;
        FaultFigures figures = figures("stopped");
        assertNear(400, figures.outAfter());
        assertNear(1000, figures.backAfter());
        assertEquals(400, figures.late());
        assertEquals((9000 + 400) / 12_000.0, figures.attempts().orElseThrow(), 0.001);
    }

    /** Of two that have a name each gets two per millisecond: less than half of that is not back. */
    @Test
    void shareIsThatOfThoseWhoHaveTheName() {
        badOrigin = ms -> Math.min(ms, ON_MS) + Math.max(0, ms - OFF_MS) * 3 / 4 + Math.max(0, ms - 5000) / 2;
        assertNear(1000, figures("dns").backAfter());
        assertNear(0, figures("killed").backAfter());
    }

    @Test
    void doesNotWantASlowOriginOut() {
        FaultFigures figures = figures("slow");
        assertEquals(Optional.empty(), figures.outAfter());
        assertNear(0, figures.backAfter());
    }

    @Test
    void tellsBeforeDuringAndAfterApart() {
        lateAt = ms -> ms >= 2000 && ms < 2500 ? 100 : 0;
        FaultFigures figures = figures("slow");
        assertEquals(4000, figures.before().count());
        assertEquals(12_000, figures.during().count());
        assertEquals(8000, figures.after().count());
        assertTrue(figures.before().p99Ns() < 3 * MS, figures.toString());
        assertTrue(figures.during().p99Ns() > 900 * MS, figures.toString());
        assertTrue(figures.after().p99Ns() < 3 * MS, figures.toString());
        assertEquals(1000, figures.late());
    }

    @Test
    void saysWhichRequestsFailed() {
        failedAt = ms -> ms == 1500 ? 3 : 0;
        assertEquals(Map.of(LoadError.STATUS, 3L), figures("503").failures());
        assertEquals(3, figures("503").failed());
    }

    /** Twice as many while all fail are 1.43 times as many in all: the first second counts too. */
    @Test
    void relatesAttemptsToRequests() {
        badOrigin = ms -> ms + 4L * Math.clamp(ms - ON_MS, 0, OFF_MS - ON_MS);
        FaultFigures figures = figures("all-503");
        assertEquals(2.0, figures.attempts().orElseThrow(), 0.001);
        assertEquals((28_000 + 12_000) / 28_000.0, figures.attemptsInAll().orElseThrow(), 0.001);
    }

    @Test
    void doesNotKnowAttemptsWhereRefusalsAreNotCounted() {
        refused = _ -> Sample.NOT_KNOWN;
        FaultFigures figures = figures("killed");
        assertEquals(OptionalDouble.empty(), figures.attempts());
        assertEquals(OptionalDouble.empty(), figures.attemptsInAll());
    }
}
