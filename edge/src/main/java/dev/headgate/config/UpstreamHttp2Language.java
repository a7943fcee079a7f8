package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;

/** The keys of HTTP/2 to an upstream. */
final class UpstreamHttp2Language {
    static final ObjectSpec<UpstreamHttp2> HTTP2 = http2();

    private static final int BUDGET_MAX = 10_000_000;

    private UpstreamHttp2Language() {}

    private static ObjectSpec<UpstreamHttp2> http2() {
        var spec = ObjectSpec.<UpstreamHttp2>named(
                "upstream.http2", "HTTP/2 to an upstream; of no meaning where it is not spoken.");
        var streams = spec.withDefault(
                "streams",
                Scalars.count(1, 10_000),
                100,
                "Requests at a time on one connection, and never more than the origin allows. Past it another one is opened.");
        var streamWindow = spec.withDefault(
                "streamWindow",
                Sizes.intBetween(Sizes.KIB, 16 * Sizes.MIB),
                64 << 10,
                "What an origin may send of a response beyond what its client has taken; so much memory a slow client can"
                        + " hold.");
        var connectionWindow = spec.withDefault(
                "connectionWindow",
                Sizes.intBetween(64 * Sizes.KIB, 256 * Sizes.MIB),
                1 << 20,
                "The same of all responses of a connection, without what is held for slow clients.");
        var frameSize = spec.withDefault(
                "frameSize",
                Sizes.intBetween(16 * Sizes.KIB, 128 * Sizes.KIB),
                16 << 10,
                "Largest payload of a frame that is taken. Past it the connection is closed.");
        var headerTable = spec.withDefault(
                "headerTable",
                Sizes.intBetween(0, 64 * Sizes.KIB),
                4 << 10,
                "Compression table of header fields, one for each direction of a connection.");
        var pingInterval = spec.withDefault(
                "pingInterval",
                Durations.between(0, 24 * Durations.HOUR),
                30 * Durations.SECOND,
                "Silence on a connection with requests under way after which a ping asks for a sign of life. 0s: never.");
        var pingTimeout = spec.withDefault(
                "pingTimeout",
                wait5m(),
                10 * Durations.SECOND,
                "How long an origin may take to give it. Then the connection is closed.");
        var settingsTimeout = spec.withDefault(
                "settingsTimeout",
                wait5m(),
                10 * Durations.SECOND,
                "How long an origin may take to acknowledge settings. Then the connection is closed.");
        var sendStall = spec.withDefault(
                "sendStall",
                Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                30 * Durations.SECOND,
                "How long an origin may take nothing at all of what waits to be sent. Then the connection is closed.");
        var resets = spec.withDefault(
                "resets",
                Scalars.count(0, BUDGET_MAX),
                1000,
                "Responses that an origin may reset within their first second, or have us reset for its faults, in 60s. Past"
                        + " it the connection is closed.");
        var pings = spec.withDefault(
                "pings",
                Scalars.count(0, BUDGET_MAX),
                50,
                "Pings of an origin in 5s; one comes back with each piece of content sent. Past it the connection is closed.");
        var smallFrames = spec.withDefault(
                "smallFrames",
                Scalars.count(0, BUDGET_MAX),
                100_000,
                "Frames with less than 256B of content in 5s; one comes back with 256B in larger ones. Past it the connection"
                        + " is closed.");
        var strayFrames = spec.withDefault(
                "strayFrames",
                Scalars.count(0, BUDGET_MAX),
                1000,
                "Frames that mean nothing in 60s: of unknown types, or heads of responses that were given up. Past it the"
                        + " connection is closed.");
        return spec.build(new Shape<>() {
            @Override
            public UpstreamHttp2 make(Values<UpstreamHttp2> values) {
                return new UpstreamHttp2(
                        values.get(streams),
                        values.get(streamWindow),
                        values.get(connectionWindow),
                        values.get(frameSize),
                        values.get(headerTable),
                        values.get(pingInterval),
                        values.get(pingTimeout),
                        values.get(settingsTimeout),
                        values.get(sendStall),
                        values.get(resets),
                        values.get(pings),
                        values.get(smallFrames),
                        values.get(strayFrames));
            }

            @Override
            public void split(UpstreamHttp2 http2, Values<UpstreamHttp2> values) {
                values.put(streams, http2.streams());
                values.put(streamWindow, http2.streamWindowBytes());
                values.put(connectionWindow, http2.connectionWindowBytes());
                values.put(frameSize, http2.frameBytes());
                values.put(headerTable, http2.headerTableBytes());
                values.put(pingInterval, http2.pingIntervalNs());
                values.put(pingTimeout, http2.pingTimeoutNs());
                values.put(settingsTimeout, http2.settingsTimeoutNs());
                values.put(sendStall, http2.sendStallNs());
                values.put(resets, http2.resets());
                values.put(pings, http2.pings());
                values.put(smallFrames, http2.smallFrames());
                values.put(strayFrames, http2.strayFrames());
            }

            @Override
            public void check(UpstreamHttp2 http2, Place place) {
                checkWindows(http2, place);
            }
        });
    }

    private static ScalarSpec<Long> wait5m() {
        return Durations.between(10 * Durations.MILLISECOND, 5 * Durations.MINUTE);
    }

    /** One response alone would use up what all share, and hold the others up. */
    private static void checkWindows(UpstreamHttp2 http2, Place place) {
        if (http2.streamWindowBytes() <= http2.connectionWindowBytes()) return;
        Place at = place.at("streamWindow");
        at.report(at.problem(
                        ProblemCode.INCONSISTENT_VALUES,
                        "the window of a response is larger than that of its connection")
                .found("streamWindow " + Sizes.format(http2.streamWindowBytes()) + ", connectionWindow "
                        + Sizes.format(http2.connectionWindowBytes()))
                .expected("streamWindow at most connectionWindow"));
    }
}
