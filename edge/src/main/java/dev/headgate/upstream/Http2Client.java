package dev.headgate.upstream;

import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.config.UpstreamConfig.UpstreamLimits;
import dev.headgate.config.UpstreamHttp2;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.LoopContext;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.h2.Http2HeadLimits;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.observe.UpstreamMetrics;
import org.jspecify.annotations.Nullable;

/** What the HTTP/2 connections of one loop to one upstream share: limits, what is decoded into, and stream objects to be used again. */
@LoopConfined
@HotPath
final class Http2Client {
    private static final int IDLE_STREAMS_MAX = 1024;
    private static final int LIST_BYTES_MIN = 32;
    private static final int PSEUDO_FIELDS = 1; // of a response
    private static final int NAME_BYTES_MAX = 256;

    private final UpstreamConfig config;
    private final UpstreamMetrics metrics;
    private final Http2Limits limits;
    private final Http2Scratch scratch;
    private @Nullable Http2ClientStream idle;
    private int idleCount;

    Http2Client(UpstreamConfig config, UpstreamMetrics metrics, LoopContext context) {
        this.config = config;
        this.metrics = metrics;
        this.limits = limits(config.limits(), config.http2());
        this.scratch = context.http2Scratch(limits.heads());
    }

    private static Http2Limits limits(UpstreamLimits sizes, UpstreamHttp2 http2) {
        Http2Limits usual = Http2Limits.RESPONSE_DEFAULTS;
        int trailerBytes = Math.max(LIST_BYTES_MIN, Math.min(sizes.trailerBytes(), sizes.headerBytes()));
        Http2HeadLimits heads = new Http2HeadLimits(
                new HpackLimits(sizes.headerCount() + PSEUDO_FIELDS, sizes.headerBytes(), NAME_BYTES_MAX),
                new HpackLimits(sizes.headerCount(), trailerBytes, NAME_BYTES_MAX),
                usual.heads().pathBytes(),
                usual.heads().methodBytes(),
                http2.continuationCount(),
                UnderscoreNames.ALLOW);
        return new Http2Limits(
                heads,
                http2.frameBytes(),
                0, // Origins open no streams.
                http2.streamWindowBytes(),
                http2.connectionWindowBytes(),
                http2.headerTableBytes(),
                http2.encoderTableBytes(),
                usual.heldSurplusBytes(),
                http2.abuse());
    }

    Protocol protocol() {
        return config.protocol();
    }

    UpstreamHttp2 settings() {
        return config.http2();
    }

    long connectTimeoutNs() {
        return config.timeouts().connectNs();
    }

    UpstreamMetrics metrics() {
        return metrics;
    }

    Http2Limits limits() {
        return limits;
    }

    Http2Scratch scratch() {
        return scratch;
    }

    Http2ClientStream takeStream() {
        Http2ClientStream taken = idle;
        if (taken == null) {
            return new Http2ClientStream();
        }
        idle = taken.next;
        taken.next = null;
        idleCount--;
        return taken;
    }

    void give(Http2ClientStream ended) {
        if (idleCount < IDLE_STREAMS_MAX) {
            ended.next = idle;
            idle = ended;
            idleCount++;
        }
    }
}
