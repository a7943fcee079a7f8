package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** The same worlds as those of {@link SimulationTest}, in which most clients speak HTTP/2. {@code -Dseeds} counts here too. */
class Http2SimulationTest {
    private static final long SEEDS = 700;
    private static final int SEEDS_OF_SABOTAGE_MAX = 200;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.MIXED, SEEDS);
    }

    /** Worlds that showed something once. */
    @ParameterizedTest
    @ValueSource(longs = {5329}) // a request ends without content in a window that is negative
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.Finding finding = Seeds.find(seed, Spoken.MIXED, Sabotage.NONE);
        if (finding != null) {
            fail(finding.report());
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(Seeds.run(seed, Spoken.MIXED), Seeds.run(seed, Spoken.MIXED), "seed " + seed);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        long sent = 0;
        long answered = 0;
        long attempts = 0;
        for (long seed = 1; seed <= 100; seed++) {
            SimulatedRun.Result result = Seeds.run(seed, Spoken.MIXED);
            sent += result.sent();
            answered += result.answered();
            attempts += result.attempts();
        }
        assertTrue(sent > 2_000 && answered > sent / 2 && attempts > sent / 3, sent + " " + answered + " " + attempts);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void sabotageIsFound(Sabotage sabotage) {
        Seeds.Finding finding = null;
        for (long seed = 1; seed <= SEEDS_OF_SABOTAGE_MAX && finding == null; seed++) {
            finding = Seeds.find(seed, Spoken.MIXED, sabotage);
        }
        assertNotNull(finding, "not found in " + SEEDS_OF_SABOTAGE_MAX + " seeds: " + sabotage);
    }
}
