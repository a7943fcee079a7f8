package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * Takes the endpoint with the fewest attempts in flight for its weight, counted over all loops.
 *
 * <p>One endpoint is drawn by weight, and gives way to the least loaded of those that are clearly less loaded than it, in the sense of
 * {@link PowerOfTwoChoices}. So an idle upstream is used by weight and not in the order of its list, and a light endpoint is
 * neither flooded nor forgotten while little is going on.
 *
 * <p>Up to {@link #EXACT_MAX} endpoints are all looked at. Of more a sample of {@link #SAMPLE} different ones is, which is as
 * good for all practical purposes. Remembers nothing.
 */
public final class LeastRequests implements Policy {
    /** The most endpoints that are all looked at. */
    public static final int EXACT_MAX = 64;

    /** How many are looked at when there are more, beside the one that is drawn. */
    public static final int SAMPLE = 8;

    public LeastRequests() {}

    @Override
    public Picker pickerFor(UpstreamView view) {
        return new Choice(view);
    }

    private static final class Choice implements Picker {
        private static final double GOLDEN_RATIO = 0.618_033_988_749_895;
        private static final long STEP = 6_364_136_223_846_793_005L; // of a linear congruential generator

        private final WeightedDraw draw;
        private final Load load;
        private final int[] slots;
        private final int looks;
        private final int stride;

        Choice(UpstreamView view) {
            this.draw = new WeightedDraw(view);
            this.load = new Load(view);
            this.slots = WeightedDraw.slotsWithWeight(view);
            this.looks = slots.length <= EXACT_MAX ? slots.length : SAMPLE;
            this.stride = slots.length <= EXACT_MAX ? 1 : strideFor(slots.length);
        }

        /** Steps of a length that has no divisor in common with the count meet nobody twice. */
        private static int strideFor(int count) {
            int stride = (int) (count * GOLDEN_RATIO);
            while (greatestCommonDivisor(stride, count) != 1) {
                stride++;
            }
            return stride;
        }

        private static int greatestCommonDivisor(int a, int b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            int drawn = draw.pick(random, tried);
            return drawn == NONE || slots.length == 1 ? drawn : leastOf(drawn, Mixing.mix(random), tried);
        }

        private int leastOf(int drawn, long random, EndpointSet tried) {
            long drawnInFlight = load.inFlight(drawn);
            if (drawnInFlight == 0) {
                return drawn; // nobody can have less
            }
            int best = drawn;
            long bestInFlight = drawnInFlight;
            long bestWeight = load.weight(drawn);
            long tiedWeight = 0;
            int at = Mixing.uniform(random, slots.length);
            for (int i = 0; i < looks; i++) {
                int slot = slots[at];
                at = at + stride < slots.length ? at + stride : at + stride - slots.length;
                long inFlight = load.inFlight(slot);
                long weight = load.weight(slot);
                long difference = (inFlight + 1) * bestWeight - (bestInFlight + 1) * weight;
                // Most end here, for one reason, as the processor has foreseen.
                if (difference > 0
                        || !load.isClearlyLess(slot, inFlight, drawn, drawnInFlight)
                        || tried.contains(slot)) {
                    continue;
                }
                // Of those that are equally good each is taken as often as its weight says.
                tiedWeight = difference < 0 ? weight : tiedWeight + weight;
                if (difference < 0 || isHit(random * STEP + i, weight, tiedWeight)) {
                    best = slot;
                    bestInFlight = inFlight;
                    bestWeight = weight;
                }
            }
            return best;
        }

        private static boolean isHit(long random, long weight, long ofWeight) {
            return Math.unsignedMultiplyHigh(Mixing.mix(random), ofWeight) < weight;
        }
    }
}
