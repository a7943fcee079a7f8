package dev.headgate.balancer.policy;

/**
 * Logarithms of evenly drawn fractions, in a few nanoseconds and to five digits: straight lines between {@value #LINES} points of the
 * curve. The same to the last bit on every machine, which {@code Math.log} does not promise, and proxies before the same endpoints have to agree.
 */
final class BinaryLog {
    private static final int LINE_BITS = 8;
    private static final int LINES = 1 << LINE_BITS;
    private static final double REST_UNIT = 0x1p-55; // of the bits below those of the line
    private static final double[] STARTS = new double[LINES]; // log2(1 + i / LINES)
    private static final double[] RISES = new double[LINES];

    static {
        for (int i = 0; i < LINES; i++) {
            STARTS[i] = log2(1 + (double) i / LINES);
            RISES[i] = log2(1 + (i + 1.0) / LINES) - STARTS[i];
        }
    }

    private BinaryLog() {}

    private static double log2(double number) {
        return StrictMath.log(number) / StrictMath.log(2);
    }

    /** The logarithm to base 2 of what {@code bits} are of 2^64, from −64 (also of none) to nearly 0. */
    static double ofFraction(long bits) {
        long number = bits == 0 ? 1 : bits;
        int zeros = Long.numberOfLeadingZeros(number);
        long mantissa = number << zeros << 1; // without the leading one
        int line = (int) (mantissa >>> (Long.SIZE - LINE_BITS));
        double along = (mantissa << LINE_BITS >>> LINE_BITS + 1) * REST_UNIT;
        return STARTS[line] + RISES[line] * along - 1 - zeros;
    }
}
