package dev.headgate.http.h2;

import dev.headgate.http.Method;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection. Its owner keeps it from the event or call that made it until
 * {@link Http2Connection#release}, and not beyond: it is used again for others.
 */
public final class Http2Stream {
    /** No content-length was given. */
    static final long UNKNOWN_LENGTH = -1;

    // What the machine keeps; nothing outside the package changes it.
    int id;
    StreamState state = StreamState.IDLE;
    final SendWindow sendWindow = new SendWindow(0);
    final ReceiveWindow receiveWindow = new ReceiveWindow(0);
    /** Delivered, and not given back to the stream's window. */
    int heldBytes;
    /** Delivered, and not given back to the connection's window. */
    int heldConnectionBytes;
    /** Content that the peer has announced and not sent, or {@link #UNKNOWN_LENGTH}. */
    long expectedBytes;

    /** Of its lists, see {@link HeldSurplus}. */
    int surplusBytes;

    /** What its head has of the tables, if it is held as its trailers are; see {@link HeldSurplus}. */
    int tableUseBytes;

    long receivedBytes;
    long sentBytes;
    long openedNs;
    long waitingSinceNs;
    /** Of the request, for it says what a response can have. */
    int method;
    /** The final head has been received. */
    boolean isHeadReceived;
    /** Content is not allowed, whatever a length says (RFC 9110 §6.4.1). */
    boolean isContentForbidden;
    /** The peer has granted a tunnel, over which nothing but its bytes goes (RFC 9113 §8.5). */
    boolean isTunnel;
    /** Opened by the peer. */
    boolean isPeers;

    /** What is being handed over, see {@link #isLastContent}. */
    boolean isLastContent;

    boolean isReleased;

    // Of the send queue
    int priority = Priority.UNSAID;
    boolean wantsToSend;
    boolean isQueued;

    @Nullable
    Http2Stream next;

    @Nullable
    Http2Stream previous;

    // Of the table of open streams, in the order in which they were opened.
    @Nullable
    Http2Stream openedNext;

    @Nullable
    Http2Stream openedBefore;

    private @Nullable Object attachment;

    Http2Stream() {}

    void start(int streamId, boolean peers, int sendBytes, int receiveBytes, long nowNs) {
        id = streamId;
        state = StreamState.OPEN;
        sendWindow.reset(sendBytes);
        receiveWindow.reset(receiveBytes);
        heldBytes = 0;
        heldConnectionBytes = 0;
        surplusBytes = 0;
        tableUseBytes = 0;
        expectedBytes = UNKNOWN_LENGTH;
        receivedBytes = 0;
        sentBytes = 0;
        openedNs = nowNs;
        waitingSinceNs = 0;
        method = Method.OTHER;
        isHeadReceived = false;
        isContentForbidden = false;
        isTunnel = false;
        isPeers = peers;
        isLastContent = false;
        isReleased = false;
        priority = Priority.UNSAID;
        wantsToSend = false;
        attachment = null;
    }

    public int id() {
        return id;
    }

    /** What the owner has attached, or null. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Attaches what the owner likes; forgotten at the release. */
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    /** Whether nothing goes over the stream any more, in either direction. */
    public boolean isClosed() {
        return state == StreamState.CLOSED;
    }

    /** Whether we may still send on it. */
    public boolean canSend() {
        return state.canSend();
    }

    /** Whether the peer has not ended its side. */
    public boolean canReceive() {
        return state.canReceive();
    }

    /**
     * Asked within {@link Http2Listener#onData}: whether the peer ends its side with the last of those bytes. Then {@link Http2Listener#onEnd}
     * follows without anything between, and without trailers.
     */
    public boolean isLastContent() {
        return isLastContent;
    }

    /** Bytes of content received, padding left out. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /**
     * Bytes of content sent. A watch for peers that hardly read looks at this, not at window updates: any number of those
     * can add up to nothing.
     */
    public long sentBytes() {
        return sentBytes;
    }

    /** Since when its owner has had something to send that could not be sent; meaningless unless {@link #isWaiting}. */
    public long waitingSinceNs() {
        return waitingSinceNs;
    }

    /** Whether its owner has something to send and waits, for a window or for its turn. */
    public boolean isWaiting() {
        return wantsToSend;
    }

    /** Whether the stream's own window lets anything through; the connection's may not. */
    public boolean isWindowOpen() {
        return sendWindow.isOpen();
    }

    /** 0 to 7, the lower the sooner (RFC 9218 §4.1). */
    public int urgency() {
        return Priority.urgency(priority);
    }

    /** Whether the response can be used piece by piece (RFC 9218 §4.2); taken to be so while the peer has said nothing. */
    public boolean isIncremental() {
        return Priority.isIncremental(priority);
    }

    @Override
    public String toString() {
        return "stream " + id + " " + state;
    }
}
