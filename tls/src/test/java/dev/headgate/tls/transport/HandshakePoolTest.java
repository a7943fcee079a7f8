package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.io.WorkPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandshakePoolTest {
    private static final int THREADS = 2;
    private static final int WAITING = 3;

    /** Does nothing by itself; {@link #runOne} is a thread's work. */
    private static final class ByHand implements WorkPool {
        private final ArrayDeque<Runnable> taken = new ArrayDeque<>();
        private boolean isClosed;
        private boolean isShort; // of threads

        @Override
        public boolean submit(Runnable work) {
            if (isShort) throw new OutOfMemoryError("unable to create native thread");
            if (isClosed || taken.size() == THREADS + HandshakePool.places(WAITING)) return false;
            return taken.add(work);
        }

        void runOne() {
            taken.remove().run();
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private final ByHand threads = new ByHand();
    private final HandshakePool pool = new HandshakePool(threads, THREADS, WAITING);

    private void fill() {
        for (int i = 0; i < THREADS + WAITING; i++) {
            assertTrue(pool.begin(() -> {}));
        }
    }

    @Test
    void beginsAsManyAsMayWaitBesideThoseThatAreComputed() {
        fill();
        assertFalse(pool.begin(() -> {}));
        threads.runOne();
        assertTrue(pool.begin(() -> {}));
        assertFalse(pool.begin(() -> {}));
    }

    @Test
    void goesOnWithAsManyAgain() {
        fill();
        for (int i = 0; i < WAITING; i++) {
            assertTrue(pool.goOn(() -> {}));
        }
        assertFalse(pool.goOn(() -> {}));
        threads.runOne();
        assertFalse(pool.begin(() -> {}), "those that have begun come first");
        assertTrue(pool.goOn(() -> {}));
    }

    @Test
    void hasThePlaceOfWorkThatThrewBack() {
        for (int i = 0; i < THREADS + WAITING; i++) {
            assertTrue(pool.begin(() -> {
                throw new IllegalStateException();
            }));
        }
        for (int i = 0; i < THREADS + WAITING; i++) {
            assertThrows(IllegalStateException.class, threads::runOne);
        }
        fill();
        assertEquals(THREADS + WAITING, threads.taken.size());
    }

    @Test
    void hasThePlaceOfWorkBackForWhichThereWasNoThread() {
        threads.isShort = true;
        for (int i = 0; i < THREADS + WAITING; i++) {
            assertThrows(OutOfMemoryError.class, () -> pool.begin(() -> {}));
            assertThrows(OutOfMemoryError.class, () -> pool.goOn(() -> {}));
        }
        threads.isShort = false;
        fill();
    }

    @Test
    void isFullWhenItSaysSoAlsoToManyAtOnce() throws Exception {
        AtomicInteger submitted = new AtomicInteger();
        HandshakePool asked = new HandshakePool(new Counting(submitted), THREADS, 1000);
        List<Thread> asking = new ArrayList<>();
        AtomicInteger taken = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            asking.add(Thread.ofPlatform().start(() -> {
                while (asked.begin(() -> {})) {
                    taken.incrementAndGet();
                }
            }));
        }
        for (Thread thread : asking) {
            thread.join();
        }
        assertEquals(THREADS + 1000, taken.get());
        assertEquals(THREADS + 1000, submitted.get());
    }

    /** Takes whatever comes, and does nothing. */
    private record Counting(AtomicInteger submitted) implements WorkPool {
        @Override
        public boolean submit(Runnable work) {
            submitted.incrementAndGet();
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void takesNothingOnceClosed() {
        assertFalse(pool.isClosed());
        pool.close();
        assertTrue(pool.isClosed());
        assertFalse(pool.begin(() -> {}));
        assertFalse(pool.goOn(() -> {}));
    }
}
