package dev.headgate.bench.parts;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.policy.LeastRequests;
import dev.headgate.balancer.policy.Maglev;
import dev.headgate.balancer.policy.PeakEwma;
import dev.headgate.balancer.policy.PowerOfTwoChoices;
import dev.headgate.balancer.policy.RoundRobin;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Do loops get in each other's way when all of them pick, and count what they do, at once? With {@code -t 1} and {@code -t 2};
 * each thread is a loop, whose call is a whole attempt: a pick, and the counts of its start, its response head and its end. The
 * plain way is one counter per endpoint for all loops.
 */
@State(Scope.Benchmark)
public class BalancerLoopsBench {
    private static final int LOOPS = 2;

    @Param({"10", "1000"})
    private int endpoints = 10;

    private UpstreamView view = new UpstreamView("app", List.of());
    private Picker roundRobin = new RoundRobin(LOOPS).pickerFor(view);
    private Picker powerOfTwoChoices = roundRobin;
    private Picker peakEwma = roundRobin;
    private Picker leastRequests = roundRobin;
    private Picker maglev = roundRobin;
    private AtomicLongArray shared = new AtomicLongArray(0);

    @Setup
    public void setUp() {
        view = new UpstreamView("app", BalancerBench.endpoints(endpoints, new SplittableRandom(1)));
        roundRobin = new RoundRobin(LOOPS).pickerFor(view);
        powerOfTwoChoices = new PowerOfTwoChoices().pickerFor(view);
        peakEwma = new PeakEwma(PeakEwma.Settings.DEFAULTS).pickerFor(view);
        leastRequests = new LeastRequests().pickerFor(view);
        maglev = new Maglev(0).pickerFor(view);
        shared = new AtomicLongArray(endpoints);
    }

    /** What one loop has of its own. */
    @State(Scope.Thread)
    public static class Loop {
        final EndpointSet tried = new EndpointSet();
        int index;
        SplittableRandom random = new SplittableRandom(1);
        long nowNs;

        @Setup
        public void setUp(ThreadParams threads) {
            index = threads.getThreadIndex() % LOOPS;
            random = new SplittableRandom(index);
        }
    }

    @Benchmark
    public int roundRobin(Loop loop) {
        return attempt(roundRobin, loop);
    }

    @Benchmark
    public int powerOfTwoChoices(Loop loop) {
        return attempt(powerOfTwoChoices, loop);
    }

    @Benchmark
    public int peakEwma(Loop loop) {
        return attempt(peakEwma, loop);
    }

    @Benchmark
    public int leastRequests(Loop loop) {
        return attempt(leastRequests, loop);
    }

    @Benchmark
    public int maglev(Loop loop) {
        return attempt(maglev, loop);
    }

    private int attempt(Picker picker, Loop loop) {
        long chance = loop.random.nextLong();
        int slot = picker.pick(loop.index, chance, chance, loop.tried);
        EndpointStats stats = view.endpoint(slot).stats();
        long nowNs = ++loop.nowNs;
        stats.onAttemptStarted(loop.index, nowNs);
        stats.onResponseHead(loop.index, 1_000_000, nowNs);
        stats.onAttemptEnded(loop.index, 1_000_000);
        return slot;
    }

    /** An endpoint by chance, and a count that all loops add to. */
    @Benchmark
    public int sharedCounters(Loop loop) {
        int slot = (int) Long.remainderUnsigned(loop.random.nextLong(), endpoints);
        shared.incrementAndGet(slot);
        shared.decrementAndGet(slot);
        return slot;
    }
}
