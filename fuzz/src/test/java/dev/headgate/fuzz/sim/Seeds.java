package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimulationFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs seeds, and says all that is needed to run a failing one again. */
final class Seeds {
    private static final int EVENTS_SHOWN = 200;

    private Seeds() {}

    /** What a seed found: the message, and what happened before. */
    record Finding(long seed, String what, List<String> lastEvents) {
        /** For people: how to see it again, what it is, and what led to it. */
        String report() {
            return "seed " + seed + ": " + what + "\nreplay: ./mvnw -q -Dquick -pl fuzz -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dseeds=" + seed + ".." + seed + "\n"
                    + String.join("\n", lastEvents);
        }
    }

    /** Runs {@code seed}; null when every invariant holds. */
    static @Nullable Finding find(long seed, Sabotage sabotage) {
        var run = new SimulatedRun(seed, sabotage);
        try {
            run.run();
            return null;
        } catch (SimulationFailure | AssertionError | IllegalStateException | HeadgateStartException e) {
            String what = e instanceof SimulationFailure ? String.valueOf(e.getMessage()) : e.toString();
            return new Finding(seed, what, run.simulator().trace().last(EVENTS_SHOWN));
        }
    }

    static SimulatedRun.Result run(long seed) throws HeadgateStartException {
        return new SimulatedRun(seed, Sabotage.NONE).run();
    }
}
