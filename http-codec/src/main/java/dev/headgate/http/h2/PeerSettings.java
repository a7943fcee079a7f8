package dev.headgate.http.h2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The peer's settings (RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1). */
final class PeerSettings {
    private final Http2Role role;
    private int headerTableBytes = 4096;
    private int smallestHeaderTableBytes = headerTableBytes;
    private int streamsMax = Integer.MAX_VALUE;
    private int windowBytes = Frames.WINDOW_DEFAULT;
    private int payloadBytesMax = Frames.PAYLOAD_BYTES_DEFAULT;
    private boolean extendedConnect;
    private int withoutOldPriorities = -1; // unsaid
    private boolean isSeen;

    PeerSettings(Http2Role role) {
        this.role = role;
    }

    int headerTableBytes() {
        return headerTableBytes;
    }

    /** The smallest that it was in the course of the last frame, which the encoder has to say too (RFC 7541 §4.2). */
    int smallestHeaderTableBytes() {
        return smallestHeaderTableBytes;
    }

    int streamsMax() {
        return streamsMax;
    }

    int windowBytes() {
        return windowBytes;
    }

    int payloadBytesMax() {
        return payloadBytesMax;
    }

    boolean extendedConnect() {
        return extendedConnect;
    }

    /** Whether a SETTINGS frame of the peer has come. */
    boolean isSeen() {
        return isSeen;
    }

    /** Takes the entries of one frame in their order; what is wrong with one, or null. */
    @Nullable
    Http2Violation onFrame(ByteBuffer source, int offset, int length) {
        boolean isFirst = !isSeen;
        isSeen = true;
        smallestHeaderTableBytes = headerTableBytes;
        for (int at = offset; at < offset + length; at += Frames.SETTING_BYTES) {
            Http2Violation violation = onEntry(source.getShort(at) & 0xFFFF, source.getInt(at + 2), isFirst);
            if (violation != null) {
                return violation;
            }
        }
        return null;
    }

    private @Nullable Http2Violation onEntry(int id, int value, boolean isFirst) {
        switch (id) {
            case Frames.SETTINGS_HEADER_TABLE_SIZE -> {
                headerTableBytes = saturated(value);
                smallestHeaderTableBytes = Math.min(smallestHeaderTableBytes, headerTableBytes);
            }
            case Frames.SETTINGS_ENABLE_PUSH -> {
                // A server may only say that it does not want what only it could do.
                return value == 0 || value == 1 && role.isServer() ? null : Http2Violation.SETTINGS_PUSH;
            }
            case Frames.SETTINGS_MAX_CONCURRENT_STREAMS -> streamsMax = saturated(value);
            case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> {
                windowBytes = value;
                return value >= 0 ? null : Http2Violation.SETTINGS_WINDOW;
            }
            case Frames.SETTINGS_MAX_FRAME_SIZE -> {
                payloadBytesMax = value;
                boolean isAllowed = value >= Frames.PAYLOAD_BYTES_DEFAULT && value <= Frames.PAYLOAD_BYTES_MAX;
                return isAllowed ? null : Http2Violation.SETTINGS_FRAME_SIZE;
            }
            case Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL -> {
                return onExtendedConnect(value);
            }
            case Frames.SETTINGS_NO_RFC7540_PRIORITIES -> {
                return onOldPriorities(value, isFirst);
            }
            default -> {} // Unknown settings mean nothing (RFC 9113 §6.5.2).
        }
        return null;
    }

    /** Once offered, it cannot be taken back (RFC 8441 §3). */
    private @Nullable Http2Violation onExtendedConnect(int value) {
        if (value != 0 && value != 1 || value == 0 && extendedConnect) {
            return Http2Violation.SETTINGS_CONNECT;
        }
        extendedConnect = value == 1;
        return null;
    }

    /** It is said in the first frame or not at all (RFC 9218 §2.1). */
    private @Nullable Http2Violation onOldPriorities(int value, boolean isFirst) {
        int before = isFirst ? value : Math.max(withoutOldPriorities, 0);
        if (value != 0 && value != 1 || value != before) {
            return Http2Violation.SETTINGS_PRIORITIES;
        }
        withoutOldPriorities = value;
        return null;
    }

    private static int saturated(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
