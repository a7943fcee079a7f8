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
import dev.headgate.http.h2.Http2AbuseLimits;

/** The keys of HTTP/2 to an upstream. */
final class UpstreamHttp2Language {
    static final ObjectSpec<UpstreamHttp2> HTTP2 = http2();

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
                "Table that fields of responses are compressed with, kept for each connection.");
        var requestHeaderTable = spec.withDefault(
                "requestHeaderTable",
                Sizes.intBetween(0, 64 * Sizes.KIB),
                4 << 10,
                "Table that fields of requests are compressed with, if the origin allows so much.");
        var continuations =
                spec.withDefault("continuations", Scalars.count(0, 1024), 8, "CONTINUATION frames of one field block.");
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
        ObjectSpec<Http2AbuseLimits> abuseSpec =
                Http2Language.abuse("upstream.http2.abuse", Http2AbuseLimits.RESPONSE_DEFAULTS);
        var abuse = spec.withDefault(
                "abuse",
                abuseSpec,
                abuseSpec.defaults(),
                "How much of what costs more than it should an origin may do on a connection. Past it the connection is ended.");
        return spec.build(new Shape<>() {
            @Override
            public UpstreamHttp2 make(Values<UpstreamHttp2> values) {
                return new UpstreamHttp2(
                        values.get(streams),
                        values.get(streamWindow),
                        values.get(connectionWindow),
                        values.get(frameSize),
                        values.get(headerTable),
                        values.get(requestHeaderTable),
                        values.get(continuations),
                        values.get(pingInterval),
                        values.get(pingTimeout),
                        values.get(settingsTimeout),
                        values.get(sendStall),
                        values.get(abuse));
            }

            @Override
            public void split(UpstreamHttp2 http2, Values<UpstreamHttp2> values) {
                values.put(streams, http2.streams());
                values.put(streamWindow, http2.streamWindowBytes());
                values.put(connectionWindow, http2.connectionWindowBytes());
                values.put(frameSize, http2.frameBytes());
                values.put(headerTable, http2.headerTableBytes());
                values.put(requestHeaderTable, http2.encoderTableBytes());
                values.put(continuations, http2.continuationCount());
                values.put(pingInterval, http2.pingIntervalNs());
                values.put(pingTimeout, http2.pingTimeoutNs());
                values.put(settingsTimeout, http2.settingsTimeoutNs());
                values.put(sendStall, http2.sendStallNs());
                values.put(abuse, http2.abuse());
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
