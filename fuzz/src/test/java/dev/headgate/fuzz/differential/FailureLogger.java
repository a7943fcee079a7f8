package dev.headgate.fuzz.differential;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An error log to which refused messages are nothing new, and a failure inside the proxy is a finding. */
final class FailureLogger implements System.Logger {
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Override
    public String getName() {
        return "differential";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= Level.WARNING.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        take(message + " " + thrown);
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
        take(String.valueOf(format));
    }

    private void take(String line) {
        if (line.contains("event=internal_failure ")) {
            failures.add(line);
        }
    }

    /** Fails when an exception reached the boundary of the proxy's loop. */
    void assertNoFailure() {
        if (!failures.isEmpty()) {
            throw new AssertionError("failures inside: " + failures);
        }
    }
}
