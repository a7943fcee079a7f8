package dev.headgate.fuzz.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What idle connections cost. {@code -Dconnections=1000000} measures with up to so many, in a JVM of its own that may take 4 KiB for each.
 */
class ManyConnectionsTest {
    private static final int FEW = 1_000;
    private static final int MANY = 20_000;
    private static final int EXCHANGES = 2_000;

    /** Events are the same in every run, times are not: what is done for one exchange must not depend on how many others there are. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void anExchangeCostsTheSameAmongFewAndAmongMany() throws HeadgateStartException {
        double few = eventsPerExchange(FEW);
        double many = eventsPerExchange(MANY);
        assertEquals(few, many, 0.05 * few);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // For very many.
    @EnabledIfSystemProperty(named = "connections", matches = "[0-9]+", disabledReason = "a measurement")
    void measure() throws IOException, InterruptedException {
        long most = Long.getLong("connections");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx" + (most * 4 / 1024 + 512) + "m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ManyConnectionsMeasurement.class.getName(),
                        Long.toString(most))
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader()) {
            lines.lines().forEach(System.out::println);
        }
        assertEquals(0, process.waitFor());
    }

    private static double eventsPerExchange(int connections) throws HeadgateStartException {
        var world = ManyConnections.toProxy(connections);
        world.open(connections);
        long before = world.events();
        world.exchange(EXCHANGES);
        double events = (double) (world.events() - before) / EXCHANGES;
        assertEquals(0, world.buffers());
        assertTrue(world.timers() >= connections, "timers of idle connections");
        world.close();
        assertTrue(world.timers() < 10, "timers of ended connections: " + world.timers());
        world.stop();
        return events;
    }
}
