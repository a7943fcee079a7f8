package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole proxy in simulated worlds. {@code -Dseeds=1000000} runs that many, {@code -Dseeds=17..17} those from the first to the last.
 */
class SimulationTest {
    private static final long SEEDS = 1_500;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.HTTP_1, SEEDS);
    }

    /** Worlds that showed something once. */
    @ParameterizedTest
    @ValueSource(longs = {32044}) // the clock steps ahead by two seconds, in which the retry budget fills up
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.Finding finding = Seeds.find(seed, Spoken.HTTP_1, Sabotage.NONE);
        if (finding != null) {
            fail(finding.report());
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(Seeds.run(seed, Spoken.HTTP_1), Seeds.run(seed, Spoken.HTTP_1), "seed " + seed);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        long sent = 0;
        long answered = 0;
        long attempts = 0;
        for (long seed = 1; seed <= 100; seed++) {
            SimulatedRun.Result result = Seeds.run(seed, Spoken.HTTP_1);
            sent += result.sent();
            answered += result.answered();
            attempts += result.attempts();
        }
        assertTrue(sent > 1_000 && answered > sent / 2 && attempts > sent / 3, sent + " " + answered + " " + attempts);
    }
}
