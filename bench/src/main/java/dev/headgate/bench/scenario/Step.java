package dev.headgate.bench.scenario;

import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.StepInfo;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Something that is measured with one target after another. */
public sealed interface Step {
    /** As reports know it. */
    StepInfo info();

    /** Client connections that a target must have room for. */
    int connectionsMax();

    /** What a target must be able to do; one that is not has no part in it. */
    Set<Ability> needs();

    /** How the connections of what counts are protected. */
    Protection protection();

    /** Whether the origin itself takes part, plain as it is: of what TLS costs it has nothing to tell, of what is added to it, it has. */
    default boolean hasDirect() {
        return info().metrics().contains(Metric.P999_US) || !protection().isTls();
    }

    /**
     * Load that targets bear which run all the time.
     *
     * @param shape the load that counts
     * @param beside loads that go on meanwhile
     */
    record Load(StepInfo info, LoadShape shape, List<LoadShape> beside) implements Step {
        public Load {
            beside = List.copyOf(beside);
        }

        @Override
        public Protection protection() {
            return shape.protection();
        }

        @Override
        public Set<Ability> needs() {
            return shape.needs();
        }

        @Override
        public int connectionsMax() {
            return shape.connectionsInAll()
                    + beside.stream().mapToInt(LoadShape::connectionsInAll).sum();
        }
    }

    /**
     * Connections that wait, at a target that was started for them; the slope between two numbers of them is what one costs,
     * whatever the program takes by itself.
     *
     * @param fewer the first number
     * @param more the second
     * @param hold how long they wait before memory is read
     * @param each what they are like
     * @param warmUp load that a target has had before
     */
    record Idle(StepInfo info, int fewer, int more, Duration hold, LoadShape each, LoadShape warmUp) implements Step {
        @Override
        public Protection protection() {
            return each.protection();
        }

        @Override
        public Set<Ability> needs() {
            return each.needs();
        }

        @Override
        public int connectionsMax() {
            return more;
        }

        /** The load that opens so many. */
        public LoadShape shape(int count) {
            return each.withIdle(count);
        }
    }

    /** Whether memory counts among what it measures. */
    default boolean wantsMemory() {
        return info().metrics().contains(Metric.MEMORY_MIB);
    }
}
