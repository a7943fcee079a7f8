package dev.headgate.testkit.sim;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;

/** Puts field blocks into frames, in all the forms that a peer may choose. */
final class Http2Sections {
    private static final int PRIORITY_BYTES = 5;
    private static final int PIECES_MAX = 6;

    private final SimChance chance;

    Http2Sections(SimChance chance) {
        this.chance = chance;
    }

    /** A trailer section, which ends the stream. */
    byte[] trailers(int id) {
        return section(id, Frames.END_STREAM, FieldBlock.of("x-sum", "1"));
    }

    /** HEADERS, and CONTINUATION where chance would have it. */
    byte[] section(int id, int flags, byte[] block) {
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
}
