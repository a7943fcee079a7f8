package dev.headgate.listener;

import dev.headgate.config.Http2Config;
import dev.headgate.config.ListenerConfig;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.h2.Http2HeadLimits;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.hpack.HpackLimits;

/**
 * What a listener takes of HTTP/2, in the form that sessions use.
 *
 * @param limits of the protocol
 * @param settingsNs time for the acknowledgement of our settings
 * @param pingIntervalNs silence behind which a client is asked for a sign of life; 0 never asks
 * @param pingTimeoutNs time for that sign
 * @param progressBytes what a client has to take of a response within the time for sending
 */
@Immutable
public record Http2Rules(
        Http2Limits limits, long settingsNs, long pingIntervalNs, long pingTimeoutNs, int progressBytes) {
    static Http2Rules of(ListenerConfig listener, UnderscoreNames underscoreNames) {
        Http2Config http2 = listener.http2();
        int headBytes = listener.limits().headerBytes();
        int trailerBytes = Math.min(listener.limits().trailerBytes(), headBytes);
        int count = listener.limits().headerCount();
        int nameBytes = listener.limits().headerNameBytes();
        Http2HeadLimits heads = new Http2HeadLimits(
                new HpackLimits(count, headBytes, nameBytes),
                new HpackLimits(count, trailerBytes, nameBytes),
                listener.limits().requestLineBytes(),
                Http2HeadLimits.DEFAULTS.methodBytes(),
                http2.continuationCount(),
                underscoreNames);
        return new Http2Rules(
                new Http2Limits(
                        heads,
                        http2.frameBytes(),
                        http2.streams(),
                        http2.streamWindowBytes(),
                        http2.connectionWindowBytes(),
                        http2.headerTableBytes(),
                        http2.encoderTableBytes(),
                        heldSurplusBytes(http2, headBytes),
                        http2.abuse()),
                http2.settingsTimeoutNs(),
                http2.pingIntervalNs(),
                http2.pingTimeoutNs(),
                http2.progressBytes());
    }

    /** Who allows larger heads, and says nothing of this, has them served. */
    private static int heldSurplusBytes(Http2Config http2, int headBytes) {
        int configured = http2.heldSurplusBytes();
        return configured == Http2Limits.DEFAULTS.heldSurplusBytes() ? Math.max(configured, headBytes) : configured;
    }
}
