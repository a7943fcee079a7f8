package dev.headgate.tls.transport;

import java.util.concurrent.CountDownLatch;

/** Occupies the only thread of a handshake pool. */
final class Stopper {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Answers when the thread stands still. */
    boolean occupy(TlsBench bench) throws InterruptedException {
        boolean isTaken = bench.runtime.handshakes().begin(() -> {
            running.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        running.await();
        return isTaken;
    }

    /** Whether the pool takes no more: its one place to wait is taken. Asks without taking it itself. */
    boolean isFull(TlsBench bench) {
        return bench.runtime.handshakes().isFull();
    }

    void release() {
        released.countDown();
    }
}
