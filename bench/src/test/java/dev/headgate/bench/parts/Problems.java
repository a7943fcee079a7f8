package dev.headgate.bench.parts;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** An error log that should stay empty. */
final class Problems implements System.Logger {
    private @Nullable String first;

    void assertNone() {
        if (first != null) {
            throw new AssertionError(first);
        }
    }

    @Override
    public String getName() {
        return "problems";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.compareTo(Level.WARNING) >= 0;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
        if (first == null && isLoggable(level)) {
            first = text + (thrown == null ? "" : ": " + thrown);
        }
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Object... details) {
        log(level, bundle, text, (Throwable) null);
    }
}
