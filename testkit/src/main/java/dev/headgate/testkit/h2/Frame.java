package dev.headgate.testkit.h2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One frame as it came (RFC 9113 §4.1). */
public final class Frame {
    static final int HEADER_BYTES = 9;

    private static final String[] NAMES = {
        "DATA",
        "HEADERS",
        "PRIORITY",
        "RST_STREAM",
        "SETTINGS",
        "PUSH_PROMISE",
        "PING",
        "GOAWAY",
        "WINDOW_UPDATE",
        "CONTINUATION"
    };

    private final int type;
    private final int flags;
    private final int streamId;
    private final byte[] payload;

    Frame(int type, int flags, int streamId, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.streamId = streamId;
        this.payload = payload;
    }

    public int type() {
        return type;
    }

    public int streamId() {
        return streamId;
    }

    /** How long the payload is, with padding and all. */
    public int length() {
        return payload.length;
    }

    /** All of the payload; not to be changed. */
    public byte[] payload() {
        return payload;
    }

    public boolean is(int wantedType) {
        return type == wantedType;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The 32 bits at this offset of the payload; the highest, where it is reserved, is the caller's to leave out. */
    public int int32(int offset) {
        return ByteBuffer.wrap(payload).getInt(offset);
    }

    /** The code of an RST_STREAM or GOAWAY frame. */
    public int errorCode() {
        return int32(is(Frames.GOAWAY) ? 4 : 0);
    }

    /** The last stream that a GOAWAY frame names. */
    public int lastStreamId() {
        return int32(0) & Integer.MAX_VALUE;
    }

    /** What a DATA or HEADERS frame carries, without padding and priority. */
    public byte[] content() {
        int from = 0;
        int to = payload.length;
        if (has(Frames.PADDED)) {
            to -= payload[from++] & 0xFF;
        }
        if (is(Frames.HEADERS) && has(Frames.HAS_PRIORITY)) {
            from += 5;
        }
        if (from > to) {
            throw new AssertionError("padding longer than the payload: " + this);
        }
        return Arrays.copyOfRange(payload, from, to);
    }

    @Override
    public String toString() {
        String name = type < NAMES.length ? NAMES[type] : "type %02x".formatted(type);
        return name + " " + streamId + " length=" + payload.length + flagNames() + detail();
    }

    private String flagNames() {
        List<String> names = new ArrayList<>();
        boolean isMessage = is(Frames.DATA) || is(Frames.HEADERS);
        if (has(1)) {
            names.add(isMessage ? "END_STREAM" : "ACK");
        }
        if (has(Frames.END_HEADERS)) {
            names.add("END_HEADERS");
        }
        if (has(Frames.PADDED)) {
            names.add("PADDED");
        }
        if (has(Frames.HAS_PRIORITY)) {
            names.add("PRIORITY");
        }
        return names.isEmpty() ? "" : " " + String.join("|", names);
    }

    private String detail() {
        if (is(Frames.RST_STREAM) && payload.length == 4) {
            return " " + Codes.name(errorCode());
        }
        if (is(Frames.GOAWAY) && payload.length >= 8) {
            return " last=" + lastStreamId() + " " + Codes.name(errorCode());
        }
        return is(Frames.WINDOW_UPDATE) && payload.length == 4 ? " +" + int32(0) : "";
    }
}
