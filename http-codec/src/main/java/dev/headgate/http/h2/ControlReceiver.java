package dev.headgate.http.h2;

import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.http.hpack.HpackEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes in the frames that carry no part of a message (RFC 9113 §6.3 to §6.9, RFC 9218 §7.1). */
final class ControlReceiver {
    private static final int RESERVED_BIT = 0x80000000;

    private final Http2Role role;
    private final Streams streams;
    private final StreamFaults faults;
    private final FlowControl flow;
    private final AbuseGuard guard;
    private final FrameSender frames;
    private final LocalSettings localSettings;
    private final PeerSettings peerSettings;
    private final EarlyPriorities earlyPriorities;
    private final HpackDecoder decoder;
    private final HpackEncoder encoder;
    private final Http2Listener listener;

    /** As the peer's last GOAWAY says; our streams above are not looked at. */
    private int goAwayLastId = Frames.STREAM_ID_MAX;

    private boolean isGoAwayReceived;

    ControlReceiver(
            Http2Role role,
            Streams streams,
            StreamFaults faults,
            FlowControl flow,
            AbuseGuard guard,
            FrameSender frames,
            LocalSettings localSettings,
            PeerSettings peerSettings,
            EarlyPriorities earlyPriorities,
            HpackDecoder decoder,
            HpackEncoder encoder,
            Http2Listener listener) {
        this.role = role;
        this.streams = streams;
        this.faults = faults;
        this.flow = flow;
        this.guard = guard;
        this.frames = frames;
        this.localSettings = localSettings;
        this.peerSettings = peerSettings;
        this.earlyPriorities = earlyPriorities;
        this.decoder = decoder;
        this.encoder = encoder;
        this.listener = listener;
    }

    boolean isGoAwayReceived() {
        return isGoAwayReceived;
    }

    /** One whole frame, its header checked; what ends the connection, or null. */
    @Nullable
    Http2Violation onFrame(int type, int flags, int id, ByteBuffer input, int payload, int length, long nowNs) {
        return switch (type) {
            case Frames.PRIORITY -> onPriority(id, input, payload, length, nowNs);
            case Frames.RST_STREAM -> onRstStream(id, input.getInt(payload), nowNs);
            case Frames.SETTINGS ->
                (flags & Frames.ACK) != 0 ? onSettingsAck() : onSettings(input, payload, length, nowNs);
            case Frames.PING -> onPing(flags, input.getLong(payload), nowNs);
            case Frames.GOAWAY -> onGoAway(input.getInt(payload) & ~RESERVED_BIT, input.getInt(payload + 4));
            case Frames.WINDOW_UPDATE -> onWindowUpdate(id, input.getInt(payload) & ~RESERVED_BIT, nowNs);
            case Frames.PRIORITY_UPDATE -> onPriorityUpdate(input, payload, length);
            default -> throw new AssertionError("not a control frame: " + type);
        };
    }

