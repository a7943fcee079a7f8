package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimulationFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs seeds, and says all that is needed to run a failing one again. */
final class Seeds {
    private static final int EVENTS_SHOWN = 200;

    private Seeds() {}

    /** What a seed found: the message, and what happened before. */
    record Finding(long seed, Spoken spoken, String what, List<String> lastEvents) {
        /** For people: how to see it again, what it is, and what led to it. */
        String report() {
            return "seed " + seed + ": " + what + "\nreplay: ./mvnw -q -Dquick -pl fuzz -am test -Dtest="
                    + testOf(spoken)
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dseeds=" + seed + ".." + seed + "\n"
                    + String.join("\n", lastEvents);
        }
    }

    /** Runs those seeds that {@code -Dseeds} asks for, and else so many; fails with the first finding. */
    static void failOnFinding(Spoken spoken, long otherwise) {
        String[] range = System.getProperty("seeds", "1.." + otherwise).split("\\.\\.", -1);
        long first = range.length == 1 ? 1 : Long.parseLong(range[0]);
        long last = Long.parseLong(range[range.length - 1]);
        for (long seed = first; seed <= last; seed++) {
            Finding finding = find(seed, spoken, Sabotage.NONE);
            if (finding != null) {
                throw new AssertionError(finding.report());
            }
        }
    }

    private static String testOf(Spoken spoken) {
        return switch (spoken) {
            case HTTP_1 -> "SimulationTest";
            case MIXED -> "Http2SimulationTest";
            case BOTH_SIDES -> "Http2OriginSimulationTest";
            case TUNNELS -> "WebSocketSimulationTest";
        };
    }

    /** Runs {@code seed}; null when every invariant holds. */
    static @Nullable Finding find(long seed, Spoken spoken, Sabotage sabotage) {
        var run = new SimulatedRun(seed, spoken, sabotage);
        try {
            run.run();
            return null;
        } catch (SimulationFailure | AssertionError | IllegalStateException | HeadgateStartException e) {
            String what = e instanceof SimulationFailure ? String.valueOf(e.getMessage()) : e.toString();
            return new Finding(seed, spoken, what, run.simulator().trace().last(EVENTS_SHOWN));
        }
    }

    static SimulatedRun.Result run(long seed, Spoken spoken) throws HeadgateStartException {
        return new SimulatedRun(seed, spoken, Sabotage.NONE).run();
    }
}
