package dev.headgate.observe;

/** The form of an access record. Used by one loop; keeps nothing of the record. */
interface AccessFormat {
    /** At least as many bytes as {@code record} takes; at most {@link AccessLog#BLOCK_BYTES}. */
    int bytesMax(AccessRecord record);

    /** Appends {@code record} as one line, however strange its values. */
    void put(LogBlock block, AccessRecord record);
}
