package dev.headgate.http;

import org.jspecify.annotations.Nullable;

/**
 * Where a head decoder stopped, and what it has seen. Opaque to everybody but the decoder that is at work on the head;
 * it lives here so that decoders keep no state and one serves all connections of a listener.
 *
 * <p>Offsets count from the head's first byte, because the buffer may lie elsewhere at the next call.
 */
public final class HeadScan {
    /** The decoder's state, by its own numbering; zero at the start. */
    public int state;
    /** Every byte before this one has been looked at and is not looked at again. */
    public int scanOffset;
    /** First byte of the line being scanned. */
    public int lineOffset;
    /** First byte of the part being scanned: target, version, status, value. */
    public int partOffset;
    /** First byte of the query, or zero while no question mark has been seen. */
    public int queryOffset;
    /** Length of the name on the line being scanned. */
    public int nameLength;
    /** Exclusive end of the value with its trailing blanks; known once the line's CR has been seen. */
    public int valueEnd;
    /** Whether the line is left out of the section; until its colon is seen, whether its name has an underscore. */
    public boolean lineDropped;
    /** Field lines begun so far, dropped ones included. */
    public int lineCount;
    /** Empty lines before the start line. */
    public int emptyLineCount;
    /** {@link Field} numbers of the framing fields seen so far, as a mask. */
    public long seen;
    /** Content-Length as received, or −1. */
    public long contentLength = -1;
    /** Whether Connection named {@code close}. */
    public boolean closeSeen;
    /** Whether Connection named {@code keep-alive}. */
    public boolean keepAliveSeen;
    /** Connection options so far, of all lines. */
    public int connectionOptionCount;
    /** Whether Expect asked for 100-continue. */
    public boolean continueSeen;
    /** Set exactly when the decoder has refused. */
    public @Nullable Violation violation;

    /** At the start of a head. */
    public HeadScan() {}

    /** Back to the start of a head. */
    public void clear() {
        state = 0;
        scanOffset = 0;
        lineOffset = 0;
        partOffset = 0;
        queryOffset = 0;
        nameLength = 0;
        valueEnd = 0;
        lineDropped = false;
        lineCount = 0;
        emptyLineCount = 0;
        seen = 0;
        contentLength = -1;
        closeSeen = false;
        keepAliveSeen = false;
        connectionOptionCount = 0;
        continueSeen = false;
        violation = null;
    }
}
