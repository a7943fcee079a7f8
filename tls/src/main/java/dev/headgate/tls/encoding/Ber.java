package dev.headgate.tls.encoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one element of BER (X.690 §8) with definite, shortest lengths and octet strings in one piece, so that
 * {@link Der} can look into it. Values are left as they are. What has more than 32 levels is not read.
 */
final class Ber {
    private static final int CONSTRUCTED = 0x20;
    private static final int NUMBER_MASK = 0x1f; // all ones: the number follows, which nothing here has
    private static final int INDEFINITE = 0x80;
    private static final int LENGTH_OCTETS_MAX = 4;
    private static final int DEPTH_MAX = 32;

    private final byte[] bytes;
    private int at;

    private Ber(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The one element that {@code bytes} is, or null when it is none or has bytes behind it. */
    static byte @Nullable [] toDer(byte[] bytes) {
        Ber ber = new Ber(bytes);
        byte[] der = ber.element(bytes.length, 0);
        return ber.at == bytes.length ? der : null;
    }

    private byte @Nullable [] element(int limit, int depth) {
        if (limit - at < 2 || depth > DEPTH_MAX) return null;
        int tag = bytes[at++] & 0xff;
        boolean isConstructed = (tag & CONSTRUCTED) != 0;
        if ((tag & NUMBER_MASK) == NUMBER_MASK) return null;
        if ((bytes[at] & 0xff) == INDEFINITE) {
            at++;
            return isConstructed ? constructed(tag, limit, true, depth) : null;
        }
        int length = length(limit);
        if (length < 0 || length > limit - at) return null;
        if (isConstructed) return constructed(tag, at + length, false, depth);
        byte[] content = new byte[length];
        System.arraycopy(bytes, at, content, 0, length);
        at += length;
        return Der.write(tag, content);
    }

    /** A definite length, or −1. It may have leading zeros. */
    private int length(int limit) {
        int first = bytes[at++] & 0xff;
        if (first < INDEFINITE) return first;
        int octets = first & 0x7f;
        if (octets > LENGTH_OCTETS_MAX || limit - at < octets) return -1;
        int length = 0;
        for (int i = 0; i < octets; i++) length = length << 8 | bytes[at++] & 0xff;
        return length;
    }

    private byte @Nullable [] constructed(int tag, int limit, boolean isIndefinite, int depth) {
        List<byte[]> children = new ArrayList<>();
        boolean isString = tag == (Der.OCTET_STRING | CONSTRUCTED);
        while (isIndefinite ? !takeEnd(limit) : at < limit) {
            byte[] child = element(limit, depth + 1);
            if (child == null) return null;
            if (isString) {
                Der piece = Der.whole(child, Der.OCTET_STRING);
                if (piece == null) return null;
                children.add(piece.content());
            } else {
                children.add(child);
            }
        }
        return Der.write(isString ? Der.OCTET_STRING : tag, children.toArray(byte[][]::new));
    }

    /** Passes over the two zeros that end an indefinite length, if they come next. */
    private boolean takeEnd(int limit) {
        boolean isEnd = limit - at >= 2 && bytes[at] == 0 && bytes[at + 1] == 0;
        if (isEnd) at += 2;
        return isEnd;
    }
}
