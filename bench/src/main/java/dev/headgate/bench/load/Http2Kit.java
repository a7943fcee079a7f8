package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameScratch;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h2.Http2AbuseLimits;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;

/** What the HTTP/2 connections of one loop have in common: limits, the request, and how many are open. */
@LoopConfined
final class Http2Kit {
    /** As a browser has them: a target stops for them no more often than it does for people. */
    private static final int STREAM_WINDOW_BYTES = 6 << 20;

    private static final int CONNECTION_WINDOW_BYTES = 15 << 20;

    /** Whatever a target sends is answered: the generator has nothing to protect. */
    private static final Http2AbuseLimits NO_LIMITS = noLimits();

    static final Http2Limits LIMITS = Http2Limits.RESPONSE_DEFAULTS
            .withWindows(STREAM_WINDOW_BYTES, CONNECTION_WINDOW_BYTES)
            .withAbuse(NO_LIMITS);

    /** Streams that are opened before the target has said how many it takes. */
    static final int STREAMS_UNSAID = 100;

    final Http2Scratch scratch = new Http2Scratch(LIMITS.heads());
    final FrameScratch frames = new FrameScratch(ByteBuffer.allocateDirect(Http2Outbox.FRAME_BYTES_MIN));
    final RequestHead request = new RequestHead();
    final Http2RequestOptions options;
    final long contentLength; // −1: not said
    final long contentBytes;
    final StreamEnd headEnd;
    private final int streams;
    private int openLinks;

    Http2Kit(LoadPlan plan) {
        LoadRequest wanted = plan.request();
        boolean hasContent = wanted.bodyFraming() != LoadRequest.BodyFraming.NONE;
        this.streams = plan.http2Streams();
        this.options = new Http2RequestOptions(
                plan.tls() == null ? Http2RequestOptions.Scheme.HTTP : Http2RequestOptions.Scheme.HTTPS,
                null,
                null,
                Http2RequestOptions.Trailers.UNSAID);
        this.contentLength = wanted.bodyFraming() == LoadRequest.BodyFraming.LENGTH ? wanted.bodyBytes() : -1;
        this.contentBytes = wanted.bodyBytes();
        this.headEnd = hasContent ? StreamEnd.OPEN : StreamEnd.END;
        ByteBuffer text = RequestWriter.headWithoutFraming(plan);
        if (new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(text, request) != Decode.COMPLETE) {
            throw new IllegalArgumentException("not a request that a server takes: " + request.violation());
        }
        request.retain(ByteBuffer.allocateDirect(request.headLength()));
    }

    private static Http2AbuseLimits noLimits() {
        int count = 1 << 24;
        long timeNs = 1;
        int entries = 2730; // as many as a frame has room for
        return new Http2AbuseLimits(
                count, timeNs, timeNs, count, count, count, timeNs, entries, count, timeNs, count, count, timeNs, count,
                count, count, timeNs);
    }

    /** On each connection. */
    int streams() {
        return streams;
    }

    int openLinks() {
        return openLinks;
    }

    void onLinkOpened() {
        openLinks++;
    }

    void onLinkEnded() {
        openLinks--;
    }
}
