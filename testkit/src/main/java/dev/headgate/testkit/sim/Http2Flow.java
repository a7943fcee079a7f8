package dev.headgate.testkit.sim;

import java.util.ArrayDeque;

/**
 * One stream as its connection has it: what this peer sends on it, and the windows of both directions.
 * <pre>
 *   WITHHELD ──> SENDING ──END_STREAM──> ENDED
 *   either:      STOPPED, when the stream is reset
 * </pre>
 */
final class Http2Flow {
    final int id;
    final Http2Windows.Balance balance = new Http2Windows.Balance();
    private final Content content;

    boolean isWithheld;
    int wholeBytes;
    boolean hasTrailers;
    boolean isCut; // the end never follows
    boolean isPlain; // in frames without padding, none of them empty
    int sentBytes;
    boolean hasEnded;
    long endPosition = Long.MAX_VALUE; // of the last byte before its end, in all that the peer sends
    boolean isStopped;
    boolean isReceiving = true; // more may come, and gets credit

    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();
    private long readBytes;

    /** What is sent. */
    interface Content {
        byte at(long offset);
    }

    /** A piece of content: where its frame ends in all that the peer sends, and how much content there is up to it. */
    private record Piece(long position, long contentBytes) {}

    Http2Flow(int id, Content content) {
        this.id = id;
        this.content = content;
    }

    /** Whether content, or the end behind it, is still to be sent, and may be. */
    boolean wantsToSend() {
        return !hasEnded && !isWithheld && !isStopped && !(isCut && unsentBytes() == 0);
    }

    int unsentBytes() {
        return wholeBytes - sentBytes;
    }

    /** The next {@code length} bytes, from {@code from} on in {@code payload}. */
    void copy(byte[] payload, int from, int length) {
        for (int i = 0; i < length; i++) {
            payload[from + i] = content.at(sentBytes + i);
        }
    }

    /** So much content leaves in a frame that ends at {@code position}. */
    void sending(int count, long position) {
        sentBytes += count;
        underWay.add(new Piece(position, sentBytes));
    }

    /** Content of which the proxy has read all up to here, whole frames. */
    long readBytes(PeerEnd end) {
        while (!underWay.isEmpty() && underWay.element().position() <= end.readByProxyBytes()) {
            readBytes = underWay.remove().contentBytes();
        }
        return readBytes;
    }

    /** The stream is over: nothing more goes either way. */
    void stop() {
        isStopped = true;
        isReceiving = false;
    }
}
