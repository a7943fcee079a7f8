package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/** What a frame's header alone shows to be wrong: its stream and its length (RFC 9113 §6). */
final class FrameRules {
    private static final int ON_STREAM = 1;
    private static final int ON_CONNECTION = 2;

    /** Per type: whether it is about a stream, about the connection, or either. */
    private static final byte[] PLACES = new byte[Frames.CONTINUATION + 1];

    static {
        PLACES[Frames.DATA] = ON_STREAM;
        PLACES[Frames.HEADERS] = ON_STREAM;
        PLACES[Frames.PRIORITY] = ON_STREAM;
        PLACES[Frames.RST_STREAM] = ON_STREAM;
        PLACES[Frames.SETTINGS] = ON_CONNECTION;
        PLACES[Frames.PUSH_PROMISE] = ON_STREAM;
        PLACES[Frames.PING] = ON_CONNECTION;
        PLACES[Frames.GOAWAY] = ON_CONNECTION;
        PLACES[Frames.WINDOW_UPDATE] = ON_STREAM | ON_CONNECTION;
        PLACES[Frames.CONTINUATION] = ON_STREAM;
    }

    private FrameRules() {}

    /** Whether frames of this type mean something to us. */
    static boolean isKnown(int type) {
        return type <= Frames.CONTINUATION || type == Frames.PRIORITY_UPDATE;
    }

    /** What is wrong with a frame of a known type, or null; a PRIORITY frame of a wrong size is its stream's fault only. */
    static @Nullable Http2Violation check(int type, int flags, int streamId, int length) {
        int places = type == Frames.PRIORITY_UPDATE ? ON_CONNECTION : PLACES[type];
        if (streamId == 0 && (places & ON_CONNECTION) == 0) {
            return Http2Violation.FRAME_ON_CONNECTION;
        }
        if (streamId != 0 && (places & ON_STREAM) == 0) {
            return Http2Violation.FRAME_ON_STREAM;
        }
        return switch (type) {
            case Frames.DATA -> atLeast(length, (flags & Frames.PADDED) != 0 ? 1 : 0);
            case Frames.HEADERS ->
                atLeast(
                        length,
                        ((flags & Frames.PADDED) != 0 ? 1 : 0)
                                + ((flags & Frames.HAS_PRIORITY) != 0 ? Frames.PRIORITY_BYTES : 0));
            case Frames.RST_STREAM -> exactly(length, Frames.RST_STREAM_BYTES);
            case Frames.SETTINGS -> settings(flags, length);
            case Frames.PUSH_PROMISE -> Http2Violation.PUSH_PROMISE;
            case Frames.PING -> exactly(length, Frames.PING_BYTES);
            case Frames.GOAWAY -> atLeast(length, Frames.GOAWAY_BYTES_MIN);
            case Frames.WINDOW_UPDATE -> exactly(length, Frames.WINDOW_UPDATE_BYTES);
            case Frames.PRIORITY_UPDATE -> atLeast(length, Frames.PRIORITY_UPDATE_BYTES_MIN);
            default -> null; // PRIORITY, CONTINUATION
        };
    }

    private static @Nullable Http2Violation settings(int flags, int length) {
        if ((flags & Frames.ACK) != 0) {
            return length == 0 ? null : Http2Violation.SETTINGS_ACK_PAYLOAD;
        }
        return length % Frames.SETTING_BYTES == 0 ? null : Http2Violation.FRAME_SIZE;
    }

    private static @Nullable Http2Violation exactly(int length, int bytes) {
        return length == bytes ? null : Http2Violation.FRAME_SIZE;
    }

    private static @Nullable Http2Violation atLeast(int length, int bytes) {
        return length >= bytes ? null : Http2Violation.FRAME_SIZE;
    }
}
