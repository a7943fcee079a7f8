package dev.headgate.affinity;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Hashes keys to 64 bits by SipHash-1-3 under a seed: who does not know that cannot choose keys that meet. The same seed gives the same
 * hashes in every process.
 */
@HotPath
@Immutable
final class KeyHash {
    private static final long V0 = 0x736f_6d65_7073_6575L;
    private static final long V1 = 0x646f_7261_6e64_6f6dL;
    private static final long V2 = 0x6c79_6765_6e65_7261L;
    private static final long V3 = 0x7465_6462_7974_6573L;
    private static final int WORD_BYTES = 8;
    private static final int LENGTH_SHIFT = 56;
    private static final int END_MARK = 0xff;

    private final long k0;
    private final long k1;

    KeyHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Seeded by a text of any length. */
    static KeyHash seeded(String seed) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8)));
            return new KeyHash(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of {@code length} bytes. */
    long of(ByteBuffer bytes, int offset, int length) {
        return hash(bytes, offset, length, 0, 0);
    }

    /** The same, with letters of ASCII in either case. */
    long ofCaseless(ByteBuffer bytes, int offset, int length) {
        return hash(bytes, offset, length, 'A', 'Z');
    }

    /** The hash of two words. */
    long of(long first, long second) {
        long v0 = V0 ^ k0;
        long v1 = V1 ^ k1;
        long v2 = V2 ^ k0;
        long v3 = V3 ^ k1;
        long word = first;
        for (int i = 0; i < 3; i++) {
            v3 ^= word;
            // One round; locals, for it must not allocate.
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
            word = i == 0 ? second : 2L * WORD_BYTES << LENGTH_SHIFT;
        }
        return finish(v0, v1, v2, v3);
    }

    private long hash(ByteBuffer bytes, int offset, int length, int upperFirst, int upperLast) {
        long v0 = V0 ^ k0;
        long v1 = V1 ^ k1;
        long v2 = V2 ^ k0;
        long v3 = V3 ^ k1;
        int at = offset;
        int end = offset + length;
        boolean isLast;
        do {
            isLast = end - at < WORD_BYTES;
            long word = isLast ? (long) length << LENGTH_SHIFT : 0;
            int count = Math.min(end - at, WORD_BYTES);
            for (int i = 0; i < count; i++) {
                int b = bytes.get(at + i) & 0xff;
                boolean isUpper = upperFirst != 0 && b >= upperFirst && b <= upperLast;
                word |= (long) (isUpper ? b | 0x20 : b) << WORD_BYTES * i;
            }
            at += count;
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        } while (!isLast);
        return finish(v0, v1, v2, v3);
    }

    private static long finish(long first, long second, long third, long fourth) {
        long v0 = first;
        long v1 = second;
        long v2 = third ^ END_MARK;
        long v3 = fourth;
        for (int i = 0; i < 3; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
