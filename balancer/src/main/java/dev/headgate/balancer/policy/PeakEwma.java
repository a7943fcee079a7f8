package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.LatencyDecay;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * Draws two different endpoints by weight, and takes the one that promises to answer sooner: its peak-sensitive average
 * latency ({@link EndpointStats#latencyNs}) times what it would have in flight, for its weight.
 *
 * <p>Nobody starves for having been slow once:
 * <ol>
 * <li>an average fades while its endpoint is not used;
 * <li>the dearer one of a pair gets the attempt nevertheless, as a probe, when none has started there for
 *     {@link Settings#probeIntervalNs}, but in no more than one of {@value #PROBE_ODDS} such pairs: with much traffic the interval
 *     bounds what probes cost, with little the odds do;
 * <li>an endpoint whose latency nobody knows yet is compared by its load alone: it is not flooded for being new.
 * </ol>
 *
 * <p>Times are compared with each other only, so a pick needs no clock. Remembers nothing.
 */
public final class PeakEwma implements Policy {
    private static final int PROBE_ODDS = 16; // a power of two

    private final Settings settings;

    /**
     * How latencies are averaged, and how long an endpoint may go without an attempt.
     *
     * @param decay what is left of past latencies
     * @param probeIntervalNs from 1 ns; 1 second by default
     */
    public record Settings(LatencyDecay decay, long probeIntervalNs) {
        public static final Settings DEFAULTS = new Settings(LatencyDecay.DEFAULTS, 1_000_000_000L);

        public Settings {
            if (probeIntervalNs < 1) {
                throw new IllegalArgumentException("probe interval must be positive: " + probeIntervalNs);
            }
        }
    }

    public PeakEwma(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Picker pickerFor(UpstreamView view) {
        int[] slots = WeightedDraw.slotsWithWeight(view);
        for (int slot : slots) {
            view.endpoint(slot).stats().decayBy(settings.decay());
        }
        return new Choice(view, slots.length, settings.probeIntervalNs());
    }

    private static final class Choice implements Picker {
        private final WeightedDraw draw;
        private final Load load;
        private final double[] shares; // by slot: the weight in mean weights; a pick divides by nothing
        private final double[] costs; // by slot: 1 / share
        private final long probeIntervalNs;

        Choice(UpstreamView view, int count, long probeIntervalNs) {
            this.draw = new WeightedDraw(view);
            this.load = new Load(view);
            this.shares = new double[view.slotCount()];
            this.costs = new double[view.slotCount()];
            for (int slot = 0; slot < shares.length; slot++) {
                shares[slot] = count == 0 ? 0 : (double) view.weight(slot) * count / view.totalWeight();
                costs[slot] = 1 / shares[slot];
            }
            this.probeIntervalNs = probeIntervalNs;
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            int first = draw.pick(random, tried);
            if (first == NONE || draw.count() == 1) {
                return first;
            }
            long moreRandom = Mixing.mix(random);
            int second = draw.pickOther(moreRandom, tried, first);
            return second == NONE ? first : cheaper(first, second, Mixing.mix(moreRandom));
        }

        private int cheaper(int first, int second, long random) {
            EndpointStats firstStats = load.stats(first);
            EndpointStats secondStats = load.stats(second);
            long firstTouchedNs = firstStats.lastTouchedNs();
            long secondTouchedNs = secondStats.lastTouchedNs();
            long nowNs = secondTouchedNs - firstTouchedNs > 0 ? secondTouchedNs : firstTouchedNs;
            double firstLatencyNs = firstStats.latencyNs(nowNs);
            double secondLatencyNs = secondStats.latencyNs(nowNs);
            if (firstLatencyNs == 0 || secondLatencyNs == 0) {
                return isClearlyCheaper(second, 1, first, 1) ? second : first;
            }
            boolean takesSecond = isClearlyCheaper(second, secondLatencyNs, first, firstLatencyNs);
            boolean probes = (random & (PROBE_ODDS - 1)) == 0
                    && nowNs - (takesSecond ? firstStats : secondStats).lastStartedNs() >= probeIntervalNs;
            return takesSecond != probes ? second : first;
        }

        /**
         * The comparison of {@link Load#isClearlyLess} with a price per attempt: the same with equal prices, and the bare product
         * of latency and load with equal weights. The second half holds the weight against the load alone, not against the
         * attempt to come, else a heavy endpoint would win each time just for being heavy.
         */
        private boolean isClearlyCheaper(int candidate, double candidatePrice, int drawn, double drawnPrice) {
            double candidateInFlight = load.inFlight(candidate);
            double drawnInFlight = load.inFlight(drawn);
            return candidatePrice * (candidateInFlight + 1) * shares[drawn]
                            < drawnPrice * (drawnInFlight + 1) * shares[candidate]
                    && candidatePrice * (candidateInFlight * costs[candidate] + 1)
                            < drawnPrice * (drawnInFlight * costs[drawn] + 1);
        }
    }
}
