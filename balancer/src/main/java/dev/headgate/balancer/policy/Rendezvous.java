package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * The same key to the same endpoint, by a contest for each key (rendezvous hashing, weighted): when an endpoint comes, goes or
 * changes its weight, exactly those keys move that it gains or loses. Where a key goes depends on the endpoints' names and
 * weights alone.
 *
 * <p>A pick looks at every endpoint, a few nanoseconds each: for small upstreams. A key
 * whose endpoint is tried, or above the load bound, goes to the one that comes next in its contest. Remembers nothing.
 */
public final class Rendezvous implements Policy {
    private final int loadPercent;

    /**
     * @param loadPercent how much an endpoint may have in flight, in percent of its share by weight, from 100 to 10,000; 0 sets no
     *     bound
     */
    public Rendezvous(int loadPercent) {
        this.loadPercent = LoadBound.checked(loadPercent);
    }

    @Override
    public Picker pickerFor(UpstreamView view) {
        return new Choice(view, loadPercent);
    }

    private static final class Choice implements Picker {
        private static final int UNUSED_BITS = 11; // a double holds 53
        private static final double UNIT = 0x1p-53;
        private static final double LOOSE = 1 - 0x1p-40; // so that rounding makes it no less than the score

        private final int[] slots;
        private final long[] hashes; // beside the slots
        private final double[] weights; // likewise
        private final boolean isWeighted;
        private final LoadBound bound;

        Choice(UpstreamView view, int loadPercent) {
            this.slots = WeightedDraw.slotsWithWeight(view);
            this.hashes = new long[slots.length];
            this.weights = new double[slots.length];
            boolean differs = false;
            for (int i = 0; i < slots.length; i++) {
                hashes[i] = Mixing.ofName(view.endpoint(slots[i]).name());
                weights[i] = view.weight(slots[i]);
                differs |= weights[i] != weights[0];
            }
            this.isWeighted = differs;
            this.bound = new LoadBound(view, loadPercent);
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            long hash = Mixing.mix(key);
            int winner = winner(hash, tried);
            return winner == NONE || bound.surelyAdmits(winner) ? winner : winnerWithinBound(hash, tried, winner);
        }

        private int winner(long hash, EndpointSet tried) {
            int best = NONE;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < slots.length; i++) {
                double score = scoreAbove(bestScore, hash, i);
                if (score > bestScore && !tried.contains(slots[i])) {
                    bestScore = score;
                    best = slots[i];
                }
            }
            return best;
        }

        /** When none of those that are left is below the bound (some that are tried may be), the winner has to do. */
        private int winnerWithinBound(long hash, EndpointSet tried, int winner) {
            long allowance = bound.allowance();
            int best = winner;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < slots.length; i++) {
                double score = scoreAbove(bestScore, hash, i);
                if (score > bestScore && !tried.contains(slots[i]) && bound.admits(slots[i], allowance)) {
                    bestScore = score;
                    best = slots[i];
                }
            }
            return best;
        }

        /**
         * With u drawn evenly from 0 to 1 for key and endpoint, the greatest of log(u) / weight is that of an endpoint as often as
         * its weight says, and changing one weight changes nothing among the others. Equal weights leave the order of u.
         *
         * @return the score if it is above {@code bestScore}, else something that is not above it either
         */
        private double scoreAbove(double bestScore, long hash, int i) {
            double u = ((Mixing.mix(hash ^ hashes[i]) >>> UNUSED_BITS) + 0.5) * UNIT;
            if (!isWeighted) {
                return u;
            }
            // log(u) is at most u - 1, and most who lose do so by that much: they need no logarithm.
            double atMost = (u - 1) / weights[i] * LOOSE;
            return atMost > bestScore ? Math.log(u) / weights[i] : atMost;
        }
    }
}
