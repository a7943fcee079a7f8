package dev.headgate.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline; the only waiting that a test does. */
public final class Await {
    /** How long anything may take before the test fails. */
    public static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private Await() {}

    /** Returns once {@code condition} holds; fails after {@link #DEADLINE}, naming {@code what} was awaited. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, DEADLINE, condition);
    }

    /** Returns once {@code condition} holds; fails after {@code timeout}, naming {@code what} was awaited. */
    public static void until(String what, Duration timeout, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("not within " + timeout + ": " + what);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Returns once {@code latch} is open; fails after {@link #DEADLINE}. */
    public static void open(String what, CountDownLatch latch) {
        try {
            if (!latch.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, e);
        }
    }
}
