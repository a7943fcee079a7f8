package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.io.Chance;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes sure that a request has exactly one id: the one a trusted proxy gave it, if it is sound, or 128 random bits in
 * hexadecimal. Belongs to one loop, as its chance does.
 */
@HotPath
final class RequestId {
    static final int LENGTH_MAX = 128;
    static final int GENERATED_LENGTH = 32;

    // Letters, digits and marks that need no escape in a log, a path or a shell word.
    private static final String MARKS = "._~:/+=@-";
    private static final boolean[] ALLOWED = new boolean[256];

    static {
        for (char c = 0; c < 128; c++) {
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            ALLOWED[c] = isLetter || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
        }
    }

    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Chance chance;
    private final byte[] generated = new byte[GENERATED_LENGTH];

    RequestId(Chance chance) {
        this.chance = chance;
    }

    static int addedBytesMax() {
        return FieldLine.ofKnown(Field.X_REQUEST_ID) + GENERATED_LENGTH;
    }

    /** Settles the id of a request, whose untrusted fields are already removed. */
    boolean settle(FieldSection fields, RequestIdentity identity) {
        int entry = fields.find(Field.X_REQUEST_ID);
        boolean isSingle = entry >= 0 && fields.findNext(Field.X_REQUEST_ID, entry) < 0;
        if (!isSingle || !isSound(fields.bytes(), fields.valueOffset(entry), fields.valueLength(entry))) {
            fields.removeAll(Field.X_REQUEST_ID);
            ByteBuffer out = fields.beginAdd(Field.X_REQUEST_ID);
            if (out.remaining() >= GENERATED_LENGTH) {
                writeNew(generated, 0);
                out.put(generated);
            }
            if (!fields.endAdd()) {
                return false;
            }
            entry = fields.find(Field.X_REQUEST_ID);
        }
        identity.requestId(fields.valueOffset(entry), fields.valueLength(entry));
        return true;
    }

    /** Writes a new id, {@link #GENERATED_LENGTH} bytes. */
    void writeNew(byte[] target, int offset) {
        writeHex(chance.nextLong(), target, offset);
        writeHex(chance.nextLong(), target, offset + 16);
    }

    private static void writeHex(long value, byte[] target, int offset) {
        LONG_BE.set(target, offset, hex((int) (value >>> Integer.SIZE)));
        LONG_BE.set(target, offset + 8, hex((int) value));
    }

    /** Eight digits at once: each nibble goes to a byte of its own, and those above nine get the distance to the letters. */
    static long hex(int value) {
        long nibbles = Long.expand(value & 0xFFFF_FFFFL, 0x0F0F_0F0F_0F0F_0F0FL);
        long letters = (nibbles + 0x0606_0606_0606_0606L) >>> 4 & 0x0101_0101_0101_0101L;
        return nibbles + 0x3030_3030_3030_3030L + letters * ('a' - '0' - 10);
    }

    private static boolean isSound(ByteBuffer bytes, int offset, int length) {
        if (length < 1 || length > LENGTH_MAX) {
            return false;
        }
        for (int at = offset; at < offset + length; at++) {
            if (!ALLOWED[bytes.get(at) & 0xff]) {
                return false;
            }
        }
        return true;
    }
}
