package dev.headgate.config;

import dev.headgate.engine.Immutable;
import dev.headgate.http.h2.Http2AbuseLimits;

/**
 * What of HTTP/2 a listener takes from its clients (RFC 9113).
 *
 * @param streams most requests of a connection at a time; default 100; a further one is refused
 * @param streamWindowBytes content of a request that a client may send before it is passed on; default 64 KiB
 * @param connectionWindowBytes the same of all requests of a connection together; default 1 MiB
 * @param frameBytes largest payload of a frame; default 16 KiB
 * @param headerTableBytes table that fields of requests are compressed with; default 4 KiB
 * @param encoderTableBytes table that fields of responses are compressed with, if the client allows so much; default 4 KiB
 * @param heldSurplusBytes what the open requests of a connection may hold together of lines that their heads repeat; default 32 KiB
 * @param continuationCount most CONTINUATION frames of a field block; default 8
 * @param settingsTimeoutNs time for the acknowledgement of our settings, in nanoseconds; default 10 s
 * @param pingIntervalNs silence of a client with open requests behind which it is asked for a sign of life, in nanoseconds; default 60 s; 0
 *     never asks
 * @param pingTimeoutNs time for that sign, in nanoseconds; default 20 s
 * @param progressBytes content that a client has to take of a response within {@code timeouts.sendStall}; default 4 KiB
 * @param abuse how much of what costs more than it should a client may do on a connection
 */
@Immutable
public record Http2Config(
        int streams,
        int streamWindowBytes,
        int connectionWindowBytes,
        int frameBytes,
        int headerTableBytes,
        int encoderTableBytes,
        int heldSurplusBytes,
        int continuationCount,
        long settingsTimeoutNs,
        long pingIntervalNs,
        long pingTimeoutNs,
        int progressBytes,
        Http2AbuseLimits abuse) {}
