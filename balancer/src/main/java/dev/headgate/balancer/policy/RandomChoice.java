package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/** Draws an endpoint by weight, whatever its load. Remembers nothing. */
public final class RandomChoice implements Policy {
    public RandomChoice() {}

    @Override
    public Picker pickerFor(UpstreamView view) {
        return new Choice(new WeightedDraw(view));
    }

    private record Choice(WeightedDraw draw) implements Picker {
        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            return draw.pick(random, tried);
        }
    }
}
