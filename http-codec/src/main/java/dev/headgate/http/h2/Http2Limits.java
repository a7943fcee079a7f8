package dev.headgate.http.h2;

/**
 * What one side of an HTTP/2 connection takes and announces.
 *
 * @param heads limits of heads and trailers
 * @param frameBytes largest payload of a frame; announced as SETTINGS_MAX_FRAME_SIZE
 * @param streams most streams that the peer may have open; announced as SETTINGS_MAX_CONCURRENT_STREAMS. A stream counts
 *     until its owner has released it
 * @param streamWindowBytes what the peer may send on a stream beyond what has been consumed
 * @param connectionWindowBytes the same on all streams together; at least 65,535
 * @param headerTableBytes the peer's compression table; announced as SETTINGS_HEADER_TABLE_SIZE
 * @param encoderTableBytes our compression table, if the peer allows so much
 * @param heldSurplusBytes what the lists of open streams may hold together beyond what tables and literals explain
 * @param abuse budgets
 */
public record Http2Limits(
        Http2HeadLimits heads,
        int frameBytes,
        int streams,
        int streamWindowBytes,
        int connectionWindowBytes,
        int headerTableBytes,
        int encoderTableBytes,
        int heldSurplusBytes,
        Http2AbuseLimits abuse) {

    /** The defaults towards clients. */
    public static final Http2Limits DEFAULTS = new Http2Limits(
            Http2HeadLimits.DEFAULTS,
            16 << 10,
            100,
            64 << 10,
            1 << 20,
            4096,
            4096,
            32 << 10,
            Http2AbuseLimits.DEFAULTS);

    /** The defaults towards origins, who may open no stream at all. */
    public static final Http2Limits RESPONSE_DEFAULTS = new Http2Limits(
            Http2HeadLimits.RESPONSE_DEFAULTS,
            16 << 10,
            0,
            64 << 10,
            1 << 20,
            4096,
            4096,
            32 << 10,
            Http2AbuseLimits.RESPONSE_DEFAULTS);

    public Http2Limits {
        Range.check("frameBytes", frameBytes, Frames.PAYLOAD_BYTES_DEFAULT, Frames.PAYLOAD_BYTES_MAX);
        Range.check("streams", streams, 0, 1 << 20);
        Range.check("streamWindowBytes", streamWindowBytes, 1, Frames.WINDOW_MAX);
        Range.check("connectionWindowBytes", connectionWindowBytes, Frames.WINDOW_DEFAULT, Frames.WINDOW_MAX);
        Range.check("headerTableBytes", headerTableBytes, 0, 64 << 10);
        Range.check("encoderTableBytes", encoderTableBytes, 0, 64 << 10);
        Range.check("heldSurplusBytes", heldSurplusBytes, 0, 16 << 20);
    }

    /** This with other limits of heads. */
    public Http2Limits withHeads(Http2HeadLimits other) {
        return new Http2Limits(
                other,
                frameBytes,
                streams,
                streamWindowBytes,
                connectionWindowBytes,
                headerTableBytes,
                encoderTableBytes,
                heldSurplusBytes,
                abuse);
    }

    /** This with another number of streams. */
    public Http2Limits withStreams(int count) {
        return new Http2Limits(
                heads,
                frameBytes,
                count,
                streamWindowBytes,
                connectionWindowBytes,
                headerTableBytes,
                encoderTableBytes,
                heldSurplusBytes,
                abuse);
    }

    /** This with other windows. */
    public Http2Limits withWindows(int streamBytes, int connectionBytes) {
        return new Http2Limits(
                heads,
                frameBytes,
                streams,
                streamBytes,
                connectionBytes,
                headerTableBytes,
                encoderTableBytes,
                heldSurplusBytes,
                abuse);
    }

    /** This with other compression tables. */
    public Http2Limits withTables(int headerTable, int encoderTable) {
        return new Http2Limits(
                heads,
                frameBytes,
                streams,
                streamWindowBytes,
                connectionWindowBytes,
                headerTable,
                encoderTable,
                heldSurplusBytes,
                abuse);
    }

    /** This with other budgets. */
    public Http2Limits withAbuse(Http2AbuseLimits other) {
        return new Http2Limits(
                heads,
                frameBytes,
                streams,
                streamWindowBytes,
                connectionWindowBytes,
                headerTableBytes,
                encoderTableBytes,
                heldSurplusBytes,
                other);
    }

    /** This with another bound of what heads may hold. */
    public Http2Limits withHeldSurplus(int bytes) {
        return new Http2Limits(
                heads,
                frameBytes,
                streams,
                streamWindowBytes,
                connectionWindowBytes,
                headerTableBytes,
                encoderTableBytes,
                bytes,
                abuse);
    }
}
