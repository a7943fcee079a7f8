package dev.headgate.config;

import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;
import dev.headgate.http.h2.Http2AbuseLimits;
import dev.headgate.http.h2.Http2Limits;

/** The keys of what is taken of HTTP/2. */
final class Http2Language {
    private static final int COUNT_MAX = 1_000_000;
    private static final ScalarSpec<Long> TIME = Durations.between(Durations.MILLISECOND, Durations.HOUR);

    static final ObjectSpec<Http2Config> LISTENER_HTTP2 = listenerHttp2();

    private Http2Language() {}

    private static ObjectSpec<Http2Config> listenerHttp2() {
        Http2Limits usual = Http2Limits.DEFAULTS;
        var spec = ObjectSpec.<Http2Config>named("listener.http2", "What of HTTP/2 is taken from clients (RFC 9113).");
        var streams = spec.withDefault(
                        "streams",
                        Scalars.count(1, 10_000),
                        usual.streams(),
                        "Requests of a connection at a time. A further one is refused.")
                .edgeLimit();
        var streamWindow = spec.withDefault(
                        "streamWindow",
                        Sizes.intBetween(Sizes.KIB, 16 * Sizes.MIB),
                        usual.streamWindowBytes(),
                        "Content of a request that a client may send before it is passed on; it is kept meanwhile.")
                .edgeLimit();
        var connectionWindow = spec.withDefault(
                        "connectionWindow",
                        Sizes.intBetween(64 * Sizes.KIB, 64 * Sizes.MIB),
                        usual.connectionWindowBytes(),
                        "The same of all requests of a connection together, as far as it is not kept.")
                .edgeLimit();
        var frameSize = spec.withDefault(
                        "frameSize",
                        Sizes.intBetween(16 * Sizes.KIB, 64 * Sizes.KIB),
                        usual.frameBytes(),
                        "Largest payload of a frame that clients may send.")
                .edgeLimit();
        var headerTable = spec.withDefault(
                        "headerTable",
                        Sizes.intBetween(0, 64 * Sizes.KIB),
                        usual.headerTableBytes(),
                        "Table that fields of requests are compressed with, kept for each connection.")
                .edgeLimit();
        var responseHeaderTable = spec.withDefault(
                        "responseHeaderTable",
                        Sizes.intBetween(0, 64 * Sizes.KIB),
                        usual.encoderTableBytes(),
                        "Table that fields of responses are compressed with, if the client allows so much.")
                .edgeLimit();
        var heldSurplus = spec.withDefault(
                        "heldSurplus",
                        Sizes.intBetween(0, 16 * Sizes.MIB),
                        usual.heldSurplusBytes(),
                        "What the open requests of a connection may hold together of lines that their heads and trailers repeat. At its default it is as large as limits.headerBytes, if that is larger.")
                .edgeLimit();
        var continuations = spec.withDefault(
                        "continuations",
                        Scalars.count(0, 1024),
                        usual.heads().continuationCount(),
                        "CONTINUATION frames of one field block.")
                .edgeLimit();
        var settingsTimeout = spec.withDefault(
                        "settingsTimeout",
                        Durations.between(Durations.MILLISECOND, Durations.HOUR),
                        10 * Durations.SECOND,
                        "Time for the acknowledgement of our settings.")
                .edgeLimit();
        var pingInterval = spec.withDefault(
                "pingInterval",
                Durations.between(0, Durations.HOUR),
                Durations.MINUTE,
                "Silence of a client with open requests behind which a ping asks whether it is still there; 0s never asks.");
        var pingTimeout = spec.withDefault(
                "pingTimeout",
                Durations.between(Durations.MILLISECOND, Durations.HOUR),
                20 * Durations.SECOND,
                "Time for the answer to such a ping. Without one the connection is given up.");
        var progress = spec.withDefault(
                "progress",
                Sizes.intBetween(1, Sizes.MIB),
                4 << 10,
                "Content that a client has to take of a response within timeouts.sendStall. One that takes less has its request reset.");
        ObjectSpec<Http2AbuseLimits> abuseSpec = abuse("listener.http2.abuse", usual.abuse());
        var abuse = spec.withDefault(
                "abuse",
                abuseSpec,
                abuseSpec.defaults(),
                "How much of what costs more than it should a client may do on a connection. Past it the connection is ended.");
        return spec.build(new Shape<>() {
            @Override
            public Http2Config make(Values<Http2Config> values) {
                return new Http2Config(
                        values.get(streams),
                        values.get(streamWindow),
                        values.get(connectionWindow),
                        values.get(frameSize),
                        values.get(headerTable),
                        values.get(responseHeaderTable),
                        values.get(heldSurplus),
                        values.get(continuations),
                        values.get(settingsTimeout),
                        values.get(pingInterval),
                        values.get(pingTimeout),
                        values.get(progress),
                        values.get(abuse));
            }

            @Override
            public void split(Http2Config config, Values<Http2Config> values) {
                values.put(streams, config.streams());
                values.put(streamWindow, config.streamWindowBytes());
                values.put(connectionWindow, config.connectionWindowBytes());
                values.put(frameSize, config.frameBytes());
                values.put(headerTable, config.headerTableBytes());
                values.put(responseHeaderTable, config.encoderTableBytes());
                values.put(heldSurplus, config.heldSurplusBytes());
                values.put(continuations, config.continuationCount());
                values.put(settingsTimeout, config.settingsTimeoutNs());
                values.put(pingInterval, config.pingIntervalNs());
                values.put(pingTimeout, config.pingTimeoutNs());
                values.put(progress, config.progressBytes());
                values.put(abuse, config.abuse());
            }
        });
    }

