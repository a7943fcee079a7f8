package dev.headgate.http.h2;

/**
 * How much of what costs more than it should a peer may do on one connection; beyond is GOAWAY(ENHANCE_YOUR_CALM). Each
 * budget that comes back with time is full at the start, and full again after its time without any.
 *
 * @param resetCount streams reset by the peer within {@link #prematureNs}, or by us for a fault of the peer; in
 *     {@link #resetTimeNs}
 * @param resetTimeNs time in which that budget comes back, and so does the one of refused streams
 * @param prematureNs age below which a stream's reset by the peer counts
 * @param refusedCount streams that are refused, for there are too many or they repeat too much; in {@link #resetTimeNs}
 * @param controlCount control frames that wait to be sent
 * @param pingCount pings in a row; one comes back with each DATA frame that we send, for peers probe the path with them
 * @param pingTimeNs time in which that budget comes back
 * @param settingsEntries entries of one SETTINGS frame
 * @param windowChangeCount changes of the initial window, in {@link #windowChangeTimeNs}
 * @param windowChangeTimeNs time in which that budget comes back
 * @param emptyCount DATA frames in a row that carry nothing and end nothing; content, heads, trailers and ends of streams
 *     come between
 * @param smallDataCount DATA frames of less than 256 bytes that end nothing; one comes back with 256 bytes in larger ones
 * @param smallDataTimeNs time in which that budget comes back
 * @param prioritiesPerStream PRIORITY and PRIORITY_UPDATE frames for each stream opened, and as many beside
 * @param windowUpdatesPerData WINDOW_UPDATE frames for each DATA frame that we have sent
 * @param glitchCount frames that mean nothing: of unknown types, heads of streams that are gone; in {@link #glitchTimeNs}
 * @param glitchTimeNs time in which that budget comes back
 */
public record Http2AbuseLimits(
        int resetCount,
        long resetTimeNs,
        long prematureNs,
        int refusedCount,
        int controlCount,
        int pingCount,
        long pingTimeNs,
        int settingsEntries,
        int windowChangeCount,
        long windowChangeTimeNs,
        int emptyCount,
        int smallDataCount,
        long smallDataTimeNs,
        int prioritiesPerStream,
        int windowUpdatesPerData,
        int glitchCount,
        long glitchTimeNs) {

    private static final long SECOND_NS = 1_000_000_000L;

    /** The defaults for clients. */
    public static final Http2AbuseLimits DEFAULTS = new Http2AbuseLimits(
            100,
            60 * SECOND_NS,
            SECOND_NS,
            100,
            1000,
            50,
            5 * SECOND_NS,
            32,
            100,
            10 * SECOND_NS,
            10,
            10_000,
            5 * SECOND_NS,
            100,
            10,
            1000,
            60 * SECOND_NS);

    /** The defaults for origins, which may reset and refuse more: many clients' requests share their connections. */
    public static final Http2AbuseLimits RESPONSE_DEFAULTS =
            DEFAULTS.withResets(1000, 60 * SECOND_NS, SECOND_NS).withSmallData(100_000, 5 * SECOND_NS);

    public Http2AbuseLimits {
        int countMax = 1 << 24;
        Range.check("resetCount", resetCount, 0, countMax);
        Range.check("refusedCount", refusedCount, 0, countMax);
        Range.check("controlCount", controlCount, 16, countMax);
        Range.check("pingCount", pingCount, 0, countMax);
        Range.check("settingsEntries", settingsEntries, 8, 2730);
        Range.check("windowChangeCount", windowChangeCount, 1, countMax);
        Range.check("emptyCount", emptyCount, 0, countMax);
        Range.check("smallDataCount", smallDataCount, 0, countMax);
        Range.check("prioritiesPerStream", prioritiesPerStream, 0, countMax);
        Range.check("windowUpdatesPerData", windowUpdatesPerData, 1, countMax);
        Range.check("glitchCount", glitchCount, 0, countMax);
        if (resetTimeNs < 1 || pingTimeNs < 1 || windowChangeTimeNs < 1 || smallDataTimeNs < 1 || glitchTimeNs < 1) {
            throw new IllegalArgumentException("a budget needs a time to come back in");
        }
    }

    /** This with another budget for resets. */
    public Http2AbuseLimits withResets(int count, long timeNs, long premature) {
        return new Http2AbuseLimits(
                count,
                timeNs,
                premature,
                refusedCount,
                controlCount,
                pingCount,
                pingTimeNs,
                settingsEntries,
                windowChangeCount,
                windowChangeTimeNs,
                emptyCount,
                smallDataCount,
                smallDataTimeNs,
                prioritiesPerStream,
                windowUpdatesPerData,
                glitchCount,
                glitchTimeNs);
    }

    /** This with another budget for small DATA frames. */
    public Http2AbuseLimits withSmallData(int count, long timeNs) {
        return new Http2AbuseLimits(
                resetCount,
                resetTimeNs,
                prematureNs,
                refusedCount,
                controlCount,
                pingCount,
                pingTimeNs,
                settingsEntries,
                windowChangeCount,
                windowChangeTimeNs,
                emptyCount,
                count,
                timeNs,
                prioritiesPerStream,
                windowUpdatesPerData,
                glitchCount,
                glitchTimeNs);
    }
}
