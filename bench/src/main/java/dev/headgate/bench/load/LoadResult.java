package dev.headgate.bench.load;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a {@link LoadPlan}.
 *
 * @param requests complete, right answers that came in the measured time
 * @param totalRequests complete answers of the load over the whole run, right or not: what the target has worked for, slow clients and idle
 *     connections apart
 * @param seconds length of the measured time
 * @param bodyBytes content of {@code requests}
 * @param errors by kind, of those requests that began in the measured time; all kinds are there
 * @param examples the first few failures in words, those of slow clients included, at most {@value #EXAMPLES_MAX}
 * @param latency of an open loop: of every request that was due in the measured time, failed ones included, from when it was due; of a closed loop: of
 *     every answer that came in the measured time, from when it was sent, or connected for
 * @param sendDelay of an open loop: from when a request was due to when it was sent; for want of a connection, or because the generator was late. Empty
 *     for a closed loop
 * @param intervals latency over time
 * @param slots the same by when requests were due, failed ones included; empty unless {@link LoadPlan#isCountedByDue}
 * @param connectionsOpened connects that were begun
 * @param reconnects kept connections that were opened anew, because the peer had ended them or a request on them had failed
 * @param idle what became of the idle connections
 * @param slowAnswers complete answers to slow clients
 * @param slowFailures connections of slow clients that ended otherwise
 * @param handshakes of TLS that were completed in the measured time, those of idle connections and slow clients apart
 * @param cpuNs processor time of the process in the measured time; of nothing but the generator when it runs alone
 */
public record LoadResult(
        long requests,
        long totalRequests,
        double seconds,
        long bodyBytes,
        Map<LoadError, Long> errors,
        List<String> examples,
        LatencySummary latency,
        LatencySummary sendDelay,
        List<IntervalSample> intervals,
        List<DueSlot> slots,
        long connectionsOpened,
        long reconnects,
        Idle idle,
        long slowAnswers,
        long slowFailures,
        Handshakes handshakes,
        long cpuNs) {
    public static final int EXAMPLES_MAX = 8;

    /**
     * Idle connections.
     *
     * @param opened those that had their first request answered
     * @param lost those of them that ended while they were held
     * @param answered those that answered again in the end
     */
    public record Idle(int opened, int lost, int answered) {}

    /**
     * Handshakes of TLS.
     *
     * @param all whole ones and others
     * @param resumed those that took up an earlier session
     */
    public record Handshakes(long all, long resumed) {
        /** Without TLS there are none. */
        public static final Handshakes NONE = new Handshakes(0, 0);
    }

    public LoadResult {
        Map<LoadError, Long> counts = new EnumMap<>(LoadError.class);
        counts.putAll(errors);
        errors = Collections.unmodifiableMap(counts);
        examples = List.copyOf(examples);
        intervals = List.copyOf(intervals);
        slots = List.copyOf(slots);
    }

    /** Answers per second; below the plan's rate, the target or the generator is overloaded. */
    public double requestsPerSecond() {
        return requests / seconds;
    }

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public long errors(LoadError kind) {
        return errors.getOrDefault(kind, 0L);
    }
}
