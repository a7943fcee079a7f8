package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is counted of one upstream as a whole. Methods with a loop index are called by that loop only. */
@HotPath
public final class UpstreamMetrics {
    private static final int RETRIES = 0;
    private static final int RETRIES_REFUSED = 1;
    private static final int REPLAY_FILES = 2;
    private static final int REPLAY_FILES_LOST = 3;
    private static final int ANSWERS_DROPPED = 4;
    private static final int PENDING_FULL = 5;
    private static final int PENDING_TIMED_OUT = 6;
    private static final int CIRCUIT_OPEN = 7;
    private static final int HEDGES = 8;
    private static final int HEDGES_WON = 9;
    private static final int HEDGES_REFUSED = 10;
    private static final int COUNTERS = 11;

    private final CounterRows counters;
    private final int http2ViolationCount;
    private final CounterRows http2Violations;
    private final LoopHistograms attemptDurations;
    private final EndpointListMetrics list = new EndpointListMetrics();
    private final LoopHistograms pendingDurations;
    private final int loopCount;
    private final int causeCount;
    private volatile long breakerSteps;
    private volatile long breakerTrips;
    private @Nullable TlsMetrics tls; // set while the graph is built
    private @Nullable TunnelMetrics tunnels; // likewise

    UpstreamMetrics(int loopCount, int causeCount, int http2ViolationCount) {
        this.loopCount = loopCount;
        this.causeCount = causeCount;
        counters = new CounterRows(loopCount, COUNTERS);
        this.http2ViolationCount = http2ViolationCount;
        http2Violations = new CounterRows(loopCount, http2ViolationCount);
        attemptDurations = new LoopHistograms(loopCount);
        pendingDurations = new LoopHistograms(loopCount);
    }

    /** What is counted of its list of endpoints. */
    public EndpointListMetrics list() {
        return list;
    }

    /** What is counted of TLS to it; from the first call on it is part of snapshots. */
    public synchronized TlsMetrics tls() {
        TlsMetrics known = tls;
        if (known == null) {
            known = new TlsMetrics(loopCount);
            tls = known;
        }
        return known;
    }

    /** What is counted of tunnels; from the first call on it is part of snapshots. */
    public synchronized TunnelMetrics tunnels() {
        TunnelMetrics known = tunnels;
        if (known == null) {
            known = new TunnelMetrics(loopCount, causeCount);
            tunnels = known;
        }
        return known;
    }

    private synchronized Optional<MetricsSnapshot.Tunnels> tunnelsSnapshot() {
        return Optional.ofNullable(tunnels).map(TunnelMetrics::snapshot);
    }

    private synchronized Optional<MetricsSnapshot.Tls> tlsSnapshot() {
        return Optional.ofNullable(tls).map(TlsMetrics::snapshot);
    }

    /** An exchange makes a further attempt. */
    public void onRetry(int loopIndex) {
        counters.increment(loopIndex, RETRIES);
    }

    /** The budget did not allow a further attempt. */
    public void onRetryRefused(int loopIndex) {
        counters.increment(loopIndex, RETRIES_REFUSED);
    }

    /** A second attempt begins beside one that takes long. */
    public void onHedge(int loopIndex) {
        counters.increment(loopIndex, HEDGES);
    }

    /** Its response head was the first. */
    public void onHedgeWon(int loopIndex) {
        counters.increment(loopIndex, HEDGES_WON);
    }

    /** The budget did not allow one, or the number of retries that may be under way. */
    public void onHedgeRefused(int loopIndex) {
        counters.increment(loopIndex, HEDGES_REFUSED);
    }

    /** An answer is dropped, and another attempt or a fallback takes its place. */
    public void onAnswerDropped(int loopIndex) {
        counters.increment(loopIndex, ANSWERS_DROPPED);
    }

    /** The content of a request is longer than what is kept in memory, and goes on into a temporary file. */
    public void onReplayFile(int loopIndex) {
        counters.increment(loopIndex, REPLAY_FILES);
    }

    /** There is no room for that, or the file fails or is too slow: the request streams on. */
    public void onReplayFileLost(int loopIndex) {
        counters.increment(loopIndex, REPLAY_FILES_LOST);
    }

    /** An attempt has waited for an endpoint to have room, whatever has become of it. */
    public void onPendingEnded(int loopIndex, long durationUs) {
        pendingDurations.record(loopIndex, durationUs);
    }

    /** An attempt has not begun, for no endpoint had room: as many waited as may wait, or it has waited in vain. */
    public void onPendingRefused(int loopIndex, boolean isTimedOut) {
        counters.increment(loopIndex, isTimedOut ? PENDING_TIMED_OUT : PENDING_FULL);
    }

    /** An attempt has not begun, for the upstream is not asked at the moment. */
    public void onCircuitOpen(int loopIndex) {
        counters.increment(loopIndex, CIRCUIT_OPEN);
    }

    // ---- by the balancer agent alone -------------------------------------------------------------------------------

    /** The circuit breaker has taken a step. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onBreakerStep(boolean hasTripped) {
        breakerSteps++;
        breakerTrips += hasTripped ? 1 : 0;
    }

    // ---- by loops --------------------------------------------------------------------------------------------------

    /** An origin broke the rule of HTTP/2 with this ordinal. */
    public void onHttp2Violation(int loopIndex, int violation) {
        http2Violations.increment(loopIndex, violation);
    }

    private long[] http2ViolationCounts() {
        long[] counts = new long[http2ViolationCount];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = http2Violations.sum(i);
        }
        return counts;
    }

    /** An attempt has ended, from its start to the last byte of its response or its failure. */
    public void onAttemptEnded(int loopIndex, long durationUs) {
        attemptDurations.record(loopIndex, durationUs);
    }

    MetricsSnapshot.Upstream snapshot() {
        return new MetricsSnapshot.Upstream(
                counters.sum(RETRIES),
                counters.sum(RETRIES_REFUSED),
                new MetricsSnapshot.Hedges(
                        counters.sum(HEDGES), counters.sum(HEDGES_WON), counters.sum(HEDGES_REFUSED)),
                counters.sum(ANSWERS_DROPPED),
                counters.sum(REPLAY_FILES),
                counters.sum(REPLAY_FILES_LOST),
                http2ViolationCounts(),
                attemptDurations.snapshot(),
                list.snapshot(),
                new MetricsSnapshot.Pending(
                        counters.sum(PENDING_FULL), counters.sum(PENDING_TIMED_OUT), pendingDurations.snapshot()),
                new MetricsSnapshot.Breaker(breakerTrips, breakerSteps, counters.sum(CIRCUIT_OPEN)),
                tlsSnapshot(),
                tunnelsSnapshot());
    }
}
