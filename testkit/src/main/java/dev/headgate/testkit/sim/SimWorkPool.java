package dev.headgate.testkit.sim;

import dev.headgate.engine.io.WorkPool;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Threads that each do one piece of work at a time; a piece takes as long as the pool's user says, and its effect comes at its end. */
final class SimWorkPool implements WorkPool {
    private final SimIo io;
    private final int threads;
    private final int queueMax;
    private final SimChance chance;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private int busy;
    private boolean isClosed;
    private LongSupplier durationNs;

    SimWorkPool(SimIo io, int threads, int queueMax) {
        this.io = io;
        this.threads = threads;
        this.queueMax = queueMax;
        this.chance = io.simulator().chance().fork();
        this.durationNs = () -> chance.between(10_000L, 2_000_000L);
    }

    /** How long the next piece takes. */
    void durations(LongSupplier supplier) {
        durationNs = supplier;
    }

    @Override
    public boolean submit(Runnable work) {
        if (isClosed || busy == threads && queue.size() == queueMax) {
            return false;
        }
        queue.add(work);
        startNext();
        return true;
    }

    private void startNext() {
        if (busy == threads || queue.isEmpty()) {
            return;
        }
        busy++;
        Runnable work = queue.remove();
        io.simulator().after(durationNs.getAsLong(), () -> {
            busy--;
            work.run();
            startNext();
        });
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
