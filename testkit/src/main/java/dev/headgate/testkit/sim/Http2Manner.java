package dev.headgate.testkit.sim;

/** How a peer that speaks HTTP/2 behaves on its connections. */
enum Http2Manner {
    PROPER,
    /** Gives no credit. */
    WITHHOLDING,
    /** Acknowledges nothing. */
    IGNORING,
    /** Ends its side behind its last request, without which it can take no answer. */
    HALF_CLOSING,
    /** Ends its side anywhere. */
    ENDING,
    /** Closes anywhere. */
    CLOSING,
    /** Resets the connection anywhere. */
    RESETTING,
    /** Stops sending anywhere. */
    SILENT,
    /** Stops reading anywhere. */
    NOT_READING,
    /** Changes a bit of what it sends. */
    CORRUPT,
    /** Sends what ends the connection, and then what would be in order. */
    POISONOUS;

    /** Whether it does something once, some time. */
    boolean isMisbehaving() {
        return ordinal() >= ENDING.ordinal();
    }
}
