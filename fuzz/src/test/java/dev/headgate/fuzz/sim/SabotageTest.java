package dev.headgate.fuzz.sim;

import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Simulation finds what a fault between the proxy and its sockets does, within a few seeds. */
class SabotageTest {
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void isFound(Sabotage sabotage) {
        Seeds.assertFound(Spoken.HTTP_1, sabotage);
    }
}
