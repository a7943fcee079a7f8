package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * HTTP/2 to an upstream (RFC 9113); of no meaning where it is not spoken.
 *
 * @param streams requests at a time on one connection, 1 to 10,000; default 100; never more than the origin allows; past it another
 *     connection is opened
 * @param streamWindowBytes what an origin may send of a response beyond what its client has taken; default 64 KiB
 * @param connectionWindowBytes the same of all responses of a connection that are not held for slow clients; default 1 MiB
 * @param frameBytes largest payload of a frame that is taken; default 16 KiB; past it the connection is closed
 * @param headerTableBytes compression table for each direction; default 4 KiB
 * @param pingIntervalNs silence on a connection with requests under way after which a ping asks for a sign of life, in nanoseconds; default
 *     30 s; 0: never
 * @param pingTimeoutNs how long an origin may take to give it; default 10 s; then the connection is closed
 * @param settingsTimeoutNs how long an origin may take to acknowledge settings; default 10 s; then likewise
 * @param sendStallNs how long an origin may take no bytes at all of what waits to be sent; default 30 s; then likewise
 * @param resets responses that an origin may reset within their first second, or have us reset for its faults, in 60 s; default 1000; past it
 *     the connection is closed
 * @param pings pings of an origin in 5 s; default 50; past it likewise
 * @param smallFrames frames with less than 256 bytes of content in 5 s, larger ones counting against them; default 100,000; past it
 *     likewise
 * @param strayFrames frames that mean nothing in 60 s: of unknown types, or the heads of responses that were given up; default 1000; past
 *     it likewise
 */
@Immutable
public record UpstreamHttp2(
        int streams,
        int streamWindowBytes,
        int connectionWindowBytes,
        int frameBytes,
        int headerTableBytes,
        long pingIntervalNs,
        long pingTimeoutNs,
        long settingsTimeoutNs,
        long sendStallNs,
        int resets,
        int pings,
        int smallFrames,
        int strayFrames) {}
