package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.FrameCutter;
import dev.headgate.testkit.h2.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads what the proxy sends to a peer by HTTP/2 as it leaves the proxy, and holds it against the windows that the proxy knows of at that
 * moment (RFC 9113 §6.9): credit counts from when it is read, another initial size from when it is acknowledged.
 */
final class Http2Watch implements PeerEnd.Tap {
    private static final int WINDOW_DEFAULT = 65_535;

    private final Ledger ledger;
    private final PeerEnd end;
    private final Consumer<Frame> others;
    private final FrameCutter frames = new FrameCutter(this::onFrame);
    private final ArrayDeque<Credit> underWay = new ArrayDeque<>();
    private final ArrayDeque<Http2Settings> unacknowledged = new ArrayDeque<>();
    private final Map<Integer, Long> balances =
            new HashMap<>(); // credit less content, beside the initial size; looked up only
    private final Map<Integer, Long> contentBytes = new HashMap<>(); // looked up only
    private int prefaceBytes; // still to come
    private long connectionBytes = WINDOW_DEFAULT;
    private int initialBytes = WINDOW_DEFAULT;
    private int streamsMax = Integer.MAX_VALUE;
    private boolean isTunnelOffered;
    private boolean isBlind;

    /**
     * Credit that the peer has sent.
     *
     * @param position of its last byte in all that the peer has sent
     */
    private record Credit(long position, int streamId, int bytes) {}

    private Http2Watch(Ledger ledger, PeerEnd end, int prefaceBytes, Consumer<Frame> others) {
        this.ledger = ledger;
        this.end = end;
        this.prefaceBytes = prefaceBytes;
        this.others = others;
    }

    static Http2Watch atClient(Ledger ledger, PeerEnd end) {
        return new Http2Watch(ledger, end, 0, _ -> {});
    }

    /** At the end of an origin; {@code each} is told of every frame, too. */
    static Http2Watch atOrigin(Ledger ledger, PeerEnd end, Consumer<Frame> each) {
        return new Http2Watch(ledger, end, Frames.preface().length, each);
    }

    /** What comes before the first frame; until something has come. */
    int prefaceBytes() {
        return prefaceBytes;
    }

    // ---- what the peer says ----------------------------------------------------------------------------------------

    /** The peer sends credit, whose last byte is at {@code position}. */
    void credit(long position, int streamId, int bytes) {
        underWay.add(new Credit(position, streamId, bytes));
    }

    /** The peer sends settings. */
    void settings(Http2Settings settings) {
        unacknowledged.add(settings);
    }

    /** What the peer says may be changed on its way: nobody knows what the proxy takes it for. */
    void becomeBlind() {
        isBlind = true;
    }

    boolean isBlind() {
        return isBlind;
    }

    // ---- what the proxy knows and says -----------------------------------------------------------------------------

    /** Content of this stream that the proxy has sent, whole frames. */
    long contentBytes(int streamId) {
        return contentBytes.getOrDefault(streamId, 0L);
    }

    /** How many streams the proxy may have open, as it knows. */
    int streamsMax() {
        return isBlind ? Integer.MAX_VALUE : streamsMax;
    }

    /** Whether the proxy knows that the peer takes extended CONNECT. */
    boolean isTunnelOffered() {
        return isBlind || isTunnelOffered;
    }

    @Override
    public void onWritten(ByteBuffer bytes) {
        int skipped = Math.min(prefaceBytes, bytes.remaining());
        prefaceBytes -= skipped;
        bytes.position(bytes.position() + skipped);
        frames.feed(bytes);
    }

    private void onFrame(Frame frame) {
        others.accept(frame);
        if (frame.is(Frames.DATA)) {
            onData(frame);
        } else if (frame.is(Frames.SETTINGS) && frame.has(Frames.ACK) && !unacknowledged.isEmpty()) {
            Http2Settings acknowledged = unacknowledged.remove();
            initialBytes = acknowledged.initialWindow() < 0 ? initialBytes : acknowledged.initialWindow();
            isTunnelOffered |= acknowledged.offersTunnels();
            streamsMax = acknowledged.streams() < 0 ? streamsMax : acknowledged.streams();
        }
    }

    private void onData(Frame frame) {
        takeCredit();
        int id = frame.streamId();
        int length = frame.length();
        connectionBytes -= length;
        long stream = initialBytes + balances.merge(id, (long) -length, Long::sum);
        contentBytes.merge(id, (long) frame.content().length, Long::sum);
        if (!isBlind && length > 0 && (connectionBytes < 0 || stream < 0)) {
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
