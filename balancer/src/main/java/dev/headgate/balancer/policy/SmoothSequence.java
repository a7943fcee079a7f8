package dev.headgate.balancer.policy;

import java.util.Arrays;

/**
 * Puts the picks of one full turn into the smoothest order there is: at every point of the sequence, each index has been picked
 * as often as its share says, give or take less than one pick.
 *
 * <p>It is the schedule of the chairmen's assignment problem (Tijdeman): who has fallen behind far enough is due, and of those
 * that are due, the one goes first that would be too late soonest. Of equals the lighter goes first, and then the earlier.
 *
 * <p>A turn is as long as the weights without their common divisor add up to. Where that is more than {@link #LENGTH_MAX}, the
 * weights are rounded to that many picks, so that a share is off by less than one pick in a turn; an index is
 * picked once at least, whatever its share.
 */
final class SmoothSequence {
    /** The longest turn, but for indexes that would otherwise not be picked at all. */
    static final int LENGTH_MAX = 65_536;

    private final int[] picks; // of each index in a turn
    private final int length;
    private final int[] order; // indexes, the lighter before the heavier: ids of the heaps are places in it

    private SmoothSequence(int[] picks) {
        this.picks = picks;
        this.length = Arrays.stream(picks).sum();
        this.order = byWeight(picks);
    }

    /** The order of picks for {@code weights}, all above 0. */
    static int[] of(int[] weights) {
        if (weights.length < 2) {
            return new int[weights.length];
        }
        return new SmoothSequence(picks(weights)).sequence();
    }

    /** How often each is picked in a turn. */
    static int[] picks(int[] weights) {
        int divisor = 0;
        long total = 0;
        for (int weight : weights) {
            divisor = greatestCommonDivisor(divisor, weight);
            total += weight;
        }
        int[] picks = new int[weights.length];
        if (total <= (long) LENGTH_MAX * divisor) {
            for (int i = 0; i < picks.length; i++) {
                picks[i] = weights[i] / divisor;
            }
            return picks;
        }
        return rounded(weights, total, picks);
    }

    /** Largest remainders: all are rounded down, and what is left goes to those that have lost most by it. */
    private static int[] rounded(int[] weights, long total, int[] picks) {
        long[] lost = new long[weights.length]; // times the number of indexes, plus the index
        int left = LENGTH_MAX;
        for (int i = 0; i < picks.length; i++) {
            long share = (long) weights[i] * LENGTH_MAX;
            picks[i] = (int) (share / total);
            lost[i] = share % total * picks.length + i;
            left -= picks[i];
        }
        Arrays.sort(lost);
        for (int i = 1; i <= left; i++) {
            picks[(int) (lost[lost.length - i] % picks.length)]++;
        }
        for (int i = 0; i < picks.length; i++) {
            picks[i] = Math.max(picks[i], 1);
        }
        return picks;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static int[] byWeight(int[] picks) {
        long[] keys = new long[picks.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) picks[i] << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private int[] sequence() {
        int[] sequence = new int[length];
        int[] done = new int[order.length];
        TurnHeap waiting = new TurnHeap(order.length); // by when they are due
        TurnHeap due = new TurnHeap(order.length); // by when they are too late
        for (int id = 0; id < order.length; id++) {
            waiting.add(id, dueAt(id, 0));
        }
        for (int at = 1; at <= length; at++) {
            while (!waiting.isEmpty() && waiting.firstTurn() <= at) {
                int id = waiting.firstId();
                waiting.removeFirst();
                due.add(id, lateAfter(id, done[id]));
            }
            int next = due.firstId();
            due.removeFirst();
            sequence[at - 1] = order[next];
            done[next]++;
            waiting.add(next, dueAt(next, done[next]));
        }
        return sequence;
    }

    // With n indexes no one is ever behind or ahead by more than 1 − 1 / (2n − 2), and due means behind by 1 / (2n −
    // 2).
    // The sums stay below 2^48, which a double holds exactly.

    private double dueAt(int id, int done) {
        long slack = 2L * (order.length - 1);
        return Math.ceilDiv((slack * done + 1) * length, slack * picks[order[id]]);
    }

    private double lateAfter(int id, int done) {
        long slack = 2L * (order.length - 1);
        return (double) (slack * (done + 1) - 1) / picks[order[id]]; // equal fractions give equal doubles
    }
}
