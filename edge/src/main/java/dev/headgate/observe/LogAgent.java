package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.DutyCycle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes the logs out, as one duty cycle. It ends after {@link #stop}, when all that was handed over is written. */
public final class LogAgent implements DutyCycle {
    private final @Nullable AccessLog access;
    private final ErrorLog errors;
    private volatile boolean stopping;

    /** @param access null: off */
    public LogAgent(@Nullable AccessLog access, ErrorLog errors) {
        this.access = access;
        this.errors = errors;
    }

    /** Makes the agent write what is left, and end. Called when the loops have ended. */
    @AnyThread
    public void stop() {
        stopping = true;
    }

    @Override
    public int doWork(long nowNs) {
        if (stopping) {
            finish(nowNs);
            return DONE;
        }
        int work = access == null ? 0 : access.doWork(nowNs);
        return work + errors.doWork(nowNs);
    }

    @Override
    public void onFailure(Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "where", "log agent", "failure", failure);
    }

    private void finish(long nowNs) {
        if (access != null) {
            try {
                access.close(nowNs);
            } catch (IOException e) {
                errors.report(LogEvent.ACCESS_LOG_FAILED, "failure", String.valueOf(e.getMessage()));
            }
        }
        errors.close();
    }
}
