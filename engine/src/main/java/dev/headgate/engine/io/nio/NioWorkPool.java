package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.WorkPool;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Platform threads behind an array queue; threads begin with the first work and end after a minute without. */
final class NioWorkPool implements WorkPool {
    private static final long IDLE_THREAD_S = 60;

    private final ThreadPoolExecutor executor;

    NioWorkPool(String name, int threads, int queueMax) {
        executor = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_THREAD_S,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueMax),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public boolean submit(Runnable work) {
        try {
            executor.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
