package dev.headgate.balancer.policy;

import dev.headgate.balancer.Balancer;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.UpstreamView;
import org.jspecify.annotations.Nullable;

/**
 * Smooth weighted round robin: over any full turn each endpoint is picked as often as its weight says, and the picks of a
 * heavy one are spread out (weights 5, 1, 1 give a a b a c a a).
 *
 * <p>Each loop takes turns on its own and starts at another place of the sequence, so that loops do not all begin with the
 * same endpoint. A pick looks at every endpoint, about a nanosecond each. One instance serves one upstream.
 */
public final class RoundRobin implements Balancer {
    private static final int PHASE_STEPS_MAX = 1024; // bounds the time that a new view costs each loop

    private final Turn[] turns;

    public RoundRobin(int loopCount) {
        turns = new Turn[loopCount];
        for (int loop = 0; loop < loopCount; loop++) {
            turns[loop] = new Turn();
        }
    }

    @Override
    public int pick(UpstreamView view, int loopIndex, long random, EndpointSet tried) {
        Turn turn = turns[loopIndex];
        if (turn.view != view) {
            turn.restart(view, phaseSteps(view, loopIndex));
        }
        return turn.next(view, tried);
    }

    private int phaseSteps(UpstreamView view, int loopIndex) {
        int divisor = 0;
        for (int i = 0; i < view.endpointCount(); i++) {
            divisor = greatestCommonDivisor(divisor, view.weight(i));
        }
        int period = divisor == 0 ? 0 : view.totalWeight() / divisor;
        return (int) ((long) Math.min(period, PHASE_STEPS_MAX) * loopIndex / turns.length);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /**
     * One loop's place in the sequence. Every endpoint earns its weight with each pick, and the richest is picked and pays
     * what all have earned; the credits always add up to zero.
     */
    private static final class Turn {
        private static final int PADDING = 16; // keeps two loops' credits out of each other's cache lines

        private @Nullable UpstreamView view;
        private long[] credits = new long[0];

        void restart(UpstreamView newView, int steps) {
            view = newView;
            credits = new long[newView.endpointCount() + 2 * PADDING];
            for (int i = 0; i < steps; i++) {
                next(newView, EndpointSet.NONE);
            }
        }

        int next(UpstreamView current, EndpointSet tried) {
            long[] credit = credits;
            int best = NONE;
            long earned = 0;
            for (int i = 0; i < current.endpointCount(); i++) {
                int weight = current.weight(i);
                if (weight == 0 || tried.contains(i)) {
                    continue;
                }
                earned += weight;
                credit[PADDING + i] += weight;
                if (best == NONE || credit[PADDING + i] > credit[PADDING + best]) {
                    best = i;
                }
            }
            if (best != NONE) {
                credit[PADDING + best] -= earned;
            }
            return best;
        }
    }
}
