package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worlds of {@link WebSocketSimulationTest}, in which most origins choose in a TLS handshake what they speak. {@code -Dseeds} counts here too. */
class ProtocolChoiceSimulationTest {
    private static final long SEEDS = 200;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.CHOSEN, SEEDS);
    }

    /**
     * Worlds that showed something once: a client breaks off within a frame when Close frames are due; an origin takes nothing of what waits for it
     * while the world waits for rest; a request that an origin wants by HTTP/1.1 goes to another upstream, by HTTP/2.
     */
    @ParameterizedTest
    @ValueSource(longs = {167, 50_569, 52_561})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void nothingIsFoundAgain(long seed) {
        Seeds.assertQuiet(Spoken.CHOSEN, seed);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        Seeds.assertReplayed(Spoken.CHOSEN, 20);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        Seeds.assertBusy(Spoken.CHOSEN, 1_000, 3);
    }
}
