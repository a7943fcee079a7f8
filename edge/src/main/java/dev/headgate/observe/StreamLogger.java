package dev.headgate.observe;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link System.Logger} that writes one line per message to a stream:
 * {@code 2026-01-02T03:04:05.678Z WARN event=…}. The program's own: it needs no logging framework, and an application that
 * embeds the proxy passes its own logger instead.
 */
public final class StreamLogger implements System.Logger {
    private final PrintStream stream;
    private final Level lowest;
    private final LongSupplier wallMs;
    private final LogClock clock = new LogClock();
    private final LogBlock time = new LogBlock(LogClock.LENGTH_MAX);

    /**
     * @param lowest the least severity that is shown
     * @param wallMs the time of day in milliseconds since the epoch
     */
    public StreamLogger(PrintStream stream, Level lowest, LongSupplier wallMs) {
        this.stream = stream;
        this.lowest = lowest;
        this.wallMs = wallMs;
    }

    @Override
    public String getName() {
        return "dev.headgate";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.getSeverity() >= lowest.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            writeLine(level, thrown == null ? message + "" : message + " failure=" + quoted(thrown.toString()));
        }
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
        if (isLoggable(level)) {
            boolean plain = format == null || params == null || params.length == 0;
            writeLine(level, plain ? format + "" : MessageFormat.format(format, params));
        }
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder();
        EventText.appendValue(text, value);
        return text.toString();
    }

    private synchronized void writeLine(Level level, String message) {
        time.clear();
        clock.putRfc3339(time, wallMs.getAsLong());
        String line = new String(time.bytes(), 0, time.index(), StandardCharsets.US_ASCII)
                + ' '
                + nameOf(level)
                + ' '
                + message
                + System.lineSeparator();
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length); // in one piece, so that lines of other writers do not get in between
        stream.flush();
    }

    private static String nameOf(Level level) {
        return level == Level.WARNING ? "WARN" : level.name();
    }
}
