package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * Smooth weighted round robin: over any full turn each endpoint is picked as often as its weight says, and the picks of a
 * heavy one are spread out (weights 5, 1, 1 give a a b a c a a).
 *
 * <p>The sequence of a turn is worked out with the view and shared by all loops ({@link SmoothSequence}, which also says what is
 * rounded); a pick costs the same however many endpoints there are. Each loop takes turns on its own and starts at another
 * place, so that loops do not all begin with the same endpoint. Where a loop is, it knows as a fraction of a turn, which means the same
 * in every view: a new view makes no one start anew, and the endpoints in front get no more than the others from frequent
 * changes.
 */
public final class RoundRobin implements Policy {
    private static final int ROW_LENGTH = 16; // keeps two loops' places out of each other's cache lines

    private final long[] phases; // in 2^-64 of a turn, a row per loop, and one on either side; only its loop touches it

    public RoundRobin(int loopCount) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        phases = new long[(loopCount + 2) * ROW_LENGTH];
        for (int loop = 0; loop < loopCount; loop++) {
            phases[row(loop)] = loop * fractionOf(loopCount);
        }
    }

    private static int row(int loopIndex) {
        return (loopIndex + 1) * ROW_LENGTH;
    }

    /** One part of a turn that has so many, rounded up; a whole turn is 0. */
    private static long fractionOf(int parts) {
        return Long.divideUnsigned(-1, parts) + 1;
    }

    @Override
    public Picker pickerFor(UpstreamView view) {
        int[] slots = WeightedDraw.slotsWithWeight(view);
        int[] weights = new int[slots.length];
        for (int i = 0; i < slots.length; i++) {
            weights[i] = view.weight(slots[i]);
        }
        int[] sequence = SmoothSequence.of(weights);
        char[] turn = new char[sequence.length];
        for (int i = 0; i < turn.length; i++) {
            turn[i] = (char) slots[sequence[i]];
        }
        return new Turn(phases, turn, new WeightedDraw(view));
    }

    private static final class Turn implements Picker {
        // A heavy endpoint that is tried may have hundreds of picks in a row; then chance says who stands in for it.
        private static final int SKIPS_MAX = 32;

        private final long[] phases;
        private final char[] slots;
        private final long step; // rounded up: it takes 2^48 picks until one place is skipped
        private final WeightedDraw draw;

        Turn(long[] phases, char[] slots, WeightedDraw draw) {
            this.phases = phases;
            this.slots = slots;
            this.step = slots.length == 0 ? 0 : fractionOf(slots.length);
            this.draw = draw;
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            if (slots.length == 0) {
                return NONE;
            }
            int row = row(loopIndex);
            long phase = phases[row];
            if (tried.isEmpty()) {
                phases[row] = phase + step;
                return slots[Mixing.uniform(phase, slots.length)];
            }
            return untried(phase, random, tried);
        }

        /**
         * The next that has not been tried, without taking its turn: if a retry took one, and every request to a bad endpoint made a retry, then
         * of two endpoints in turn the bad one would be the first of every request.
         */
        private int untried(long phase, long random, EndpointSet tried) {
            for (int skips = 0; skips < SKIPS_MAX; skips++) {
                int slot = slots[Mixing.uniform(phase + skips * step, slots.length)];
                if (!tried.contains(slot)) {
                    return slot;
                }
            }
            return draw.pick(random, tried);
        }
    }
}