    /** The old tree of dependencies is not kept (RFC 9113 §5.3.2). */
    private @Nullable Http2Violation onPriority(int id, ByteBuffer input, int payload, int length, long nowNs) {
        Http2Violation flood = guard.onPriority();
        if (flood != null) {
            return flood;
        }
        Http2Violation fault = length != Frames.PRIORITY_BYTES
                ? Http2Violation.PRIORITY_SIZE
                : (input.getInt(payload) & ~RESERVED_BIT) == id ? Http2Violation.PRIORITY_SELF : null;
        if (fault == null) {
            return null;
        }
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            return faults.reset(stream, fault, nowNs);
        }
        // There is nothing to reset; of an idle stream nothing may be said at all (RFC 9113 §5.1).
        return fault == Http2Violation.PRIORITY_SIZE ? Http2Violation.FRAME_SIZE : guard.onGlitch(nowNs);
    }

    private @Nullable Http2Violation onRstStream(int id, int errorCode, long nowNs) {
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            // A reset may have crossed the end of its stream.
            return streams.isIdle(id) && !streams.isIgnored(id) ? Http2Violation.STREAM_IDLE : guard.onStrayEnd(nowNs);
        }
        boolean isPremature = role.isServer() ? stream.state.canSend() : stream.state.canReceive();
        long ageNs = nowNs - stream.openedNs;
        streams.onClosed(stream);
        listener.onReset(stream, errorCode, ResetBy.PEER);
        return isPremature ? guard.onReset(ageNs, nowNs) : null;
    }

    // SETTINGS, RFC 9113 §6.5

    private @Nullable Http2Violation onSettingsAck() {
        if (!localSettings.isAwaitingAck()) {
            return Http2Violation.SETTINGS_ACK_UNEXPECTED;
        }
        int change = -localSettings.streamWindowBytes();
        if (localSettings.onAck()) {
            decoder.tableLimit(localSettings.headerTableBytes());
        }
        int windowBytes = localSettings.streamWindowBytes();
        if (change + windowBytes != 0) {
            streams.forEach(stream -> flow.resize(stream, windowBytes));
        }
        listener.onSettingsAcknowledged();
        return null;
    }

    private @Nullable Http2Violation onSettings(ByteBuffer input, int payload, int length, long nowNs) {
        if (length > guard.settingsEntriesMax() * Frames.SETTING_BYTES) {
            return Http2Violation.SETTINGS_ENTRIES;
        }
        int windowBytes = peerSettings.windowBytes();
        Http2Violation fault = peerSettings.onFrame(input, payload, length);
        if (fault == null && peerSettings.windowBytes() != windowBytes) {
            fault = onWindowSetting(peerSettings.windowBytes() - windowBytes, nowNs);
        }
        if (fault != null) {
            return fault;
        }
        encoder.peerTableLimit(peerSettings.smallestHeaderTableBytes());
        encoder.peerTableLimit(peerSettings.headerTableBytes());
        frames.payloadBytesMax(peerSettings.payloadBytesMax());
        frames.settingsAck();
        listener.onSettings();
        return null;
    }

    /** All windows of streams change by the difference (RFC 9113 §6.9.2). */
    private @Nullable Http2Violation onWindowSetting(int change, long nowNs) {
        Http2Violation flood = guard.onWindowChange(nowNs);
        if (flood != null) {
            return flood;
        }
        var isOverflow = new boolean[1];
        streams.forEach(stream -> {
            boolean wasOpen = stream.sendWindow.isOpen();
            isOverflow[0] |= !flow.addToStream(stream, change);
            if (stream.wantsToSend && !wasOpen && stream.sendWindow.isOpen()) {
                listener.onWindowOpened(stream);
            }
        });
        return isOverflow[0] ? Http2Violation.WINDOW_OVERFLOW : null;
    }

    private @Nullable Http2Violation onPing(int flags, long opaque, long nowNs) {
        if ((flags & Frames.ACK) != 0) {
            listener.onPingAcknowledged(opaque);
            return null;
        }
        Http2Violation flood = guard.onPing(nowNs);
        if (flood == null) {
            frames.pingAck(opaque);
        }
        return flood;
    }

    /** RFC 9113 §6.8. */
    private @Nullable Http2Violation onGoAway(int lastId, int errorCode) {
        if (isGoAwayReceived && lastId > goAwayLastId) {
            return Http2Violation.GOAWAY_RAISED;
        }
        isGoAwayReceived = true;
        goAwayLastId = lastId;
        int codeOfStreams = errorCode == ErrorCode.HTTP_1_1_REQUIRED ? errorCode : ErrorCode.REFUSED_STREAM;
        streams.forEach(stream -> {
            if (!stream.isPeers && stream.id > lastId) {
                streams.remember(stream.id);
                streams.onClosed(stream);
                listener.onReset(stream, codeOfStreams, ResetBy.GOAWAY);
            }
        });
        listener.onGoAway(lastId, errorCode);
        return null;
    }

    // WINDOW_UPDATE, RFC 9113 §6.9

    private @Nullable Http2Violation onWindowUpdate(int id, int bytes, long nowNs) {
        Http2Violation flood = guard.onWindowUpdate();
        if (flood != null) {
            return flood;
        }
        if (id == 0) {
            return bytes == 0
                    ? Http2Violation.WINDOW_UPDATE_ZERO
                    : flow.addToConnection(bytes) ? null : Http2Violation.WINDOW_OVERFLOW;
        }
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            return streams.isIdle(id) && !streams.isIgnored(id) ? Http2Violation.STREAM_IDLE : null;
        }
        if (bytes == 0) {
            return faults.reset(stream, Http2Violation.STREAM_WINDOW_UPDATE_ZERO, nowNs);
        }
        boolean wasOpen = stream.sendWindow.isOpen();
        if (!flow.addToStream(stream, bytes)) {
            return faults.reset(stream, Http2Violation.STREAM_WINDOW_OVERFLOW, nowNs);
        }
        if (stream.wantsToSend && !wasOpen && stream.sendWindow.isOpen()) {
            listener.onWindowOpened(stream);
        }
        return null;
    }

    /** RFC 9218 §7.1. */
    private @Nullable Http2Violation onPriorityUpdate(ByteBuffer input, int payload, int length) {
        int id = input.getInt(payload) & ~RESERVED_BIT;
        if (!role.isServer() || id == 0 || !streams.isPeers(id)) {
            return Http2Violation.PRIORITY_UPDATE;
        }
        Http2Violation flood = guard.onPriority();
        if (flood != null) {
            return flood;
        }
        int value = payload + Frames.PRIORITY_UPDATE_BYTES_MIN;
        int priority = Priority.parse(input, value, length - Frames.PRIORITY_UPDATE_BYTES_MIN);
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            flow.changePriority(stream, priority);
        } else if (streams.isIdle(id)) {
            earlyPriorities.put(id, priority);
        }
        return null;
    }
}
