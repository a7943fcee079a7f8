package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamLoggerTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StreamLogger logger =
            new StreamLogger(new PrintStream(bytes, false, StandardCharsets.UTF_8), Level.INFO, () -> Records.TIME_MS);

    @Test
    void writesTimeAndLevelBeforeTheMessage() {
        logger.log(Level.WARNING, "event=overloaded listener=web");
        logger.log(Level.ERROR, "event=é");

        assertEquals("""
                2026-01-02T03:04:05.678Z WARN event=overloaded listener=web
                2026-01-02T03:04:05.678Z ERROR event=é
                """, text());
    }

    @Test
    void showsNothingBelowItsLevel() {
        assertFalse(logger.isLoggable(Level.DEBUG));
        assertTrue(logger.isLoggable(Level.INFO));
        assertFalse(logger.isLoggable(Level.OFF));
        logger.log(Level.DEBUG, "event=request_refused");
        logger.log(Level.TRACE, "a {0}", "b");

        assertEquals("", text());
    }

    @Test
    void takesBracesInAPlainMessageAsTheyAre() {
        logger.log(Level.INFO, "event=x value={0}");
        logger.log(Level.INFO, "event=x value={0}", "y");

        assertEquals("""
                2026-01-02T03:04:05.678Z INFO event=x value={0}
                2026-01-02T03:04:05.678Z INFO event=x value=y
                """, text());
    }

    @Test
    void keepsAnExceptionInTheLine() {
        logger.log(Level.ERROR, "event=internal_failure", new IllegalStateException("two\nlines"));

        assertEquals(
                "2026-01-02T03:04:05.678Z ERROR event=internal_failure"
                        + " failure=\"java.lang.IllegalStateException: two\\nlines\"\n",
                text());
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
