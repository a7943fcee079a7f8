package dev.headgate.tls.encoding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One element of DER (X.690 §8.1, §10.1): just enough to look into a key and to wrap it. Lengths are definite and
 * minimal; an element never reaches beyond what encloses it.
 */
public final class Der {
    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int OID = 0x06;
    public static final int UTF8_STRING = 0x0c;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;
    public static final int IMPLICIT_2 = 0x82;
    public static final int IMPLICIT_7 = 0x87;
    public static final int EXPLICIT_0 = 0xa0;
    public static final int EXPLICIT_3 = 0xa3;

    private static final int LENGTH_OCTETS_MAX = 3; // 16 MiB

    private final byte[] bytes;
    private final int start; // of its tag
    private final int contentStart;
    private final int end; // exclusive
    private int next; // where the next child begins

    private Der(byte[] bytes, int start, int contentStart, int end) {
        this.bytes = bytes;
        this.start = start;
        this.contentStart = contentStart;
        this.end = end;
        this.next = contentStart;
    }

    /** The one element that {@code bytes} is, or null. */
    public static @Nullable Der whole(byte[] bytes, int tag) {
        Der der = at(bytes, 0, bytes.length);
        return der != null && der.tag() == tag && der.end == bytes.length ? der : null;
    }

    /** The next child if it has this tag, which is then passed; null otherwise. */
    @Nullable
    public Der take(int tag) {
        Der child = at(bytes, next, end);
        if (child == null || child.tag() != tag) return null;
        next = child.end;
        return child;
    }

    /** The next child, whatever its tag, which is then passed; null when there is no whole one. */
    public @Nullable Der take() {
        Der child = at(bytes, next, end);
        if (child != null) next = child.end;
        return child;
    }

    private static @Nullable Der at(byte[] bytes, int start, int limit) {
        if (limit - start < 2) return null;
        int length = bytes[start + 1] & 0xff;
        int contentStart = start + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets == 0 || octets > LENGTH_OCTETS_MAX || limit - contentStart < octets) return null;
            length = 0;
            for (int i = 0; i < octets; i++) length = length << 8 | bytes[contentStart + i] & 0xff;
            if (length < 0x80 || length >>> 8 * (octets - 1) == 0) return null;
            contentStart += octets;
        }
        return length > limit - contentStart ? null : new Der(bytes, start, contentStart, contentStart + length);
    }

    /** Its first byte: class, form and number. */
    public int tag() {
        return bytes[start] & 0xff;
    }

    public boolean isAtEnd() {
        return next == end;
    }

    public byte[] content() {
        return Arrays.copyOfRange(bytes, contentStart, end);
    }

    public byte[] encoded() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** An integer of at most 31 bits without sign, or −1. */
    public int smallInteger() {
        int length = end - contentStart;
        if (length < 1 || length > 4 || bytes[contentStart] < 0) return -1;
        int value = 0;
        for (int i = contentStart; i < end; i++) value = value << 8 | bytes[i] & 0xff;
        return value;
    }

    /** An element with this tag around {@code parts}: the only copy of them that is made, for they may be a secret. */
    public static byte[] write(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) length += part.length;
        int octets = length < 0x80 ? 0 : (39 - Integer.numberOfLeadingZeros(length)) / 8;
        byte[] out = new byte[2 + octets + length];
        out[0] = (byte) tag;
        out[1] = (byte) (octets == 0 ? length : 0x80 | octets);
        int at = 2;
        for (int i = octets - 1; i >= 0; i--) out[at++] = (byte) (length >>> 8 * i);
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }
}
