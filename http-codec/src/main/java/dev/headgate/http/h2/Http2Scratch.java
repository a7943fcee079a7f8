package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of one event loop with the same limits share: the heads that are decoded into, valid within one
 * event, and streams that are not in use. Idle connections have none of it.
 */
public final class Http2Scratch {
    private static final int IDLE_STREAMS_MAX = 1024;

    final Http2HeadLimits limits;
    final ByteBuffer store;
    RequestHead request = new RequestHead();
    final RequestControl control = new RequestControl();
    final ResponseHead response = new ResponseHead();
    final FieldSection trailers = new FieldSection();
    final FieldSection discarded = new FieldSection();
    final FieldCollector collector;
    final RequestRules requestRules;

    /** A chain through {@link Http2Stream#next}. */
    private @Nullable Http2Stream idleStreams;

    private int idleStreamCount;

    /** Scratch for connections with these limits. */
    public Http2Scratch(Http2HeadLimits limits) {
        this.limits = limits;
        store = ByteBuffer.allocateDirect(limits.head().storeBytes());
        collector = new FieldCollector(limits.underscoreNames());
        requestRules = new RequestRules(limits);
    }

    /**
     * Hands over the head of the request that {@link Http2Listener#onRequest} or {@code onRequestRefused} tells of, for an
     * owner that keeps it: its bytes are still those of the scratch, until {@link RequestHead#retain}.
     *
     * @param other takes its place, and is the scratch's from here on
     */
    public RequestHead swapRequest(RequestHead other) {
        RequestHead head = request;
        request = other;
        return head;
    }

    Http2Stream takeStream() {
        Http2Stream stream = idleStreams;
        if (stream == null) {
            return new Http2Stream();
        }
        idleStreams = stream.next;
        stream.next = null;
        idleStreamCount--;
        return stream;
    }

    void giveStream(Http2Stream stream) {
        stream.attach(null);
        if (idleStreamCount < IDLE_STREAMS_MAX) {
            stream.next = idleStreams;
            idleStreams = stream;
            idleStreamCount++;
        }
    }
}
