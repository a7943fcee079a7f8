package dev.headgate.fuzz.sim;

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

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.MIXED, SEEDS);
    }

    /**
     * Worlds that showed something once: a request ends without content in a window that is negative; a request of which nothing left in the cycle
     * that made it meets bytes in the next that nobody asked for.
     */
    @ParameterizedTest
    @ValueSource(longs = {5329, 51_116})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.assertQuiet(Spoken.MIXED, seed);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        Seeds.assertReplayed(Spoken.MIXED, 50);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        Seeds.assertBusy(Spoken.MIXED, 2_000, 2);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void sabotageIsFound(Sabotage sabotage) {
        Seeds.assertFound(Spoken.MIXED, sabotage);
    }
}
