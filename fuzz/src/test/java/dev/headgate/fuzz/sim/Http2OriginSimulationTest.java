package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The worlds of {@link Http2SimulationTest}, in which most origins speak HTTP/2 too. {@code -Dseeds} counts here too. */
class Http2OriginSimulationTest {
    private static final long SEEDS = 600;
    private static final int SEEDS_OF_SABOTAGE_MAX = 200;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.BOTH_SIDES, SEEDS);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        for (long seed = 1; seed <= 30; seed++) {
            assertEquals(Seeds.run(seed, Spoken.BOTH_SIDES), Seeds.run(seed, Spoken.BOTH_SIDES), "seed " + seed);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        long sent = 0;
        long answered = 0;
        long attempts = 0;
        for (long seed = 1; seed <= 100; seed++) {
            SimulatedRun.Result result = Seeds.run(seed, Spoken.BOTH_SIDES);
            sent += result.sent();
            answered += result.answered();
            attempts += result.attempts();
        }
        assertTrue(sent > 2_000 && answered > sent / 3 && attempts > sent / 3, sent + " " + answered + " " + attempts);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void sabotageIsFound(Sabotage sabotage) {
        Seeds.Finding finding = null;
        for (long seed = 1; seed <= SEEDS_OF_SABOTAGE_MAX && finding == null; seed++) {
            finding = Seeds.find(seed, Spoken.BOTH_SIDES, sabotage);
        }
        assertNotNull(finding, "not found in " + SEEDS_OF_SABOTAGE_MAX + " seeds: " + sabotage);
    }
}
