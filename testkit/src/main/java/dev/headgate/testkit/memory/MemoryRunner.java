package dev.headgate.testkit.memory;

import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Runner;

/** A role that would have a thread of its own. */
final class MemoryRunner implements Runner {
    private final MemoryIo io;
    private final DutyCycle cycle;
    private final long idleNs;
    private boolean isDone;

    MemoryRunner(MemoryIo io, DutyCycle cycle, long idleNs) {
        this.io = io;
        this.cycle = cycle;
        this.idleNs = idleNs;
    }

    /** Whether it is a loop: agents pause between cycles, loops wait in their poller. */
    boolean isLoop() {
        return idleNs == 0;
    }

    /** Runs one cycle; whether it did something. */
    boolean runOnce() {
        if (isDone) {
            return false;
        }
        int done;
        MemoryRunner before = io.enter(this);
        try {
            done = cycle.doWork(io.nowNs());
        } catch (MemoryPoller.WouldWait _) {
            return false;
        } catch (Throwable failure) {
            cycle.onFailure(failure);
            return true;
        } finally {
            io.leave(before);
        }
        isDone = done == DutyCycle.DONE;
        return done != 0;
    }

    @Override
    public void start() {
        io.onStarted(this);
    }

    @Override
    public boolean isCurrent() {
        return io.current() == this;
    }

    @Override
    public void wakeup() {
        io.calls().onCall(IoCall.WAKEUP);
    }

    @Override
    public boolean awaitTermination(long timeoutNs) {
        return io.runUntil(() -> isDone);
    }
}
