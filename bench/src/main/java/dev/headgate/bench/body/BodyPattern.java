package dev.headgate.bench.body;

import java.nio.ByteBuffer;

/**
 * Content of any length out of one direct buffer: it repeats after {@link #PERIOD_BYTES}, and within a period no two neighbourhoods are alike,
 * so that lost, repeated or moved bytes show.
 */
public final class BodyPattern {
    public static final int PERIOD_BYTES = 64 * 1024;

    private final ByteBuffer period = ByteBuffer.allocateDirect(PERIOD_BYTES);

    public BodyPattern() {
        for (int i = 0; i < PERIOD_BYTES; i++) {
            period.put(i, at(i));
        }
    }

    /** The byte at {@code offset} of any content: a printable one. */
    public static byte at(long offset) {
        long mixed = offset % PERIOD_BYTES + 1;
        mixed = (mixed ^ mixed >>> 15) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (byte) ('0' + (mixed >>> 58));
    }

    /**
     * The content from {@code offset} on, at most {@code lengthMax} bytes and at most to the end of the period: ready to read, lent until the next
     * call.
     */
    public ByteBuffer piece(long offset, long lengthMax) {
        int start = (int) (offset % PERIOD_BYTES);
        int length = (int) Math.min(lengthMax, PERIOD_BYTES - start);
        return period.limit(start + length).position(start);
    }

    /** Whether the {@code length} bytes at the position of {@code bytes} are the content from {@code offset} on. Moves nothing. */
    public boolean matches(long offset, ByteBuffer bytes, int length) {
        int position = bytes.position();
        int limit = bytes.limit();
        boolean isSame = true;
        int done = 0;
        while (isSame && done < length) {
            ByteBuffer expected = piece(offset + done, length - done);
            int count = expected.remaining();
            bytes.limit(position + done + count).position(position + done);
            isSame = bytes.mismatch(expected) < 0;
            done += count;
        }
        bytes.limit(limit).position(position);
        return isSame;
    }
}
