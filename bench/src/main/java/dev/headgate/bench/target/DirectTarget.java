package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Ability;
import java.util.Set;

/** The origin itself: what there is without a proxy, and what the generator can do at most. */
public record DirectTarget(String version) implements Target {
    public static final String NAME = "direct";

    @Override
    public String name() {
        return NAME;
    }

    /** What is spoken with an origin behind it is no question. */
    @Override
    public boolean can(Set<Ability> abilities) {
        return !abilities.contains(Ability.HTTP_2_ORIGIN);
    }

    @Override
    public Started start(Host host, Needs needs) {
        return host.origin();
    }

    @Override
    public void stop(Host host, Started started) {
        // The origin is needed further on.
    }
}
