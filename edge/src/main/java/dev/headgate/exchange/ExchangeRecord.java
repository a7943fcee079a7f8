package dev.headgate.exchange;

import dev.headgate.http.Violation;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange remembers for its counters and its log line: times, sizes, cause. Owned by its exchange; forgets everything at
 * {@link #begin}.
 */
public final class ExchangeRecord {
    private long startedNs;
    private long startedMs;
    private long requestSentNs;
    private long responseHeadNs;
    private long endedNs;
    private long requestHeadBytes;
    private long responseHeadBytes;
    private long requestBodyBytes;
    private long responseBodyBytes;
    private int status;
    private int attempts;
    private boolean staleRetryTaken;
    private Cause cause = Cause.NONE;
    private @Nullable Cause fallback;
    private @Nullable Violation violation;

    void begin(long nowNs, long wallMs) {
        startedNs = nowNs;
        startedMs = wallMs;
        requestSentNs = 0;
        responseHeadNs = 0;
        requestHeadBytes = 0;
        responseHeadBytes = 0;
        requestBodyBytes = 0;
        responseBodyBytes = 0;
        status = 0;
        attempts = 0;
        staleRetryTaken = false;
        cause = Cause.NONE;
        fallback = null;
        violation = null;
    }

    /** One more attempt; answers which. */
    int attempt() {
        return ++attempts;
    }

    /** The attempt was none: nothing has been tried. */
    void attemptWithdrawn() {
        attempts--;
    }

    /** The one more try on a fresh connection that a stale pooled connection costs, at most once per exchange. */
    boolean takeStaleRetry() {
        boolean taken = !staleRetryTaken;
        staleRetryTaken = true;
        return taken;
    }

    void head(int bytes) {
        requestHeadBytes = bytes;
    }

    void requestSent(long clockNs) {
        requestSentNs = clockNs;
    }

    void onResponseHeadSent(int bytes) {
        responseHeadBytes += bytes;
    }

    void responseHead(long nowNs, int finalStatus) {
        responseHeadNs = nowNs;
        status = finalStatus;
    }

    /** The client gets another response than that. */
    void responseDropped() {
        responseHeadNs = 0;
        status = 0;
    }

    void status(int sent) {
        status = sent;
    }

    void onRequestBody(int bytes) {
        requestBodyBytes += bytes;
    }

    void onResponseBody(int bytes) {
        responseBodyBytes += bytes;
    }

    void cause(Cause first) {
        if (cause == Cause.NONE) {
            cause = first;
        }
    }

    /** The response was broken off for want of memory, whatever it would have been. */
    void outOfMemory() {
        cause = Cause.OVERLOADED;
    }

    /**
     * The route's fallback is taken: whatever was remembered of one upstream's attempts does not count for another's.
     *
     * @param reason what the client would have learnt otherwise; {@link Cause#NONE}: an answer of the upstream
     */
    void fallback(Cause reason) {
        fallback = reason;
        staleRetryTaken = false;
    }

    void violation(Violation seen) {
        violation = seen;
    }

    void end(long clockNs) {
        endedNs = clockNs;
    }

    public long startedMs() {
        return startedMs;
    }

    long startedNs() {
        return startedNs;
    }

    public long durationNs() {
        return Math.max(0, endedNs - startedNs);
    }

    /** From the request being sent to the response's head being there; 0 when there was none. */
    public long upstreamNs() {
        return requestSentNs == 0 || responseHeadNs == 0 ? 0 : Math.max(0, responseHeadNs - requestSentNs);
    }

    public long requestBodyBytes() {
        return requestBodyBytes;
    }

    /** Head and content of the request as received, without the framing of a chunked body. */
    public long bytesIn() {
        return requestHeadBytes + requestBodyBytes;
    }

    /** Head and content of the response as sent, likewise. */
    public long bytesOut() {
        return responseHeadBytes + responseBodyBytes;
    }

    /** The final status that the client got, 0 when it got none. */
    public int status() {
        return status;
    }

    public int attempts() {
        return attempts;
    }

    public Cause cause() {
        return cause;
    }

    /** Why the route's fallback was taken, {@link Cause#NONE} for an answer of the upstream; null when it was not. */
    public @Nullable Cause fallback() {
        return fallback;
    }

    /** The rule that the client's message broke, if that ended the exchange. */
    public @Nullable Violation violation() {
        return violation;
    }
}
