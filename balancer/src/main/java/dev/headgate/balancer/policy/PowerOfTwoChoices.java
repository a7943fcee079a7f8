package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * Draws two different endpoints by weight, and takes the one with fewer attempts in flight for its weight.
 *
 * <p>The in-flight counts are those of all loops, so the choice is global although nothing is shared but counters.
 * Remembers nothing.
 */
public final class PowerOfTwoChoices implements Policy {
    public PowerOfTwoChoices() {}

    @Override
    public Picker pickerFor(UpstreamView view) {
        return new Choice(new WeightedDraw(view), new Load(view));
    }

    private record Choice(WeightedDraw draw, Load load) implements Picker {
        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            int first = draw.pick(random, tried);
            if (first == NONE || draw.count() == 1) {
                return first;
            }
            int second = draw.pickOther(Mixing.mix(random), tried, first);
            if (second == NONE) {
                return first;
            }
            return load.isClearlyLess(second, load.inFlight(second), first, load.inFlight(first)) ? second : first;
        }
    }
}
