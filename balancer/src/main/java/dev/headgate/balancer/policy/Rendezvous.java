package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * The same key to the same endpoint, by a contest for each group of keys (rendezvous hashing, weighted): when an endpoint comes, goes or
 * changes its weight, exactly those keys move that it gains or loses. Where a key goes depends on the endpoints' names and
 * weights alone.
 *
 * <p>A contest looks at every endpoint, some nanoseconds each. There are {@value #GROUPS} groups of keys, however many endpoints there
 * are; where these are more than {@value #CONTESTED_MAX}, who has won a group is kept for the next pick, in two bytes for each group. A key
 * whose endpoint is tried, or above the load bound, goes to the one that comes next in its contest. From one view to the next nothing is kept.
 */
public final class Rendezvous implements Policy {
    /** A power of two. A thousand endpoints get a thousand of them each, give or take 3 %. */
    static final int GROUPS = 1 << 20;

    /** With so many endpoints a contest takes no longer than looking up who has won. */
    static final int CONTESTED_MAX = 8;

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
        private final int[] slots;
        private final long[] hashes; // beside the slots
        private final double[] costs; // likewise: 1 / weight
        private final char[]
                winners; // by group: the slot and 1, or 0 while nobody knows; loops write the same or nothing
        private final LoadBound bound;

        Choice(UpstreamView view, int loadPercent) {
            this.slots = WeightedDraw.slotsWithWeight(view);
            this.hashes = new long[slots.length];
            this.costs = new double[slots.length];
            for (int i = 0; i < slots.length; i++) {
                hashes[i] = Mixing.ofName(view.endpoint(slots[i]).name());
                costs[i] = 1.0 / view.weight(slots[i]);
            }
            this.winners = new char[slots.length > CONTESTED_MAX ? GROUPS : 0];
            this.bound = new LoadBound(view, loadPercent);
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            int group = (int) Mixing.mix(key) & (GROUPS - 1);
            int winner = winner(group);
            if (!tried.isEmpty() && tried.contains(winner)) {
                winner = contest(group, tried);
            }
            return winner == NONE || bound.surelyAdmits(winner) ? winner : winnerWithinBound(group, tried, winner);
        }

        private int winner(int group) {
            if (winners.length == 0) {
                return contest(group, EndpointSet.NONE);
            }
            int known = winners[group];
            return known != 0 ? known - 1 : find(group);
        }

        private int find(int group) {
            int winner = contest(group, EndpointSet.NONE);
            winners[group] = (char) (winner + 1);
            return winner;
        }

        private int contest(int group, EndpointSet tried) {
            long hash = Mixing.mix(group);
            int best = NONE;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < slots.length; i++) {
                double score = score(hash, i);
                if (score > bestScore && !tried.contains(slots[i])) {
                    bestScore = score;
                    best = slots[i];
                }
            }
            return best;
        }

        /** When none of those that are left is below the bound (some that are tried may be), the winner has to do. */
        private int winnerWithinBound(int group, EndpointSet tried, int winner) {
            long allowance = bound.allowance();
            if (bound.admits(winner, allowance)) {
                return winner;
            }
            long hash = Mixing.mix(group);
            int best = winner;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < slots.length; i++) {
                double score = score(hash, i);
                if (score > bestScore && !tried.contains(slots[i]) && bound.admits(slots[i], allowance)) {
                    bestScore = score;
                    best = slots[i];
                }
            }
            return best;
        }

        /**
         * With u drawn evenly from 0 to 1 for group and endpoint, the greatest of log(u) / weight is that of an endpoint as often as
         * its weight says, and changing one weight changes nothing among the others.
         */
        private double score(long hash, int i) {
            return BinaryLog.ofFraction(Mixing.mix(hash ^ hashes[i])) * costs[i];
        }
    }
}
