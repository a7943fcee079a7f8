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
        String err = train("train");
        // Other lines, a warning or one of the error log's, may come before it.
        assertTrue(err.lines().anyMatch(line -> line.startsWith("ready in 1 ms: web 127.0.0.1:")), err);
    }

    @Test
    void visitsItOverTlsAsWell() {
        String err = train("train", "tls");
        assertEquals(
                6,
                err.lines().filter(line -> line.startsWith("ready in 1 ms: ")).count(),
                err);
    }

    private static String train(String... arguments) {
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
        assertEquals(0, program.execute(arguments), () -> err.toString(StandardCharsets.UTF_8));
        return err.toString(StandardCharsets.UTF_8);
    }
}
