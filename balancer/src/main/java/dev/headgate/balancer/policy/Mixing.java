package dev.headgate.balancer.policy;

/** Hashes of 64 bits. Their values decide which endpoint has which key, so they stay what they are. */
final class Mixing {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    private Mixing() {}

    /** A second, independent-looking number from the first: one step of SplitMix64. */
    static long mix(long number) {
        long z = number + GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /** A hash of an endpoint's identity, which is the same in every process. */
    static long ofName(String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Maps 64 random bits to 0 … bound − 1; the bias is below bound / 2^64. */
    static int uniform(long random, int bound) {
        return (int) Math.unsignedMultiplyHigh(random, bound);
    }
}
