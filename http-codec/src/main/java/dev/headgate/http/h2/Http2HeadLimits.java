package dev.headgate.http.h2;

import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.hpack.HpackLimits;

/**
 * What is taken of heads and trailer sections.
 *
 * @param head limits of a head's list; announced as SETTINGS_MAX_HEADER_LIST_SIZE
 * @param trailers limits of a trailer section's list; its list is no larger than that of the head
 * @param pathBytes longest {@code :path}
 * @param methodBytes longest method
 * @param continuationCount most CONTINUATION frames of a block
 * @param underscoreNames what happens to names that contain an underscore
 */
public record Http2HeadLimits(
        HpackLimits head,
        HpackLimits trailers,
        int pathBytes,
        int methodBytes,
        int continuationCount,
        UnderscoreNames underscoreNames) {

    /** The defaults for requests from clients. */
    public static final Http2HeadLimits DEFAULTS = new Http2HeadLimits(
            new HpackLimits(100, 32 << 10, 256),
            new HpackLimits(100, 16 << 10, 256),
            8 << 10,
            32,
            8,
            UnderscoreNames.DROP);

    /** The defaults for responses from origins. */
    public static final Http2HeadLimits RESPONSE_DEFAULTS = new Http2HeadLimits(
            new HpackLimits(200, 64 << 10, 256),
            new HpackLimits(100, 16 << 10, 256),
            8 << 10,
            32,
            8,
            UnderscoreNames.ALLOW);

    public Http2HeadLimits {
        if (trailers.listBytes() > head.listBytes()) {
            throw new IllegalArgumentException("trailers larger than heads: " + trailers.listBytes());
        }
        Range.check("pathBytes", pathBytes, 16, 16 << 20);
        Range.check("methodBytes", methodBytes, 7, 1024);
        Range.check("continuationCount", continuationCount, 0, 1024);
    }

    /** Encoded bytes of a block that is sent in pieces; whole ones are bounded by the frame. */
    int blockBytes() {
        return 2 * head.listBytes();
    }
}
