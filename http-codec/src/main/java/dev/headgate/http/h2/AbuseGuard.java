package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/**
 * Counts what a peer does that costs us more than it costs the peer, and says when it is enough (RFC 9113 §10.5). Each
 * method is told of one event and answers null, or the violation that ends the connection.
 */
final class AbuseGuard {
    private static final int SMALL_DATA_BYTES = 256;
    /** Of a stream that we have reset, the peer's last frame and its own reset may both have been on their way. */
    private static final int STRAY_ENDS_PER_STREAM = 2;
    /** So may head and trailers of the response, where the stream is ours. */
    private static final int STRAY_ANSWERS_PER_STREAM = 2;

    static final int WINDOW_UPDATES_BASE = 5;
    /** A client may open so many before it knows how few there may be. */
    private static final int STREAMS_IN_PASS_MIN = 100;

    private final Http2AbuseLimits limits;
    private final Budget resets;
    private final Budget refusals;
    private final Budget pings;
    private final Budget windowChanges;
    private final Budget smallData;
    private final Budget glitches;

    private int controlFrames;
    private int emptyFrames;
    private int priorityFrames;
    private long windowUpdates;
    private long streamsOpened;
    private long dataFramesSent;
    private long strayEnds;
    private long strayAnswers;
    /** Payload of larger DATA frames that has not yet made up for a small one. */
    private int spareBytes;

    private int streamsInPass;

    AbuseGuard(Http2AbuseLimits limits, long nowNs) {
        this.limits = limits;
        resets = new Budget(limits.resetCount(), nowNs);
        refusals = new Budget(limits.refusedCount(), nowNs);
        pings = new Budget(limits.pingCount(), nowNs);
        windowChanges = new Budget(limits.windowChangeCount(), nowNs);
        smallData = new Budget(limits.smallDataCount(), nowNs);
        glitches = new Budget(limits.glitchCount(), nowNs);
    }

    // What is in order, and pays for some of the rest

    void onReadPass() {
        streamsInPass = 0;
    }

    void onOutputDrained() {
        controlFrames = 0;
    }

    void onDataSent() {
        dataFramesSent++;
        pings.giveBack(1, limits.pingCount());
    }

    /**
     * A message goes on: a request or a final response has come, a trailer section, or the end of a stream. The empty frames
     * before it are not of a flood. An attacker who puts such things between them pays for each of them with a stream, a whole
     * request or response, and of those there may be no more than limits for streams, resets and refusals have it. Interim
     * responses are not of that kind, for a stream can have any number of them.
     */
    void onProgress() {
        emptyFrames = 0;
    }

    // What has a limit

    /** A new stream, in the role of a server. */
    @Nullable
    Http2Violation onStream(int concurrencyMax) {
        streamsOpened++;
        streamsInPass++;
        onProgress();
        return streamsInPass > 2 * Math.max(concurrencyMax, STREAMS_IN_PASS_MIN) ? Http2Violation.STREAM_BURST : null;
    }

    /** A new stream of our own. */
    void onOwnStream() {
        streamsOpened++;
    }

    @Nullable
    Http2Violation onRefused(long nowNs) {
        return refusals.take(limits.refusedCount(), limits.resetTimeNs(), nowNs) ? null : Http2Violation.REFUSED_FLOOD;
    }

    /** The peer has reset a stream whose message of ours was not complete. */
    @Nullable
    Http2Violation onReset(long ageNs, long nowNs) {
        return ageNs < limits.prematureNs() ? countReset(nowNs) : null;
    }

    /** We reset a stream for a fault of the peer, which is as good as a reset of its own (CVE-2025-8671). */
    @Nullable
    Http2Violation onFault(long nowNs) {
        return countReset(nowNs);
    }

    private @Nullable Http2Violation countReset(long nowNs) {
        return resets.take(limits.resetCount(), limits.resetTimeNs(), nowNs) ? null : Http2Violation.RESET_FLOOD;
    }

    @Nullable
    Http2Violation onPing(long nowNs) {
        return pings.take(limits.pingCount(), limits.pingTimeNs(), nowNs) ? null : Http2Violation.PING_FLOOD;
    }

    /** A control frame of ours waits to be sent. */
    @Nullable
    Http2Violation onControlFrame() {
        return ++controlFrames > limits.controlCount() ? Http2Violation.CONTROL_FLOOD : null;
    }

    @Nullable
    Http2Violation onWindowChange(long nowNs) {
        return windowChanges.take(limits.windowChangeCount(), limits.windowChangeTimeNs(), nowNs)
                ? null
                : Http2Violation.SETTINGS_WINDOW_FLOOD;
    }

    int settingsEntriesMax() {
        return limits.settingsEntries();
    }

    /** A DATA frame that has come with so much content; the padding is not content. */
    @Nullable
    Http2Violation onData(int contentBytes, boolean endsStream, long nowNs) {
        if (endsStream) {
            onProgress();
            return null;
        }
        if (contentBytes == 0) {
            return onEmptyFrame();
        }
        emptyFrames = 0;
        if (contentBytes >= SMALL_DATA_BYTES) {
            int bytes = spareBytes + contentBytes;
            smallData.giveBack(bytes / SMALL_DATA_BYTES, limits.smallDataCount());
            spareBytes = bytes % SMALL_DATA_BYTES;
            return null;
        }
        return smallData.take(limits.smallDataCount(), limits.smallDataTimeNs(), nowNs)
                ? null
                : Http2Violation.SMALL_DATA_FLOOD;
    }

    /** A DATA frame for a stream that is not there any more. */
    @Nullable
    Http2Violation onStrayData(int contentBytes, boolean endsStream, long nowNs) {
        if (!endsStream) {
            return onData(contentBytes, false, nowNs);
        }
        onProgress();
        return onStrayEnd(nowNs);
    }

    /**
     * The peer ends a stream that is not there any more, by END_STREAM or RST_STREAM. That may cross our reset, so it is a
     * glitch only where there are more of them than streams can account for.
     */
    @Nullable
    Http2Violation onStrayEnd(long nowNs) {
        return ++strayEnds > STRAY_ENDS_PER_STREAM * streamsOpened ? onGlitch(nowNs) : null;
    }

    /**
     * A field block of a response that nobody waits for any more. Clients give up what they asked for as often as they like,
     * which is no fault of the origin; more blocks than its responses can have are glitches.
     */
    @Nullable
    Http2Violation onStrayAnswer(long nowNs) {
        return ++strayAnswers > STRAY_ANSWERS_PER_STREAM * streamsOpened ? onGlitch(nowNs) : null;
    }

    private @Nullable Http2Violation onEmptyFrame() {
        return ++emptyFrames > limits.emptyCount() ? Http2Violation.EMPTY_FLOOD : null;
    }

    @Nullable
    Http2Violation onPriority() {
        long allowed = limits.prioritiesPerStream() * (1 + streamsOpened);
        return ++priorityFrames > allowed ? Http2Violation.PRIORITY_FLOOD : null;
    }

    @Nullable
    Http2Violation onWindowUpdate() {
        long allowed = WINDOW_UPDATES_BASE + 2 * (streamsOpened + limits.windowUpdatesPerData() * dataFramesSent);
        return ++windowUpdates > allowed ? Http2Violation.WINDOW_UPDATE_FLOOD : null;
    }

    @Nullable
    Http2Violation onGlitch(long nowNs) {
        return glitches.take(limits.glitchCount(), limits.glitchTimeNs(), nowNs) ? null : Http2Violation.GLITCH_FLOOD;
    }
}
