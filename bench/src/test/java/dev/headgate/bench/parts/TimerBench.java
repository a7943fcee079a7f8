package dev.headgate.bench.parts;

import dev.headgate.engine.timer.Timer;
import dev.headgate.engine.timer.TimerWheel;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it take to push one connection's deadline back, as each request does, with as many connections as given? The wheel's looks when
 * time passes are in it; the others find out at once.
 */
@State(Scope.Thread)
public class TimerBench {
    private static final long TICK_NS = 16_000_000;
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final long REQUEST_NS = 10_000; // a hundred thousand requests per second

    @Param({"100", "10000"})
    private int connections = 100;

    private long nowNs;
    private int next;
    private TimerWheel wheel = newWheel();
    private Deadline[] deadlines = {};
    private PriorityQueue<Deadline> queue = new PriorityQueue<>();
    private ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private ScheduledFuture<?>[] futures = {};

    private static final class Deadline extends Timer implements Comparable<Deadline> {
        private long queuedNs;

        @Override
        protected void onDeadline(long now) {
            throw new AssertionError("no timeout is due");
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.compare(queuedNs, other.queuedNs);
        }
    }

    private static TimerWheel newWheel() {
        return new TimerWheel(0, TICK_NS, 1024, 1 << 20, (timer, failure) -> {});
    }

    @Setup
    public void setUp() {
        nowNs = 0;
        wheel = newWheel();
        queue = new PriorityQueue<>();
        executor.setRemoveOnCancelPolicy(true);
        deadlines = new Deadline[connections];
        futures = new ScheduledFuture<?>[connections];
        for (int i = 0; i < connections; i++) {
            deadlines[i] = new Deadline();
            deadlines[i].queuedNs = TIMEOUT_NS + i * REQUEST_NS;
            wheel.arm(deadlines[i], TIMEOUT_NS + i * REQUEST_NS);
            queue.add(deadlines[i]);
            futures[i] = schedule();
        }
    }

    private ScheduledFuture<?> schedule() {
        return executor.schedule(() -> {}, TIMEOUT_NS, TimeUnit.NANOSECONDS);
    }

    private int nextConnection() {
        nowNs += REQUEST_NS;
        next = next + 1 == connections ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public int wheel() {
        wheel.arm(deadlines[nextConnection()], nowNs + TIMEOUT_NS);
        return wheel.advance(nowNs);
    }

    @Benchmark
    public boolean priorityQueue() {
        Deadline deadline = deadlines[nextConnection()];
        queue.remove(deadline);
        deadline.queuedNs = nowNs + TIMEOUT_NS;
        return queue.add(deadline);
    }

    @Benchmark
    public boolean executor() {
        int i = nextConnection();
        boolean wasCancelled = futures[i].cancel(false);
        futures[i] = schedule();
        return wasCancelled;
    }

    @TearDown
    public void tearDown() {
        executor.shutdownNow();
        executor = new ScheduledThreadPoolExecutor(1);
    }
}