    /** The budgets, by a name for messages and with the defaults that fit the peer. */
    static ObjectSpec<Http2AbuseLimits> abuse(String name, Http2AbuseLimits usual) {
        var spec = ObjectSpec.<Http2AbuseLimits>named(
                name, "How much of what costs more than it should a peer may do on one connection.");
        var resets = spec.withDefault(
                        "resets",
                        Scalars.count(0, COUNT_MAX),
                        usual.resetCount(),
                        "Requests that are reset within prematureReset of their beginning, or that we reset for a fault, in resetTime.")
                .edgeLimit();
        var resetTime = spec.withDefault(
                        "resetTime", TIME, usual.resetTimeNs(), "Time in which that budget comes back.")
                .edgeLimit();
        var prematureReset = spec.withDefault(
                        "prematureReset", TIME, usual.prematureNs(), "Age below which the reset of a request counts.")
                .edgeLimit();
        var refusedStreams = spec.withDefault(
                        "refusedStreams",
                        Scalars.count(0, COUNT_MAX),
                        usual.refusedCount(),
                        "Requests above the limit of streams, or that repeat more than may be held beside others, in resetTime.")
                .edgeLimit();
        var controlFrames = spec.withDefault(
                        "controlFrames",
                        Scalars.count(16, COUNT_MAX),
                        usual.controlCount(),
                        "Answers to control frames that wait to be sent.")
                .edgeLimit();
        var pings = spec.withDefault(
                        "pings",
                        Scalars.count(1, COUNT_MAX),
                        usual.pingCount(),
                        "Pings in a row; with each frame of content that is sent, one comes back.")
                .edgeLimit();
        var pingTime = spec.withDefault("pingTime", TIME, usual.pingTimeNs(), "Time in which that budget comes back.")
                .edgeLimit();
        var settingsEntries = spec.withDefault(
                        "settingsEntries",
                        Scalars.count(8, 1024),
                        usual.settingsEntries(),
                        "Entries of one SETTINGS frame.")
                .edgeLimit();
        var windowChanges = spec.withDefault(
                        "windowChanges",
                        Scalars.count(1, COUNT_MAX),
                        usual.windowChangeCount(),
                        "Changes of the initial window, in windowChangeTime.")
                .edgeLimit();
        var windowChangeTime = spec.withDefault(
                        "windowChangeTime", TIME, usual.windowChangeTimeNs(), "Time in which that budget comes back.")
                .edgeLimit();
        var emptyFrames = spec.withDefault(
                        "emptyFrames",
                        Scalars.count(1, COUNT_MAX),
                        usual.emptyCount(),
                        "Frames in a row that carry nothing and end nothing.")
                .edgeLimit();
        var smallData = spec.withDefault(
                        "smallData",
                        Scalars.count(1, COUNT_MAX),
                        usual.smallDataCount(),
                        "Frames with less than 256 bytes of content that end nothing; 256 bytes in larger ones bring one back.")
                .edgeLimit();
        var smallDataTime = spec.withDefault(
                        "smallDataTime", TIME, usual.smallDataTimeNs(), "Time in which that budget comes back.")
                .edgeLimit();
        var priorities = spec.withDefault(
                        "priorities",
                        Scalars.count(1, COUNT_MAX),
                        usual.prioritiesPerStream(),
                        "PRIORITY and PRIORITY_UPDATE frames for each stream, and as many beside.")
                .edgeLimit();
        var windowUpdates = spec.withDefault(
                        "windowUpdates",
                        Scalars.count(1, COUNT_MAX),
                        usual.windowUpdatesPerData(),
                        "WINDOW_UPDATE frames for each frame of content that is sent.")
                .edgeLimit();
        var glitches = spec.withDefault(
                        "glitches",
                        Scalars.count(1, COUNT_MAX),
                        usual.glitchCount(),
                        "Frames that mean nothing, such as those of unknown types, in glitchTime.")
                .edgeLimit();
        var glitchTime = spec.withDefault(
                        "glitchTime", TIME, usual.glitchTimeNs(), "Time in which that budget comes back.")
                .edgeLimit();
        return spec.build(new Shape<>() {
            @Override
            public Http2AbuseLimits make(Values<Http2AbuseLimits> values) {
                return new Http2AbuseLimits(
                        values.get(resets),
                        values.get(resetTime),
                        values.get(prematureReset),
                        values.get(refusedStreams),
                        values.get(controlFrames),
                        values.get(pings),
                        values.get(pingTime),
                        values.get(settingsEntries),
                        values.get(windowChanges),
                        values.get(windowChangeTime),
                        values.get(emptyFrames),
                        values.get(smallData),
                        values.get(smallDataTime),
                        values.get(priorities),
                        values.get(windowUpdates),
                        values.get(glitches),
                        values.get(glitchTime));
            }

            @Override
            public void split(Http2AbuseLimits limits, Values<Http2AbuseLimits> values) {
                values.put(resets, limits.resetCount());
                values.put(resetTime, limits.resetTimeNs());
                values.put(prematureReset, limits.prematureNs());
                values.put(refusedStreams, limits.refusedCount());
                values.put(controlFrames, limits.controlCount());
                values.put(pings, limits.pingCount());
                values.put(pingTime, limits.pingTimeNs());
                values.put(settingsEntries, limits.settingsEntries());
                values.put(windowChanges, limits.windowChangeCount());
                values.put(windowChangeTime, limits.windowChangeTimeNs());
                values.put(emptyFrames, limits.emptyCount());
                values.put(smallData, limits.smallDataCount());
                values.put(smallDataTime, limits.smallDataTimeNs());
                values.put(priorities, limits.prioritiesPerStream());
                values.put(windowUpdates, limits.windowUpdatesPerData());
                values.put(glitches, limits.glitchCount());
                values.put(glitchTime, limits.glitchTimeNs());
            }
        });
    }
}
