package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateStartException;
import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worlds of {@link Http2OriginSimulationTest}, in which many clients ask for WebSockets. {@code -Dseeds} counts here too. */
class WebSocketSimulationTest {
    private static final long SEEDS = 500;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyInvariantHolds() {
        Seeds.failOnFinding(Spoken.TUNNELS, SEEDS);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSeedReplaysItsRunExactly() throws HeadgateStartException {
        for (long seed = 1; seed <= 30; seed++) {
            assertEquals(Seeds.run(seed, Spoken.TUNNELS), Seeds.run(seed, Spoken.TUNNELS), "seed " + seed);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runsDoWhatTheyAreFor() throws HeadgateStartException {
        long sent = 0;
        long answered = 0;
        long attempts = 0;
        for (long seed = 1; seed <= 100; seed++) {
            SimulatedRun.Result result = Seeds.run(seed, Spoken.TUNNELS);
            sent += result.sent();
            answered += result.answered();
            attempts += result.attempts();
        }
        assertTrue(sent > 1_000 && answered > sent / 3 && attempts > sent / 3, sent + " " + answered + " " + attempts);
    }
}
