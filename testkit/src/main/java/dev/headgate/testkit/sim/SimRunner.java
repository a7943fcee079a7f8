package dev.headgate.testkit.sim;

import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Runner;
import org.jspecify.annotations.Nullable;

/**
 * A role that would have a thread of its own: each cycle is an event. A poll that has to wait leaves the cycle by {@link WouldWait}; it begins
 * anew when the wait is over, so that the loop stays exactly where it told others that it sleeps.
 */
final class SimRunner implements Runner {
    /** Thrown out of a poll that has to wait. */
    static final class WouldWait extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WouldWait() {
            super("would wait", null, false, false); // Without a stack trace: no failure, and often.
        }
    }

    private final SimIo io;
    private final int number;
    private final DutyCycle cycle;
    private final long idleNs;
    private final SimChance chance;
    private Simulator.@Nullable Event next;
    private boolean isStarted;
    private boolean isDone;

    SimRunner(SimIo io, int number, DutyCycle cycle, long idleNs) {
        this.io = io;
        this.number = number;
        this.cycle = cycle;
        this.idleNs = idleNs;
        this.chance = io.simulator().chance().fork();
    }

    @Override
    public void start() {
        isStarted = true;
        wake();
    }

    @Override
    public boolean isCurrent() {
        return io.current() == this;
    }

    @Override
    public void wakeup() {
        wake();
    }

    /** Runs a cycle soon: a thread that is woken does not run at once. */
    void wake() {
        runIn(io.faults().wakeDelayNs(chance));
    }

    /** Runs a cycle {@code delayNs} from now, unless one comes sooner anyway. */
    void runIn(long delayNs) {
        if (!isStarted || isDone) {
            return;
        }
        if (next != null) {
            if (next.isPending() && next.atNs() - io.simulator().nowNs() <= delayNs) {
                return;
            }
            next.cancel();
        }
        next = io.simulator().after(delayNs, this::runOnce);
    }

    private void runOnce() {
        next = null;
        SimRunner before = io.enter(this);
        try {
            int done = cycle.doWork(io.clock().monotonicNs());
            afterCycle(done);
        } catch (WouldWait _) {
            io.simulator().trace("sleep", number, 0);
        } catch (Throwable failure) {
            cycle.onFailure(failure);
            afterCycle(0);
        } finally {
            io.leave(before);
        }
    }

    private void afterCycle(int done) {
        if (done == DutyCycle.DONE) {
            isDone = true;
            io.simulator().trace("done", number, 0);
        } else {
            runIn(done == 0 && idleNs > 0 ? idleNs : io.faults().cycleNs(chance));
        }
    }

    @Override
    public boolean awaitTermination(long timeoutNs) {
        return isStarted && io.simulator().run(() -> isDone, timeoutNs);
    }
}
