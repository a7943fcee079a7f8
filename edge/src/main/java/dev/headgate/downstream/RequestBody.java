package dev.headgate.downstream;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.h1.BodyDecoder;

/**
 * The body of the request being received: its decoder, its demand and its pace. Pooled by the loop, so that a session without a
 * body in progress does not pay for it.
 */
public final class RequestBody {
    private static final long SECOND_NS = 1_000_000_000L;

    private final BodyDecoder decoder = new BodyDecoder();
    private long contentLength; // -1 when unknown
    private long bytes;
    private int drainedBytes;
    private long startedNs;
    private long lastNs;
    private long pausedNs; // in all, before the current pause
    private long pauseStartedNs;
    private boolean paused;
    private boolean arrived; // a byte of it, and be it of its framing

    void start(BodyKind kind, long length, Http1Limits limits, long nowNs) {
        decoder.start(kind, length, limits);
        contentLength = kind == BodyKind.LENGTH ? length : -1;
        bytes = 0;
        drainedBytes = 0;
        startedNs = nowNs;
        lastNs = nowNs;
        pausedNs = 0;
        pauseStartedNs = nowNs;
        paused = true;
        arrived = false;
    }

    BodyDecoder decoder() {
        return decoder;
    }

    /** The first bytes are here. */
    void arrive() {
        arrived = true;
    }

    boolean hasArrived() {
        return arrived;
    }

    boolean isPaused() {
        return paused;
    }

    void pause(long nowNs) {
        if (!paused) {
            paused = true;
            pauseStartedNs = nowNs;
        }
    }

    void resume(long nowNs) {
        if (paused) {
            paused = false;
            pausedNs += nowNs - pauseStartedNs;
            lastNs = nowNs;
        }
    }

    void received(int count, long nowNs) {
        bytes += count;
        lastNs = nowNs;
    }

    /** Counts dropped bytes. */
    int drained(int count) {
        drainedBytes += count;
        return drainedBytes;
    }

    /** Whether what is still to come is known to exceed {@code limit}. */
    boolean restExceeds(long limit) {
        return contentLength - bytes > limit;
    }

    /** The instant at which silence has lasted too long. */
    long idleDeadlineNs(long idleTimeoutNs) {
        return lastNs + idleTimeoutNs;
    }

    /** Whether fewer bytes have come than the least rate asks for; time in which none were wanted does not count. */
    boolean isSlowerThan(long bytesPerSecond, long graceNs, long nowNs) {
        long wantedNs = nowNs - startedNs - pausedNs;
        return bytesPerSecond > 0 && wantedNs > graceNs && bytes < bytesPerSecond * (wantedNs / SECOND_NS);
    }
}
