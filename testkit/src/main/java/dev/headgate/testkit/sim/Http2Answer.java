package dev.headgate.testkit.sim;

import org.jspecify.annotations.Nullable;

/** One request on a stream as its origin has it, and how it is answered. */
final class Http2Answer {
    /** How an origin answers one request. */
    enum Manner {
        /** When it has the whole request. */
        PROPERLY,
        /** As soon as it has the head. */
        EARLY,
        /** As soon as it has the head, and says that it wants no more of the request. */
        EARLY_AND_NO_MORE,
        /** Not at all, and says that it has not looked at it. */
        REFUSED,
        /** Resets the stream before any answer. */
        RESET_AT_ONCE,
        /** Resets the stream within the answer. */
        RESET,
        /** Resets the connection within the answer. */
        CUTTING,
        /** Does not answer. */
        SILENT,
        /** Stops within the answer. */
        STALLED,
        /** Announces more than it sends. */
        SHORT,
        /** Announces less than it sends. */
        LONG,
        /** With a head that breaks a rule. */
        MALFORMED,
        /** Sends interim responses without end. */
        INTERIM_FLOOD,
        /** Properly, and takes no further request on this connection. */
        GOING_AWAY,
        /** The same, and says so in two steps. */
        GOING_AWAY_IN_STEPS,
        /** Says that it has not looked at requests that came behind this one, or not even at this one. */
        GIVING_UP_LATER_ONES
    }

    final int id;
    final @Nullable Planned planned; // null when nobody planned it
    final Manner manner;
    final Http2Flow flow;
    long clientMark; // what the client had got when the answer began
    boolean isBegun;
    boolean isOver; // nothing more is sent

    boolean isForTunnel; // the request is for a WebSocket

    @Nullable
    TunnelEnd tunnel; // once it is granted

    private @Nullable TunnelStream down; // likewise
    private @Nullable Http2TunnelWay tunnelWay; // likewise

    Http2Answer(int id, @Nullable Planned planned, Manner manner) {
        this.id = id;
        this.planned = planned;
        this.manner = manner;
        this.flow = new Http2Flow(id, this::contentByte);
        flow.isWithheld = true;
    }

    private byte contentByte(long offset) {
        TunnelStream stream = down;
        if (stream != null) {
            return stream.sentByte(offset);
        }
        return planned == null ? 0 : planned.responseByte(offset);
    }

    /** A WebSocket is granted: what is sent from here on is what {@code end} sends of {@code stream}. */
    void become(TunnelEnd end, TunnelStream stream, Http2TunnelWay way) {
        tunnel = end;
        down = stream;
        tunnelWay = way;
        flow.isWithheld = false;
        flow.isCut = true;
        flow.wholeBytes = 0;
    }

    /** A frame of the stream is written. */
    void onSent() {
        if (tunnelWay != null) {
            tunnelWay.onSent();
        }
    }

    /** Whether it answers when the request has ended. */
    boolean awaitsEnd() {
        return switch (manner) {
            case EARLY, EARLY_AND_NO_MORE, MALFORMED, REFUSED, RESET_AT_ONCE, SILENT -> false;
            default -> true;
        };
    }

    /** Whether a WebSocket may be granted by it. */
    boolean mayGrant() {
        return switch (manner) {
            case PROPERLY, EARLY, EARLY_AND_NO_MORE, GOING_AWAY, GOING_AWAY_IN_STEPS, GIVING_UP_LATER_ONES -> true;
            default -> false;
        };
    }

    /** Whether the end of the content never comes. */
    boolean isCut() {
        return manner == Manner.RESET || manner == Manner.CUTTING || manner == Manner.STALLED;
    }

    /** What the head says of the content's length; −1 for nothing. */
    int saidLength() {
        Planned of = planned;
        if (of == null || of.status == 204) {
            return -1;
        }
        if (of.hasAnswerContent() && manner == Manner.SHORT) {
            return of.contentLength + 1;
        }
        if (of.hasAnswerContent() && manner == Manner.LONG && of.contentLength > 0) {
            return of.contentLength - 1;
        }
        return of.frame == Planned.Frame.LENGTH ? of.contentLength : -1;
    }

    /** The head is sent; content follows, all of it or some: {@code chance} is null where there is none. */
    void begin(@Nullable SimChance chance) {
        Planned of = planned;
        int whole = of == null || chance == null ? 0 : of.contentLength;
        flow.isWithheld = false;
        flow.isCut = isCut();
        flow.wholeBytes = flow.isCut && chance != null ? chance.nextInt(whole + 1) : whole;
        flow.hasTrailers = of != null && of.hasTrailers && chance != null;
    }
}
