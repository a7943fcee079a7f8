package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
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
        Seeds.assertQuiet(Spoken.HTTP_1, seed);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        Seeds.assertReplayed(Spoken.HTTP_1, 50);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        Seeds.assertBusy(Spoken.HTTP_1, 1_000, 2);
    }
}
