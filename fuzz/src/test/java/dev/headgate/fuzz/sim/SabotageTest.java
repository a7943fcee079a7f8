package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Simulation finds what a fault between the proxy and its sockets does, within a few seeds. */
class SabotageTest {
    private static final int SEEDS_MAX = 200;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void isFound(Sabotage sabotage) {
        Seeds.Finding finding = null;
        for (long seed = 1; seed <= SEEDS_MAX && finding == null; seed++) {
            finding = Seeds.find(seed, Spoken.HTTP_1, sabotage);
        }
        assertNotNull(finding, "not found in " + SEEDS_MAX + " seeds: " + sabotage);
    }
}
