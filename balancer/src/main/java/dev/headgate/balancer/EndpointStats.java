package dev.headgate.balancer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts what the event loops see of one endpoint, and keeps the average latency of its response heads.
 *
 * <p>Each loop has a row of its own that it alone writes, so that an update is a plain read and an opaque write. Any thread
 * reads the rows with opaque access and sums them: a reader may lag a little behind, but never sees half a value. An attempt
 * starts and ends on the same loop, so no row's in-flight count is ever negative.
 *
 * <pre>
 *  row of one loop, in longs:
 *   0 in-flight | 1 started | 2 ended | 3 latency sum | 4 … 11 failures by kind
 *   12 last started at | 13 last latency seen at | 14 latency average, as the bits of a double, 0 = none
 *   15 the later of 12 and 13 | padding to 32
 * </pre>
 *
 * <p>A life runs like this, all on one loop: {@link #onAttemptStarted}; {@link #onResponseHead} or
 * {@link #onErrorResponse} when the final response head has come, if it has; {@link #onAttemptEnded} or
 * {@link #onAttemptFailed}. Latency is the time to the response head: how long content takes is up to the client too.
 */
public final class EndpointStats {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int IN_FLIGHT_OFFSET = 0;
    private static final int STARTED_OFFSET = 1;
    private static final int ENDED_OFFSET = 2;
    private static final int LATENCY_SUM_OFFSET = 3;
    private static final int FAILURES_OFFSET = 4;
    private static final int FAILURE_KINDS_MAX = 4;
    private static final int ANSWERS_OFFSET = 8;
    private static final int ERROR_ANSWERS_OFFSET = 9;
    private static final int ANSWER_LATENCY_SUM_OFFSET = 10;
    private static final int STARTED_AT_OFFSET = 12;
    private static final int SAMPLED_AT_OFFSET = 13;
    private static final int AVERAGE_OFFSET = 14;
    private static final int TOUCHED_AT_OFFSET = 15;

    // At least two cache lines between what two loops write, wherever the array begins: processors fetch lines in
    // pairs, and
    // neighbours would go back and forth (BalancerLoopsBench: with rows of 16, two loops did less together than one).
    private static final int ROW_LENGTH = 32;

    private final int loopCount;
    private final UpstreamLoad upstream;
    private final long[] cells; // one row of padding on either side, for the objects next to the array

    // Written when a policy is set up, hardly ever.
    private volatile LatencyDecay decay = LatencyDecay.DEFAULTS;
    private volatile double halvingsPerNs = LatencyDecay.DEFAULTS.halvingsPerNs(); // of the same

    /** Of an endpoint that is alone in its upstream. */
    public EndpointStats(int loopCount) {
        this(new UpstreamLoad(loopCount));
    }

    /** @param upstream what is counted of all endpoints of its upstream together; says how many loops there are */
    public EndpointStats(UpstreamLoad upstream) {
        this.upstream = upstream;
        this.loopCount = upstream.loopCount();
        assert EndpointFailure.values().length <= FAILURE_KINDS_MAX;
        this.cells = new long[(loopCount + 2) * ROW_LENGTH];
    }

    /** How latencies are averaged from now on, on all loops. Any thread. */
    public void decayBy(LatencyDecay newDecay) {
        if (!decay.equals(newDecay)) {
            decay = newDecay;
            halvingsPerNs = newDecay.halvingsPerNs();
        }
    }

    /**
     * An attempt against the endpoint begins; exactly one of {@link #onAttemptEnded} and {@link #onAttemptFailed} follows on the
     * same loop.
     *
     * @param nowNs the loop's clock
     */
    public void onAttemptStarted(int loopIndex, long nowNs) {
        int row = row(loopIndex);
        add(row + IN_FLIGHT_OFFSET, 1);
        add(row + STARTED_OFFSET, 1);
        CELL.setOpaque(cells, row + STARTED_AT_OFFSET, nowNs);
        CELL.setOpaque(cells, row + TOUCHED_AT_OFFSET, nowNs);
        upstream.onAttemptStarted(loopIndex);
    }

    /**
     * The head of a final response has come, and does not speak of a failing endpoint. At most once per attempt; a tunnel's
     * counts too: the switch to it, or the connection that is open.
     *
     * @param latencyNs from the start of the attempt to the head, connecting included; but without what the client took to send
     *     content that the endpoint had to wait for, as far as the caller knows it
     * @param nowNs the loop's clock
     */
    public void onResponseHead(int loopIndex, long latencyNs, long nowNs) {
        int row = row(loopIndex);
        countAnswer(row, latencyNs);
        sample(row, latencyNs, nowNs);
    }

    private void countAnswer(int row, long latencyNs) {
        add(row + ANSWERS_OFFSET, 1);
        add(row + ANSWER_LATENCY_SUM_OFFSET, latencyNs);
    }

    /**
     * In place of {@link #onResponseHead} for a response that speaks of a failing endpoint, such as 502, 503 and 504: fast as it
     * may come, it counts as slow, see {@link LatencyDecay}.
     */
    public void onErrorResponse(int loopIndex, long latencyNs, long nowNs) {
        int row = row(loopIndex);
        countAnswer(row, latencyNs);
        add(row + ERROR_ANSWERS_OFFSET, 1);
        penalise(row, latencyNs, nowNs);
    }

    /**
     * What followed a response head that had been counted as good speaks of a failing endpoint after all: it counts as a failure and as slow, and
     * not as another answer. {@link #onAttemptEnded} follows.
     *
     * @param latencyNs from the start of the attempt
     * @param nowNs the loop's clock
     */
    public void onErrorTrailers(int loopIndex, long latencyNs, long nowNs) {
        int row = row(loopIndex);
        add(row + ERROR_ANSWERS_OFFSET, 1);
        penalise(row, latencyNs, nowNs);
    }

    private void penalise(int row, long latencyNs, long nowNs) {
        sample(row, decay.penalised(average(row), latencyNs), nowNs);
    }

    /**
     * An attempt is given up before its response head has come, for a reason that is not the endpoint's, such as a client that
     * has left; {@link #onAttemptEnded} follows. It would have taken longer than this: the average only ever rises by it.
     */
    public void onResponseHeadMissed(int loopIndex, long waitedNs, long nowNs) {
        int row = row(loopIndex);
        if (waitedNs > average(row)) {
            sample(row, waitedNs, nowNs);
        }
    }

    /**
     * The attempt has ended with a whole response, or was given up for a reason that is not the endpoint's.
     *
     * @param latencyNs from the start of the attempt to its end
     */
    public void onAttemptEnded(int loopIndex, long latencyNs) {
        int row = row(loopIndex);
        assert cells[row + IN_FLIGHT_OFFSET] > 0 : "an attempt ended that had not started";
        add(row + IN_FLIGHT_OFFSET, -1);
        add(row + ENDED_OFFSET, 1);
        add(row + LATENCY_SUM_OFFSET, latencyNs);
        upstream.onAttemptEnded(loopIndex);
    }

    /**
     * The attempt has failed, and counts as slow whether a response head had come or not; it counts as ended too.
     *
     * @param latencyNs from the start of the attempt to its end
     * @param nowNs the loop's clock
     */
    public void onAttemptFailed(int loopIndex, EndpointFailure kind, long latencyNs, long nowNs) {
        add(row(loopIndex) + FAILURES_OFFSET + offsetOf(kind), 1);
        penalise(row(loopIndex), latencyNs, nowNs);
        onAttemptEnded(loopIndex, latencyNs);
    }

    /** What is counted of all endpoints of its upstream together. */
    public UpstreamLoad upstream() {
        return upstream;
    }

    /** Attempts under way on all loops. */
    public long inFlight() {
        return sum(IN_FLIGHT_OFFSET);
    }

    public long started() {
        return sum(STARTED_OFFSET);
    }

    /** Attempts that are over, failed ones included. */
    public long ended() {
        return sum(ENDED_OFFSET);
    }

    public long failures(EndpointFailure kind) {
        return sum(FAILURES_OFFSET + offsetOf(kind));
    }

    /** Attempts that failed without an answer, and answers that speak of a failing endpoint. */
    public long allFailures() {
        long sum = sum(ERROR_ANSWERS_OFFSET);
        for (int kind = 0; kind < FAILURE_KINDS_MAX; kind++) {
            sum += sum(FAILURES_OFFSET + kind);
        }
        return sum;
    }

    /** Response heads that have come. */
    public long answers() {
        return sum(ANSWERS_OFFSET);
    }

    /** The times to them, added up. */
    public long answerLatencySumNs() {
        return sum(ANSWER_LATENCY_SUM_OFFSET);
    }

    /** The latencies of all attempts that are over, added up. */
    public long latencySumNs() {
        return sum(LATENCY_SUM_OFFSET);
    }

    /**
     * The peak-sensitive average of the time to the response head, or 0 when no loop has seen any. It is the greatest of the
     * loops' averages, much as if they all had written one, for a peak stays with the loop that has met it.
     *
     * <p>What a loop has seen fades from when it last started an attempt or saw a latency: an endpoint that nobody uses gets
     * another chance. One that is given attempts and does not answer does not fade.
     *
     * @param nowNs the clock, or any later reading of the endpoint's that it is to be compared by
     */
    public double latencyNs(long nowNs) {
        double perNs = halvingsPerNs;
        double greatest = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            int row = row(loop);
            long ageNs = nowNs - get(row + TOUCHED_AT_OFFSET);
            // Whether it is the greater one cannot be foreseen: a guess that fails takes longer than the factor.
            greatest = Math.max(greatest, average(row) * LatencyDecay.factor(ageNs * perNs));
        }
        return greatest;
    }

    /** When the last attempt started, on whichever loop; only for endpoints that have had one. */
    public long lastStartedNs() {
        return latest(STARTED_AT_OFFSET);
    }

    /** When the last attempt started or latency was seen, on whichever loop; only for endpoints that have had an attempt. */
    public long lastTouchedNs() {
        return latest(TOUCHED_AT_OFFSET);
    }

    private long latest(int offset) {
        boolean any = false;
        long latest = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            int row = row(loop);
            if (get(row + STARTED_OFFSET) > 0) {
                long at = get(row + offset);
                latest = any && at - latest <= 0 ? latest : at;
                any = true;
            }
        }
        return latest;
    }

    private void sample(int row, long latencyNs, long nowNs) {
        long sinceNs = nowNs - cells[row + SAMPLED_AT_OFFSET];
        double average = decay.withSample(average(row), latencyNs, sinceNs);
        CELL.setOpaque(cells, row + SAMPLED_AT_OFFSET, nowNs);
        CELL.setOpaque(cells, row + TOUCHED_AT_OFFSET, nowNs); // a loop's clock does not go back
        CELL.setOpaque(cells, row + AVERAGE_OFFSET, Double.doubleToRawLongBits(average));
    }

    private double average(int row) {
        return Double.longBitsToDouble(get(row + AVERAGE_OFFSET));
    }

    private int row(int loopIndex) {
        assert loopIndex >= 0 && loopIndex < loopCount : "no such loop: " + loopIndex;
        return (loopIndex + 1) * ROW_LENGTH;
    }

    @SuppressWarnings("EnumOrdinal") // one cell per kind, in memory only
    private static int offsetOf(EndpointFailure kind) {
        return kind.ordinal();
    }

    private void add(int index, long delta) {
        // The loop reads its own last write; opaque, so that a reader on another thread sees it whole and soon.
        CELL.setOpaque(cells, index, cells[index] + delta);
    }

    private long get(int index) {
        return (long) CELL.getOpaque(cells, index);
    }

    private long sum(int offset) {
        long sum = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            sum += get(row(loop) + offset);
        }
        return sum;
    }
}
