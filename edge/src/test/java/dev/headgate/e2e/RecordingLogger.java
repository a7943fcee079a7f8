package dev.headgate.e2e;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps the lines of the error log for the test. */
final class RecordingLogger implements System.Logger {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public String getName() {
        return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        lines.add(level + " " + message + (thrown == null ? "" : " " + thrown));
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
        lines.add(level + " " + format);
    }

    /** All lines so far, each behind its level. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    private static boolean isInternalFailure(String line) {
        return line.contains("event=internal_failure ");
    }

    /** Drops reports of internal failures; whether there were any. */
    boolean forgiveInternalFailures() {
        return lines.removeIf(RecordingLogger::isInternalFailure);
    }

    /** Fails when an exception reached the boundary of a loop or an agent. */
    void assertNoInternalFailure() {
        var failures = lines.stream().filter(RecordingLogger::isInternalFailure).toList();
        if (!failures.isEmpty()) {
            throw new AssertionError("internal failures: " + failures);
        }
    }
}
