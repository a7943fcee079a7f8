package dev.headgate.downstream;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.h1.BodyDecoder;

/**
 * The body of the HTTP/1.1 request being received: its decoder, its demand and its pace. Pooled by the loop, so that a session without a
 * body in progress does not pay for it.
 */
final class RequestBody extends BodyPace {
    private final BodyDecoder decoder = new BodyDecoder();
    private long contentLength; // -1 when unknown
    private int drainedBytes;

    void start(BodyKind kind, long length, Http1Limits limits, long nowNs) {
        start(nowNs);
        decoder.start(kind, length, limits);
        contentLength = kind == BodyKind.LENGTH ? length : -1;
        drainedBytes = 0;
    }

    BodyDecoder decoder() {
        return decoder;
    }

    /** Counts dropped bytes. */
    int drained(int count) {
        drainedBytes += count;
        return drainedBytes;
    }

    /** Whether what is still to come is known to exceed {@code limit}. */
    boolean restExceeds(long limit) {
        return contentLength - bytes() > limit;
    }
}
