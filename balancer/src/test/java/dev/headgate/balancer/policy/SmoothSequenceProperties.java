package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.UpstreamView;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SmoothSequenceProperties {
    @Property(tries = 300)
    void picksExactlyByWeightAndIsNeverAWholePickAheadOrBehind(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 400) Integer> weights) {
        assertIsSmooth(weights.stream().mapToInt(Integer::intValue).toArray());
    }

    @Property(tries = 20)
    void roundsSharesByLessThanOnePickInATurn(
            @ForAll @Size(min = 2, max = 60) List<@IntRange(min = 1, max = UpstreamView.WEIGHT_MAX) Integer> weights) {
        int[] all = weights.stream().mapToInt(Integer::intValue).toArray();
        double total = Arrays.stream(all).asLongStream().sum();
        int[] picks = SmoothSequence.picks(all);
        double turn = Arrays.stream(picks).sum();

        assertTrue(turn <= SmoothSequence.LENGTH_MAX + all.length);
        for (int i = 0; i < all.length; i++) {
            double due = all[i] / total * SmoothSequence.LENGTH_MAX;
            assertTrue(picks[i] >= 1, "never picked: " + i);
            if (turn <= SmoothSequence.LENGTH_MAX) {
                assertEquals(all[i] / total * turn, picks[i], 1, "weight " + all[i]);
            } else {
                assertEquals(due, picks[i], 1, "weight " + all[i]);
            }
        }
        assertIsSmooth(all);
    }

    @Test
    void copesWithAsManyEndpointsAsThereMayBe() {
        int[] equal = new int[UpstreamView.ENDPOINTS_MAX];
        Arrays.fill(equal, UpstreamView.WEIGHT_MAX);
        int[] mixed = new SplittableRandom(1)
                .ints(UpstreamView.ENDPOINTS_MAX, 1, UpstreamView.WEIGHT_MAX + 1)
                .toArray();

        assertEquals(equal.length, SmoothSequence.of(equal).length);
        int[] sequence = SmoothSequence.of(mixed);
        int[] counts = new int[mixed.length];
        for (int index : sequence) {
            counts[index]++;
        }
        assertArrayEquals(SmoothSequence.picks(mixed), counts);
    }

    private static void assertIsSmooth(int[] weights) {
        int[] picks = SmoothSequence.picks(weights);
        int[] sequence = SmoothSequence.of(weights);
        int[] counts = new int[weights.length];
        int[] lastAt = new int[weights.length];
        Arrays.fill(lastAt, -1);
        for (int at = 0; at < sequence.length; at++) {
            int index = sequence[at];
            double share = (double) picks[index] / sequence.length;
            // Right before and right after the pick is when an index is furthest off.
            assertTrue(Math.abs(counts[index] - at * share) < 1, "index " + index + " before " + at);
            counts[index]++;
            assertTrue(Math.abs(counts[index] - (at + 1) * share) < 1, "index " + index + " at " + at);
            assertTrue(at - lastAt[index] < 2 / share + 1, "index " + index + " waits too long at " + at);
            lastAt[index] = at;
        }
        assertArrayEquals(picks, counts);
    }
}
