package dev.headgate.testkit.sim;

/** One connection of an origin, whatever it speaks. */
interface OriginConnection {
    /** Checks what passes through the proxy now, for I3. */
    void checkPassing();

    void resetNow();
}
