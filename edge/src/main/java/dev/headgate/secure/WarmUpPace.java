package dev.headgate.secure;

/**
 * When a warm-up may go on: not while clients' own handshakes come. They have the JVM compile the same, and on a busy processor a warm-up
 * would only be in their way.
 *
 * <p>Used by the thread that warms up.
 */
public final class WarmUpPace {
    /** How long no handshake must have come. */
    static final long QUIET_NS = 50_000_000;

    private long handshakes;
    private long changedNs;

    /**
     * A pace that begins quietly.
     *
     * @param handshakes that clients have made so far
     */
    public WarmUpPace(long handshakes, long nowNs) {
        this.handshakes = handshakes;
        this.changedNs = nowNs - QUIET_NS;
    }

    /**
     * Whether it has been quiet for long enough.
     *
     * @param handshakesNow that clients have made so far
     * @param isAtWork whether another of theirs is under way
     */
    public boolean mayGoOn(long handshakesNow, boolean isAtWork, long nowNs) {
        if (isAtWork || handshakesNow != handshakes) {
            handshakes = handshakesNow;
            changedNs = nowNs;
        }
        return nowNs - changedNs >= QUIET_NS;
    }
}
