package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is counted of one listener. Methods with a loop index are called by that loop only. */
@HotPath
public final class ListenerMetrics {
    private static final int CONNECTIONS_OPENED = 0;
    private static final int CONNECTIONS_CLOSED = 1;
    private static final int CONNECTIONS_REFUSED = 2;
    private static final int COUNTERS = 3;

    private final CounterRows connections;
    private final ExchangeCounters exchanges;
    private final int violationCount;
    private final CounterRows violations;
    private final int http2ViolationCount;
    private final CounterRows http2Violations;
    private final LoopHistograms durations;
    private final LoopHistograms overheads;
    private final int loopCount;
    private final int causeCount;
    private @Nullable TlsMetrics tls; // set by the graph before the listener accepts
    private @Nullable TunnelMetrics tunnels; // likewise

    ListenerMetrics(int loopCount, int causeCount, int violationCount, int http2ViolationCount) {
        this.loopCount = loopCount;
        this.causeCount = causeCount;
        connections = new CounterRows(loopCount, COUNTERS);
        exchanges = new ExchangeCounters(loopCount, causeCount);
        this.violationCount = violationCount;
        violations = new CounterRows(loopCount, violationCount);
        this.http2ViolationCount = http2ViolationCount;
        http2Violations = new CounterRows(loopCount, http2ViolationCount);
        durations = new LoopHistograms(loopCount);
        overheads = new LoopHistograms(loopCount);
    }

    /** What is counted of TLS here; from the first call on it is part of snapshots. */
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

    public void onConnectionOpened(int loopIndex) {
        connections.increment(loopIndex, CONNECTIONS_OPENED);
    }

    public void onConnectionClosed(int loopIndex) {
        connections.increment(loopIndex, CONNECTIONS_CLOSED);
    }

    /** A connection was turned away at once, for a limit. */
    public void onConnectionRefused(int loopIndex) {
        connections.increment(loopIndex, CONNECTIONS_REFUSED);
    }

    /** A request broke the rule with this ordinal. */
    public void onViolation(int loopIndex, int violation) {
        violations.increment(loopIndex, violation);
    }

    /** A client broke the rule of HTTP/2 with this ordinal. */
    public void onHttp2Violation(int loopIndex, int violation) {
        http2Violations.increment(loopIndex, violation);
    }

    /**
     * An exchange has ended.
     *
     * @param status the final status, or 0 when none was sent
     * @param cause the ordinal of the exchange's cause
     * @param overheadUs the part of the duration that the proxy itself took
     */
    public void onExchangeEnded(
            int loopIndex, int status, int cause, long bytesIn, long bytesOut, long durationUs, long overheadUs) {
        exchanges.onExchangeEnded(loopIndex, status, cause, bytesIn, bytesOut, durationUs);
        durations.record(loopIndex, durationUs);
        overheads.record(loopIndex, overheadUs);
    }

    private static long[] violationCounts(CounterRows rows, int count) {
        long[] counts = new long[count];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = rows.sum(i);
        }
        return counts;
    }

    MetricsSnapshot.Listener snapshot() {
        // Closed before opened, so that the difference is never negative.
        long closed = connections.sum(CONNECTIONS_CLOSED);
        return new MetricsSnapshot.Listener(
                connections.sum(CONNECTIONS_OPENED),
                closed,
                connections.sum(CONNECTIONS_REFUSED),
                exchanges.snapshot(),
                violationCounts(violations, violationCount),
                violationCounts(http2Violations, http2ViolationCount),
                durations.snapshot(),
                overheads.snapshot(),
                tlsSnapshot(),
                tunnelsSnapshot());
    }
}
