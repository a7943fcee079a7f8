package dev.headgate.balancer;

/** Lengths of time that are a little different each time, from random bits that the caller brings. */
public final class Jitter {
    private Jitter() {}

    /** A length from 0 to {@code lengthNs}, both included, each as likely. */
    public static long upTo(long lengthNs, long random) {
        assert lengthNs >= 0 && lengthNs < Long.MAX_VALUE;
        return Math.unsignedMultiplyHigh(random, lengthNs + 1);
    }

    /**
     * A length that is off by up to {@code percent} of {@code lengthNs} either way, and on average is {@code lengthNs}.
     *
     * @param percent 0 to 100
     */
    public static long around(long lengthNs, int percent, long random) {
        long spreadNs = share(lengthNs, percent);
        return lengthNs - spreadNs + upTo(2 * spreadNs, random);
    }

    /** {@code lengthNs} less up to {@code percent} of it: a bound that holds for all is kept. */
    public static long below(long lengthNs, int percent, long random) {
        return lengthNs - upTo(share(lengthNs, percent), random);
    }

    /** {@code lengthNs} and up to {@code percent} of it more. */
    public static long above(long lengthNs, int percent, long random) {
        return lengthNs + upTo(share(lengthNs, percent), random);
    }

    // Divides first where the product could overflow; lengths of three years and more need no hundredth of a
    // nanosecond.
    private static long share(long lengthNs, int percent) {
        return lengthNs < Long.MAX_VALUE / 100 ? lengthNs * percent / 100 : lengthNs / 100 * percent;
    }
}
