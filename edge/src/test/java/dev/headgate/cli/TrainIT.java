package dev.headgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.Environment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TrainIT {
    /** Signals that never come. */
    private static final class Silence implements Signals {
        @Override
        public void onTerminate(Runnable action) {}

        @Override
        public void onHangup(Runnable action) {}
    }

    @Test
    void visitsARealProxyAndEndsInGoodOrder() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream);
        Program program = new Program(
                new HeadgateLauncher(stream),
                new Silence(),
                () -> 1,
                Environment.of(Map.of()),
                new Surroundings(DirectMemory::maxBytes),
                console);
        assertEquals(0, program.execute("train"), () -> err.toString(StandardCharsets.UTF_8));
        // Other lines, a warning or one of the error log's, may come before it.
        assertTrue(
                err.toString(StandardCharsets.UTF_8)
                        .lines()
                        .anyMatch(line -> line.startsWith("ready in 1 ms: web 127.0.0.1:")),
                () -> err.toString(StandardCharsets.UTF_8));
    }
}
