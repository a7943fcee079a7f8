package dev.headgate.route;

/**
 * A seeded hash over bytes, fed one at a time in either direction.
 *
 * <p>It is no cryptographic hash and need not be: keys come from the configuration, and what a client chooses is only
 * looked up. The seed keeps a client from knowing which names share a neighbourhood of slots, and {@link ByteMap}
 * bounds the length of every neighbourhood when it is built.
 */
final class ByteHash {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L; // 2^64 / golden ratio, odd
    private static final long FINAL_MULTIPLIER = 0xD6E8_FEB8_6659_FD93L; // odd, with well-spread bits

    private ByteHash() {}

    /** State before the first byte of a key that belongs to {@code owner}. */
    static long start(long seed, int owner) {
        return (seed + owner) * MULTIPLIER;
    }

    static long step(long state, byte b) {
        long mixed = (state ^ (b & 0xff)) * MULTIPLIER;
        return mixed ^ (mixed >>> 32);
    }

    static int finish(long state) {
        long mixed = (state ^ (state >>> 32)) * FINAL_MULTIPLIER;
        return (int) (mixed >>> 32);
    }
}
