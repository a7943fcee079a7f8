package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimulationFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs seeds, and says all that is needed to run a failing one again. */
final class Seeds {
    private static final int EVENTS_SHOWN = 200;
    private static final int SEEDS_OF_SABOTAGE_MAX = 200;

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
            assertQuiet(spoken, seed);
        }
    }

    /** Runs one seed, and fails with what it finds. */
    static void assertQuiet(Spoken spoken, long seed) {
        Finding finding = find(seed, spoken, Sabotage.NONE);
        if (finding != null) {
            throw new AssertionError(finding.report());
        }
    }

    /** The same seed makes the same run, to its last event. */
    static void assertReplayed(Spoken spoken, long seeds) throws HeadgateStartException {
        for (long seed = 1; seed <= seeds; seed++) {
            assertEquals(run(seed, spoken), run(seed, spoken), "seed " + seed);
        }
    }

    /** What a fault between the proxy and its sockets does shows within a few seeds. */
    static void assertFound(Spoken spoken, Sabotage sabotage) {
        for (long seed = 1; seed <= SEEDS_OF_SABOTAGE_MAX; seed++) {
            if (find(seed, spoken, sabotage) != null) {
                return;
            }
        }
        throw new AssertionError("not found in " + SEEDS_OF_SABOTAGE_MAX + " seeds: " + sabotage);
    }

    /** A hundred runs have something to go by: so many requests, of which one in {@code shareAnswered} has its answer, and attempts side by side, of which either may win. */
    static void assertBusy(Spoken spoken, long sentMin, int shareAnswered) throws HeadgateStartException {
        long sent = 0;
        long answered = 0;
        long attempts = 0;
        long hedges = 0;
        long hedgesWon = 0;
        for (long seed = 1; seed <= 100; seed++) {
            SimulatedRun.Result result = run(seed, spoken);
            sent += result.sent();
            answered += result.answered();
            attempts += result.attempts();
            hedges += result.hedges();
            hedgesWon += result.hedgesWon();
        }
        assertTrue(
                sent > sentMin && answered > sent / shareAnswered && attempts > sent / 3,
                sent + " " + answered + " " + attempts);
        assertTrue(hedgesWon > 0 && hedges > hedgesWon, hedges + " second attempts, of which won: " + hedgesWon);
    }

    private static String testOf(Spoken spoken) {
        return switch (spoken) {
            case HTTP_1 -> "SimulationTest";
            case MIXED -> "Http2SimulationTest";
            case BOTH_SIDES -> "Http2OriginSimulationTest";
            case TUNNELS -> "WebSocketSimulationTest";
            case CHOSEN -> "ProtocolChoiceSimulationTest";
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
