package dev.headgate.bench.parts;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamLoad;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.policy.LeastRequests;
import dev.headgate.balancer.policy.Maglev;
import dev.headgate.balancer.policy.PeakEwma;
import dev.headgate.balancer.policy.PowerOfTwoChoices;
import dev.headgate.balancer.policy.RandomChoice;
import dev.headgate.balancer.policy.Rendezvous;
import dev.headgate.balancer.policy.RoundRobin;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does a pick take as endpoints get more, beside looking for the one with the fewest requests in flight? */
@State(Scope.Thread)
public class BalancerBench {
    private static final int LOOPS = 2;
    private static final int KEY_BITS = 16; // of 65,536 keys, each of which comes again and again

    @Param({"10", "1000"})
    private int endpoints = 10;

    private final EndpointSet tried = new EndpointSet();
    private final SplittableRandom random = new SplittableRandom(1);
    private UpstreamView view = new UpstreamView("app", List.of());
    private Picker roundRobin = picker(new RandomChoice());
    private Picker randomChoice = roundRobin;
    private Picker leastRequests = roundRobin;
    private Picker powerOfTwoChoices = roundRobin;
    private Picker peakEwma = roundRobin;
    private Picker maglev = roundRobin;
    private Picker maglevWithBound = roundRobin;
    private Picker rendezvous = roundRobin;

    @Setup
    public void setUp() {
        view = new UpstreamView("app", endpoints(endpoints, random));
        roundRobin = picker(new RoundRobin(LOOPS));
        randomChoice = picker(new RandomChoice());
        leastRequests = picker(new LeastRequests());
        powerOfTwoChoices = picker(new PowerOfTwoChoices());
        peakEwma = picker(new PeakEwma(PeakEwma.Settings.DEFAULTS));
        maglev = picker(new Maglev(0));
        maglevWithBound = picker(new Maglev(125));
        rendezvous = picker(new Rendezvous(0));
    }

    private Picker picker(Policy policy) {
        return policy.pickerFor(view);
    }

    /** Endpoints of weights 1 to 4 that have been at work on all loops. */
    static List<Endpoint> endpoints(int count, SplittableRandom random) {
        List<Endpoint> all = new ArrayList<>();
        var load = new UpstreamLoad(LOOPS);
        for (int i = 0; i < count; i++) {
            var stats = new EndpointStats(load);
            for (int attempts = 2 + random.nextInt(5); attempts > 0; attempts--) {
                stats.onAttemptStarted(attempts % LOOPS, i);
                stats.onResponseHead(attempts % LOOPS, 1_000_000 + random.nextInt(1_000_000), i + attempts);
            }
            all.add(new Endpoint("10.0.0." + i, 1 + i % 4, stats));
        }
        return all;
    }

    @Benchmark
    public int roundRobin() {
        return pick(roundRobin);
    }

    @Benchmark
    public int randomChoice() {
        return pick(randomChoice);
    }

    @Benchmark
    public int leastRequests() {
        return pick(leastRequests);
    }

    @Benchmark
    public int powerOfTwoChoices() {
        return pick(powerOfTwoChoices);
    }

    @Benchmark
    public int peakEwma() {
        return pick(peakEwma);
    }

    @Benchmark
    public int maglev() {
        return pick(maglev);
    }

    @Benchmark
    public int maglevWithBound() {
        return pick(maglevWithBound);
    }

    @Benchmark
    public int rendezvous() {
        return pick(rendezvous);
    }

    private int pick(Picker picker) {
        long chance = random.nextLong();
        return picker.pick(0, chance, chance >>> (Long.SIZE - KEY_BITS), tried);
    }

    @Benchmark
    public int leastOfAll() {
        int least = 0;
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < view.slotCount(); i++) {
            long inFlight = view.endpoint(i).stats().inFlight();
            if (inFlight < fewest) {
                fewest = inFlight;
                least = i;
            }
        }
        return least;
    }
}
