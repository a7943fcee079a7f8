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

/** The worlds of {@link Http2SimulationTest}, in which most origins speak HTTP/2 too. {@code -Dseeds} counts here too. */
class Http2OriginSimulationTest {
    private static final long SEEDS = 600;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.BOTH_SIDES, SEEDS);
    }

    /**
     * Worlds that showed something once: an origin takes nothing of what waits for it while the world waits for rest; an origin that has ended its
     * side takes requests of which nothing had left by then, and which have gone elsewhere.
     */
    @ParameterizedTest
    @ValueSource(longs = {57_993, 58_911})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.assertQuiet(Spoken.BOTH_SIDES, seed);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        Seeds.assertReplayed(Spoken.BOTH_SIDES, 30);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        Seeds.assertBusy(Spoken.BOTH_SIDES, 2_000, 3);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void sabotageIsFound(Sabotage sabotage) {
        Seeds.assertFound(Spoken.BOTH_SIDES, sabotage);
    }
}
