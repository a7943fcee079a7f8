package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Gate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A latch. */
final class NioGate implements Gate {
    private final CountDownLatch latch;

    NioGate(int count) {
        latch = new CountDownLatch(count);
    }

    @Override
    public void countDown() {
        latch.countDown();
    }

    @Override
    public boolean await(long timeoutNs) throws InterruptedException {
        return latch.await(timeoutNs, TimeUnit.NANOSECONDS);
    }
}
