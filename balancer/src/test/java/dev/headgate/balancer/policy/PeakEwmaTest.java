package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.LatencyDecay;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakEwmaTest {
    private static final long MS = 1_000_000;
    private static final long SECOND_NS = 1_000 * MS;

    private final PeakEwma policy = new PeakEwma(PeakEwma.Settings.DEFAULTS);
    private final SplittableRandom random = new SplittableRandom(23);
    private long nowNs = Long.MAX_VALUE - 3 * SECOND_NS; // wraps on the way

    @Test
    void takesTheFasterOfTwoEquallyLoaded() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 20 * MS);
        answer(view, 1, 10 * MS);

        assertEquals(1_000, picksOf(view, 1, 1_000));
    }

    @Test
    void weighsLatencyAgainstLoad() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 30 * MS);
        answer(view, 1, 10 * MS);
        start(view, 1, 1);
        assertEquals(100, picksOf(view, 1, 100)); // 10 × 2 against 30 × 1
        start(view, 1, 2);
        assertEquals(0, picksOf(view, 1, 100)); // 10 × 4
    }

    @Test
    void comparesWhatIsNewByItsLoadAlone() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 30 * MS);
        int fresh = picksOf(view, 1, 2_000);
        assertTrue(fresh > 850 && fresh < 1_150, "of 2000: " + fresh);
        start(view, 1, 1);
        assertEquals(0, picksOf(view, 1, 100));
    }

    @Test
    void leavesEquallyFastEndpointsToTheWeights() {
        UpstreamView view = Upstreams.withWeights(9, 1);
        answer(view, 0, 10 * MS);
        answer(view, 1, 10 * MS);
        int light = picksOf(view, 1, 10_000);

        assertTrue(light > 850 && light < 1_150, "of 10000: " + light);
    }

    @Test
    void prefersASlowEndpointToOneThatFailsFast() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 500 * MS);
        for (int i = 0; i < 3; i++) {
            start(view, 1, 1);
            stats(view, 1).onAttemptFailed(0, EndpointFailure.CONNECT, 1_000, nowNs);
        }

        assertEquals(0, picksOf(view, 1, 1_000));
    }

    @Test
    void putsUpWithOneWhoseEveryAnswerIsSlowerThanThePenaltyRatherThanOneThatFails() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 5 * SECOND_NS);
        answer(view, 1, 5 * SECOND_NS);
        start(view, 1, 1);
        stats(view, 1).onAttemptFailed(0, EndpointFailure.RESET, 1_000, nowNs);

        assertEquals(0, picksOf(view, 1, 1_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 60_000, 3_600_000})
    void triesEveryEndpointAgainSoonHoweverSlowItHasBeen(long slowMs) {
        UpstreamView view = Upstreams.withWeights(1, 1, 1, 1);
        for (int slot = 0; slot < 4; slot++) {
            answer(view, slot, slot == 2 ? slowMs * MS : MS);
        }
        long slowAtNs = nowNs;
        Picker picker = policy.pickerFor(view);
        int pick;
        do {
            nowNs += MS;
            pick = picker.pick(0, random.nextLong(), 0, EndpointSet.NONE);
            answer(view, pick, MS);
        } while (pick != 2 && nowNs - slowAtNs < 10 * SECOND_NS);

        assertEquals(2, pick);
        assertTrue(nowNs - slowAtNs >= PeakEwma.Settings.DEFAULTS.probeIntervalNs());
        assertTrue(nowNs - slowAtNs < 2 * SECOND_NS, "after " + (nowNs - slowAtNs));
    }

    @Test
    void costsAStoppedEndpointNoMoreThanAProbePerInterval() {
        UpstreamView view = Upstreams.withWeights(1, 1, 1, 1);
        for (int slot = 0; slot < 4; slot++) {
            answer(view, slot, MS);
        }
        Picker picker = policy.pickerFor(view);
        int stopped = 0;
        for (int i = 0; i < 60_000; i++) { // a minute
            nowNs += MS;
            int pick = picker.pick(0, random.nextLong(), 0, EndpointSet.NONE);
            if (pick == 3) {
                stopped++;
                start(view, 3, 1); // never answered
            } else {
                answer(view, pick, MS);
            }
        }

        assertTrue(stopped >= 30 && stopped <= 62, "attempts: " + stopped);
    }

    @Test
    void givesAnEndpointThatHasRecoveredItsShareAgain() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, 10 * MS);
        answer(view, 1, 2 * SECOND_NS);
        Picker picker = policy.pickerFor(view);
        int recovered = 0;
        for (int i = 0; i < 120_000; i++) { // two minutes
            nowNs += MS;
            int pick = picker.pick(0, random.nextLong(), 0, EndpointSet.NONE);
            answer(view, pick, 9 * MS + random.nextLong(2 * MS));
            recovered += pick == 1 && i >= 60_000 ? 1 : 0;
        }

        assertTrue(recovered > 15_000 && recovered < 45_000, "of 60000: " + recovered);
    }

    @Test
    void spreadsTheProbesOfLittleTrafficByOdds() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        answer(view, 0, MS);
        answer(view, 1, 100 * SECOND_NS);
        Picker picker = policy.pickerFor(view);
        int slow = 0;
        for (int i = 0; i < 1_600; i++) {
            nowNs += SECOND_NS;
            if (picker.pick(0, random.nextLong(), 0, EndpointSet.NONE) == 1) {
                slow++;
                answer(view, 1, 100 * SECOND_NS);
            } else {
                answer(view, 0, MS);
            }
        }

        assertTrue(slow > 60 && slow < 200, "of 1600: " + slow);
    }

    @Test
    void tellsTheEndpointsHowToAverage() {
        UpstreamView view = Upstreams.withWeights(1);
        LatencyDecay decay = new LatencyDecay(SECOND_NS, 3 * MS);
        new PeakEwma(new PeakEwma.Settings(decay, SECOND_NS)).pickerFor(view);
        start(view, 0, 1);
        stats(view, 0).onAttemptFailed(0, EndpointFailure.CONNECT, 1, nowNs);

        assertEquals(3 * MS, stats(view, 0).latencyNs(nowNs));
        assertThrows(IllegalArgumentException.class, () -> new PeakEwma.Settings(decay, 0));
    }

    private int picksOf(UpstreamView view, int slot, int picks) {
        Picker picker = policy.pickerFor(view);
        int count = 0;
        for (int i = 0; i < picks; i++) {
            count += picker.pick(0, random.nextLong(), 0, EndpointSet.NONE) == slot ? 1 : 0;
        }
        return count;
    }

    private void start(UpstreamView view, int slot, int attempts) {
        for (int i = 0; i < attempts; i++) {
            stats(view, slot).onAttemptStarted(0, nowNs);
        }
    }

    private void answer(UpstreamView view, int slot, long latencyNs) {
        start(view, slot, 1);
        stats(view, slot).onResponseHead(0, latencyNs, nowNs);
        stats(view, slot).onAttemptEnded(0, latencyNs);
    }

    private static EndpointStats stats(UpstreamView view, int slot) {
        return view.endpoint(slot).stats();
    }
}
