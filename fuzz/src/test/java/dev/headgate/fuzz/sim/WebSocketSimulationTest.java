package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worlds of {@link Http2OriginSimulationTest}, in which many clients ask for WebSockets. {@code -Dseeds} counts here too. */
class WebSocketSimulationTest {
    private static final long SEEDS = 350;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.TUNNELS, SEEDS);
    }

    /**
     * Worlds that showed something once: an origin breaks off within a frame when Close frames are due; the bit that an origin changes is of the
     * type of its GOAWAY; a request that GOAWAY has sent elsewhere leaves behind the frames that it has waited for.
     */
    @ParameterizedTest
    @ValueSource(longs = {2864, 51_632, 55_729})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.assertQuiet(Spoken.TUNNELS, seed);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        Seeds.assertReplayed(Spoken.TUNNELS, 30);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        Seeds.assertBusy(Spoken.TUNNELS, 1_000, 3);
    }
}
