package dev.headgate.bench.parts;

import dev.headgate.balancer.Balancer;
import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.policy.PowerOfTwoChoices;
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

    @Param({"2", "16", "256"})
    private int endpoints = 16;

    private final EndpointSet tried = new EndpointSet();
    private final SplittableRandom random = new SplittableRandom(1);
    private final Balancer powerOfTwoChoices = new PowerOfTwoChoices();
    private Balancer roundRobin = powerOfTwoChoices;
    private UpstreamView view = new UpstreamView("app", List.of());

    @Setup
    public void setUp() {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            var stats = new EndpointStats(LOOPS);
            for (int attempts = random.nextInt(5); attempts > 0; attempts--) {
                stats.onAttemptStarted(attempts % LOOPS);
            }
            all.add(new Endpoint("10.0.0." + i, 1, stats));
        }
        view = new UpstreamView("app", all);
        roundRobin = new RoundRobin(LOOPS);
    }

    @Benchmark
    public int roundRobin() {
        return roundRobin.pick(view, 0, 0, tried);
    }

    @Benchmark
    public int powerOfTwoChoices() {
        return powerOfTwoChoices.pick(view, 0, random.nextLong(), tried);
    }

    @Benchmark
    public int leastOfAll() {
        int least = 0;
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < view.endpointCount(); i++) {
            long inFlight = view.endpoint(i).stats().inFlight();
            if (inFlight < fewest) {
                fewest = inFlight;
                least = i;
            }
        }
        return least;
    }
}
