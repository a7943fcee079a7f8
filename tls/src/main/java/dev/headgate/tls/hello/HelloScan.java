package dev.headgate.tls.hello;

import org.jspecify.annotations.Nullable;

/**
 * How far a connection's hello has been read. Small, so that a connection that is slow to say hello holds little beside
 * its bytes; one {@link ClientHelloReader} serves all connections of a loop. Offsets count from the connection's first
 * byte, because the buffer may lie elsewhere at the next call.
 */
public final class HelloScan {
    /** What is known; never changes again once it is not {@code NEED_MORE}. */
    HelloOutcome outcome = HelloOutcome.NEED_MORE;
    /** Set exactly when the outcome is {@code REFUSED}. */
    @Nullable
    HelloViolation violation;
    /** Bytes of a plain method that have been looked at. */
    int methodLength;
    /** First byte of the record being waited for. */
    int recordOffset;
    /** Bytes of content of that record, or zero while its header is not there. */
    int recordLength;
    /** Records before that one. */
    int recordCount;
    /** Bytes of the handshake message in the records before that one. */
    int messageBytes;
    /** Bytes of the handshake header that are in {@link #messageHeader}, 0 to 4. */
    int messageHeaderBytes;
    /** The handshake header, or its first bytes. */
    int messageHeader;

    /** At the start of a connection. */
    public HelloScan() {}

    /** Back to the start of a connection. */
    public void clear() {
        outcome = HelloOutcome.NEED_MORE;
        violation = null;
        methodLength = 0;
        recordOffset = 0;
        recordLength = 0;
        recordCount = 0;
        messageBytes = 0;
        messageHeaderBytes = 0;
        messageHeader = 0;
    }

    /** What the last call of {@link ClientHelloReader#read} said. */
    public HelloOutcome outcome() {
        return outcome;
    }

    /** Why the hello was refused; null if it was not. */
    public @Nullable HelloViolation violation() {
        return violation;
    }

    /** Length of the handshake message with its header, which must be known. */
    int messageLength() {
        return Wire.MESSAGE_HEADER_BYTES + (messageHeader & Wire.MESSAGE_LENGTH_MASK);
    }
}
