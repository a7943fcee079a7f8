package dev.headgate.fuzz.sim;

import dev.headgate.testkit.sim.Simulator;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Error log of a run: into the trace. That the proxy caught an exception of its own is a finding. */
final class SimLogger implements System.Logger {
    private final Simulator simulator;

    SimLogger(Simulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public String getName() {
        return "sim";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        take(message + (thrown == null ? "" : " " + thrown));
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
        take(String.valueOf(format));
    }

    private void take(String line) {
        simulator.trace("log", 0, 0, line);
        if (line.contains("event=internal_failure")) {
            simulator.violated("the proxy failed inside: " + line);
        }
    }
}
