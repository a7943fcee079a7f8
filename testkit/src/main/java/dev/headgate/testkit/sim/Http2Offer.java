package dev.headgate.testkit.sim;

/** Whether, and when, an origin says on a connection that it takes WebSockets there (RFC 8441 §3). */
public enum Http2Offer {
    NEVER,
    /** With its first words. */
    AT_ONCE,
    /** With its first words, for which it takes its time. */
    LATE,
    /** When it has said other things. */
    BEHIND_OTHERS
}
