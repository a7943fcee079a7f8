package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.FrameCutter;
import dev.headgate.testkit.h2.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what the proxy sends to a peer by HTTP/2 as it leaves the proxy, and holds it against the windows that the proxy knows of at that
 * moment (RFC 9113 §6.9): credit counts from when it is read, another initial size from when it is acknowledged.
 */
final class Http2Watch implements PeerEnd.Tap {
    private static final int WINDOW_DEFAULT = 65_535;

    private final Ledger ledger;
    private final PeerEnd end;
    private final FrameCutter frames = new FrameCutter(this::onFrame);
    private final ArrayDeque<Credit> underWay = new ArrayDeque<>();
    private final ArrayDeque<Integer> unacknowledged = new ArrayDeque<>(); // initial sizes; −1 where it stays
    private final Map<Integer, Long> balances =
            new HashMap<>(); // credit less content, beside the initial size; looked up only
    private final Map<Integer, Long> contentBytes = new HashMap<>(); // looked up only
    private long connectionBytes = WINDOW_DEFAULT;
    private int initialBytes = WINDOW_DEFAULT;

    /**
     * Credit that the peer has sent.
     *
     * @param position of its last byte in all that the peer has sent
     */
    private record Credit(long position, int streamId, int bytes) {}

    Http2Watch(Ledger ledger, PeerEnd end) {
        this.ledger = ledger;
        this.end = end;
    }

    /** The peer sends credit, whose last byte is at {@code position}. */
    void credit(long position, int streamId, int bytes) {
        underWay.add(new Credit(position, streamId, bytes));
    }

    /** The peer sends settings; {@code initial} is −1 where they say nothing of windows. */
    void settings(int initial) {
        unacknowledged.add(initial);
    }

    /** Content of this stream that the proxy has sent, whole frames. */
    long contentBytes(int streamId) {
        return contentBytes.getOrDefault(streamId, 0L);
    }

    @Override
    public void onWritten(ByteBuffer bytes) {
        frames.feed(bytes);
    }

    private void onFrame(Frame frame) {
        if (frame.is(Frames.DATA)) {
            onData(frame);
        } else if (frame.is(Frames.SETTINGS) && frame.has(Frames.ACK) && !unacknowledged.isEmpty()) {
            int acknowledged = unacknowledged.remove();
            initialBytes = acknowledged < 0 ? initialBytes : acknowledged;
        }
    }

    private void onData(Frame frame) {
        takeCredit();
        int id = frame.streamId();
        int length = frame.length();
        connectionBytes -= length;
        long stream = initialBytes + balances.merge(id, (long) -length, Long::sum);
        contentBytes.merge(id, (long) frame.content().length, Long::sum);
        if (length > 0 && (connectionBytes < 0 || stream < 0)) {
            ledger.violated("I5: " + frame + " on #" + end.number() + " leaves a window of " + stream
                    + ", the connection's " + connectionBytes);
        }
    }

    private void takeCredit() {
        while (!underWay.isEmpty() && underWay.element().position() <= end.readByProxyBytes()) {
            Credit credit = underWay.remove();
            if (credit.streamId() == 0) {
                connectionBytes += credit.bytes();
            } else {
                balances.merge(credit.streamId(), (long) credit.bytes(), Long::sum);
            }
        }
    }
}
