package dev.headgate.config;

import dev.headgate.engine.Immutable;
import dev.headgate.http.h2.Http2AbuseLimits;

/**
 * HTTP/2 to an upstream (RFC 9113); of no meaning where it is not spoken.
 *
 * @param streams requests at a time on one connection, 1 to 10,000; default 100; never more than the origin allows; past it another
 *     connection is opened
 * @param streamWindowBytes what an origin may send of a response beyond what its client has taken; default 64 KiB
 * @param connectionWindowBytes the same of all responses of a connection that are not held for slow clients; default 1 MiB
 * @param frameBytes largest payload of a frame that is taken; default 16 KiB; past it the connection is closed
 * @param headerTableBytes table that fields of responses are compressed with; default 4 KiB
 * @param encoderTableBytes table that fields of requests are compressed with, if the origin allows so much; default 4 KiB
 * @param continuationCount most CONTINUATION frames of a field block; default 8
 * @param pingIntervalNs silence on a connection with requests under way after which a ping asks for a sign of life, in nanoseconds; default
 *     30 s; 0: never
 * @param pingTimeoutNs how long an origin may take to give it; default 10 s; then the connection is closed
 * @param settingsTimeoutNs how long an origin may take to acknowledge settings; default 10 s; then likewise
 * @param sendStallNs how long an origin may take no bytes at all of what waits to be sent; default 30 s; then likewise
 * @param abuse how much of what costs more than it should an origin may do on a connection
 */
@Immutable
public record UpstreamHttp2(
        int streams,
        int streamWindowBytes,
        int connectionWindowBytes,
        int frameBytes,
        int headerTableBytes,
        int encoderTableBytes,
        int continuationCount,
        long pingIntervalNs,
        long pingTimeoutNs,
        long settingsTimeoutNs,
        long sendStallNs,
        Http2AbuseLimits abuse) {}
