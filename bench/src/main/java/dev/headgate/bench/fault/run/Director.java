package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.Act;
import dev.headgate.bench.fault.FaultStep;
import java.io.IOException;
import java.util.List;

/** Does the steps of a scenario when their time has come, on a thread of its own. */
final class Director {
    private final List<FaultStep> steps;
    private final Time time;
    private final Stage stage;

    /** The time since the beginning of what is measured. */
    interface Time {
        /** In nanoseconds. */
        long nowNs();

        /** Waits until that time, if it is not over yet. */
        void awaitNs(long ns) throws InterruptedException;
    }

    /** Where things are done. */
    @FunctionalInterface
    interface Stage {
        /** Does something to an origin, and returns when it is done. */
        void play(int origin, Act act) throws IOException, InterruptedException;
    }

    /**
     * When it happened.
     *
     * @param onNs when the first step began
     * @param offNs when the last one was done
     */
    record Span(long onNs, long offNs) {}

    Director(List<FaultStep> steps, Time time, Stage stage) {
        this.steps = steps;
        this.time = time;
        this.stage = stage;
    }

    Span direct() throws IOException, InterruptedException {
        long onNs = steps.getFirst().at().toNanos();
        for (FaultStep step : steps) {
            time.awaitNs(step.at().toNanos());
            if (step.equals(steps.getFirst())) onNs = time.nowNs();
            stage.play(step.origin(), step.act());
        }
        return new Span(onNs, time.nowNs());
    }
}
