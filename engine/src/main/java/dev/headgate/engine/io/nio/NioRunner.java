package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Runner;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One platform thread for one duty cycle. Cycles that wait by themselves keep the JVM alive; agents do not. */
final class NioRunner implements Runner {
    private final Thread thread;
    private final DutyCycle cycle;
    private final long idleNs;
    private final Clock clock;

    NioRunner(String name, DutyCycle cycle, long idleNs, Clock clock) {
        this.cycle = cycle;
        this.idleNs = idleNs;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name(name).daemon(idleNs > 0).unstarted(this::run);
    }

    private void run() {
        int done;
        do {
            done = runOnce();
            if (done == 0 && idleNs > 0) {
                LockSupport.parkNanos(this, idleNs);
            }
        } while (done != DutyCycle.DONE);
    }

    private int runOnce() {
        try {
            return cycle.doWork(clock.monotonicNs());
        } catch (Throwable failure) {
            cycle.onFailure(failure);
            return 0;
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void wakeup() {
        LockSupport.unpark(thread);
    }

    @Override
    public boolean awaitTermination(long timeoutNs) throws InterruptedException {
        return thread.getState() != Thread.State.NEW && thread.join(Duration.ofNanos(timeoutNs));
    }
}
