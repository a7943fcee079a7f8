package dev.headgate.testkit.sim;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;

/** Writes the frames of requests, in all the forms that a client may choose. Field blocks of one connection belong together. */
final class Http2Requests {
    private static final int FIRST_ENTRY = 62; // of the table of those that came before
    private static final int PRIORITY_BYTES = 5;
    private static final int PIECES_MAX = 6;

    private final SimChance chance;
    private boolean isAgentEntered;

    Http2Requests(SimChance chance) {
        this.chance = chance;
    }

    /** HEADERS, and CONTINUATION where chance would have it. */
    byte[] head(Planned planned, int id, boolean endsStream) {
        byte[] block = FieldBlock.of(
                ":method", planned.method, ":scheme", "http", ":path", planned.target, ":authority", "sim.example");
        block = Wire.join(block, agent());
        if (planned.bodyLength >= 0 && !planned.isBodyChunked) {
            block = Wire.join(block, FieldBlock.of("content-length", Integer.toString(planned.bodyLength)));
        }
        if (planned.expectsContinue) {
            block = Wire.join(block, FieldBlock.of("expect", "100-continue"));
        }
        if (planned.hasTrailers) {
            block = Wire.join(block, FieldBlock.of("te", "trailers"));
        }
        if (chance.oneIn(4)) {
            block = Wire.join(block, FieldBlock.of("priority", "u=" + chance.nextInt(8) + chance.oneOf("", ", i")));
        }
        return section(id, endsStream ? Frames.END_STREAM : 0, block);
    }

    private byte[] agent() {
        byte[] field = isAgentEntered ? FieldBlock.indexed(FIRST_ENTRY) : FieldBlock.entering("user-agent", "sim");
        isAgentEntered = true;
        return field;
    }

    /** A trailer section, which ends the stream. */
    byte[] trailers(int id) {
        return section(id, Frames.END_STREAM, FieldBlock.of("x-sum", "1"));
    }

    private byte[] section(int id, int flags, byte[] block) {
        if (chance.oneIn(4)) {
            return Frames.inPieces(id, flags, block, Math.max(1, block.length / chance.between(1, PIECES_MAX)));
        }
        if (!chance.oneIn(4)) {
            return Frames.headers(id, flags | Frames.END_HEADERS, block);
        }
        byte[] priority = chance.nextInt(2) == 0 ? new byte[0] : new byte[PRIORITY_BYTES]; // behind no other stream
        int padding = chance.nextInt(256);
        byte[] payload = Wire.join(new byte[] {(byte) padding}, priority, block, new byte[padding]);
        int flag = priority.length == 0 ? 0 : Frames.HAS_PRIORITY;
        return Frames.headers(id, flags | flag | Frames.END_HEADERS | Frames.PADDED, payload);
    }

    /** Content from this offset on; {@code padding} is −1 for none. */
    static byte[] data(Planned planned, int id, long offset, int length, int padding, boolean endsStream) {
        int start = padding < 0 ? 0 : 1;
        byte[] payload = new byte[start + length + Math.max(0, padding)];
        for (int i = 0; i < length; i++) {
            payload[start + i] = planned.requestByte(offset + i);
        }
        int flags = endsStream ? Frames.END_STREAM : 0;
        if (padding >= 0) {
            payload[0] = (byte) padding;
            flags |= Frames.PADDED;
        }
        return Frames.frame(Frames.DATA, flags, id, payload);
    }

    /** A frame that changes nothing: of priorities, or of a type that nobody knows. */
    byte[] idle(int id) {
        return switch (chance.nextInt(3)) {
            case 0 -> Frames.priority(id, 0);
            case 1 -> Frames.priorityUpdate(id, "u=" + chance.nextInt(8));
            default -> Frames.frame(0xBE, chance.nextInt(256), chance.nextInt(100), new byte[chance.nextInt(200)]);
        };
    }

    /** What ends the connection; {@code id} is of a stream that has not begun. */
    byte[] poison(int id) {
        return switch (chance.nextInt(12)) {
            case 0 -> Frames.data(0, 0, 1);
            case 1 -> Frames.headers(id + 1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.get("/u0/poison"));
            case 2 -> Frames.windowUpdate(0, 0);
            case 3 -> Frames.frame(Frames.PING, 0, 0, new byte[7]);
            case 4 -> Frames.frame(Frames.SETTINGS, 0, 0, new byte[5]);
            case 5 -> Frames.rst(id, 8);
            case 6 -> Frames.continuation(id, Frames.END_HEADERS, FieldBlock.get("/u0/poison"));
            case 7 -> Frames.header(Frames.DATA, 0, id, 1 << 20);
            case 8 -> Frames.data(id, 0, 1);
            case 9 -> Frames.frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, id, new byte[4]);
            case 10 -> Frames.windowUpdate(0, Integer.MAX_VALUE);
            default ->
                Frames.headers(
                        id,
                        Frames.END_STREAM | Frames.END_HEADERS,
                        Wire.join(FieldBlock.get("/u0/poison"), FieldBlock.indexed(1_000)));
        };
    }
}
