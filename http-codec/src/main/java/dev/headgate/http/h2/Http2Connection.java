package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.http.hpack.HpackEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection (RFC 9113), of either role: {@link #receive} takes bytes and tells a {@link Http2Listener} what
 * they mean; the other methods put frames into a {@link Http2Outbox}. Time comes in as an argument, and time-outs are the
 * owner's: what they need to know can be asked for.
 * <pre>
 *  new ──start──> OPEN ──startDrain──> DRAINING ──finishDrain──> DRAINING, no new streams ──no streams left──> drained
 *                  └──────── a fault of the peer, fail ────────> FAILED: GOAWAY is in the outbox, nothing is read any more
 * </pre>
 * A stream belongs to the owner until {@link #release}. Sending DATA is the owner's move: it asks {@link #sendableBytes},
 * announces by {@link #beginData} what then follows, and for what cannot be sent it waits ({@link #awaitTurn}) and is
 * served by {@link #nextToSend}, the most urgent first.
 *
 * <p>Owned by one connection, not thread-safe. Allocates nothing in steady state.
 */
public final class Http2Connection {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_PREFACE = new byte[0];

    /** Bytes of the preface, with which a client begins (RFC 9113 §3.4). */
    public static final int PREFACE_BYTES = PREFACE.length;

    private final Http2Role role;
    private final Http2Limits limits;
    private final Http2Listener listener;
    private final SendQueue queue = new SendQueue();
    private final AbuseGuard guard;
    private final FrameSender frames;
    private final FlowControl flow;
    private final Streams streams;
    private final LocalSettings localSettings;
    private final PeerSettings peerSettings;
    private final MessageSender messages;
    private final ControlReceiver control;
    private final FrameReceiver receiver;

    private boolean isDraining;
    private boolean isDrainFinal;
    private @Nullable Http2Violation violation;
    private boolean isFailed;

    /**
     * A connection on which nothing has been sent.
     *
     * @param limits whose heads' limits are those of {@code scratch}
     */
    public Http2Connection(
            Http2Role role,
            Http2Limits limits,
            Http2Scratch scratch,
            Http2Outbox outbox,
            Http2Listener listener,
            long nowNs) {
        if (!scratch.limits.equals(limits.heads())) {
            throw new IllegalArgumentException("scratch is for other limits");
        }
        this.role = role;
        this.limits = limits;
        this.listener = listener;
        guard = new AbuseGuard(limits.abuse(), nowNs);
        frames = new FrameSender(outbox, guard);
        flow = new FlowControl(frames, queue);
        streams = new Streams(role, scratch, limits, queue, nowNs);
        localSettings = new LocalSettings(limits);
        peerSettings = new PeerSettings(role);
        var decoder = new HpackDecoder();
        var encoder = new HpackEncoder(limits.encoderTableBytes());
        messages = new MessageSender(
                frames, new HeadSender(frames, encoder), flow, streams, guard, peerSettings, localSettings);
        var faults = new StreamFaults(streams, frames, guard, listener);
        var earlyPriorities = new EarlyPriorities();
        var messageReceiver = new MessageReceiver(
                role,
                limits.heads(),
                scratch,
                decoder,
                streams,
                faults,
                guard,
                localSettings,
                peerSettings,
                earlyPriorities,
                listener);
        control = new ControlReceiver(
                role,
                streams,
                faults,
                flow,
                guard,
                frames,
                localSettings,
                peerSettings,
                earlyPriorities,
                decoder,
                encoder,
                listener);
        receiver = new FrameReceiver(role, limits, streams, faults, flow, guard, messageReceiver, control, listener);
    }

    /**
     * Whether the first {@code length} bytes from the position on, which stays, are those that a client begins with.
     *
     * @param length at most {@link #PREFACE_BYTES}
     */
    public static boolean isPreface(ByteBuffer bytes, int length) {
        int at = bytes.position();
        for (int i = 0; i < length; i++) {
            if (bytes.get(at + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    /** The 24 bytes that a client begins with (RFC 9113 §3.4). */
    static byte[] preface() {
        return PREFACE;
    }

    /** Puts our first bytes into the outbox: before anything else, and without waiting for the peer (RFC 9113 §3.4). */
    public void start(long nowNs) {
        frames.opening(role == Http2Role.CLIENT ? PREFACE : NO_PREFACE, limits, role);
        flow.openConnection(limits.connectionWindowBytes());
        localSettings.onSent(nowNs);
    }

    // Receiving

    /** The most bytes that {@link #receive} can leave: a frame that is not whole. */
    public int unreadBytesMax() {
        return Frames.HEADER_BYTES + limits.frameBytes();
    }

    /**
     * Takes in what has come, as far as it goes.
     *
     * @param input lent, big-endian; the position moves behind what has been taken. What is left, at most
     *     {@link #unreadBytesMax}, must be there again at the next call, with more behind it
     * @return false when the connection has failed, now or before: what is in the outbox is to be sent, and the connection
     *     to be closed; see {@link #violation}
     */
    public boolean receive(ByteBuffer input, long nowNs) {
        guard.onReadPass();
        while (!isFailed && receiver.step(input, nowNs)) {
            Http2Violation flood = frames.violation();
            if (flood != null) {
                fail(flood);
            }
        }
        Http2Violation found = receiver.violation();
        if (!isFailed && found != null) {
            fail(found);
        }
        if (isFailed) {
            input.position(input.limit());
        }
        return !isFailed;
    }

    private void fail(Http2Violation what) {
        violation = what;
        listener.onViolation(what, 0);
        fail(what.errorCode());
    }

    /** Ends the connection: GOAWAY, and every stream is reset without a frame. For time-outs and ends of input too. */
    public void fail(int errorCode) {
        if (isFailed) {
            return;
        }
        isFailed = true;
        frames.goAway(streams.lastPeersId(), errorCode);
        frames.stop();
        endStreams(errorCode);
    }

    /** The transport has gone: every stream is reset without a frame. */
    public void onTransportClosed() {
        isFailed = true;
        frames.stop();
        endStreams(ErrorCode.CANCEL);
    }

    private void endStreams(int errorCode) {
        streams.forEach(stream -> {
            streams.onClosed(stream);
            listener.onReset(stream, errorCode, ResetBy.CONNECTION);
        });
    }

    /** Whether nothing is read or sent any more. */
    public boolean isFailed() {
        return isFailed;
    }

    /** What the peer has done to make the connection fail, or null. */
    public @Nullable Http2Violation violation() {
        return violation;
    }

    /**
     * Whether the peer has begun and owes the rest of a head: of the connection's, preface and SETTINGS, or of a message's
     * field block. So it does too when {@link #receive} leaves bytes that are not part of content. A time-out for heads
     * applies.
     */
    public boolean isWithinHead() {
        return receiver.isWithinHead();
    }

    /** The output that was waiting has been taken by the transport, but for a little. Control frames are counted from here. */
    public void onOutputDrained() {
        guard.onOutputDrained();
    }

    // Credit

    /**
     * The owner has done with content of a stream: its credit goes back to both windows.
     *
     * @param bytes of what {@link Http2Listener#onData} has handed over and was not given back yet
     */
    public void consumed(Http2Stream stream, int bytes) {
        if (bytes < 0 || bytes > stream.heldBytes) {
            throw new IllegalArgumentException("consumed=" + bytes + ", held=" + stream.heldBytes);
        }
        flow.consume(stream, bytes);
    }

    /**
     * The owner keeps content within a bound that it has per stream: the credit goes back to the connection's window, so
     * that the other streams do not stand still, and to the stream's only with {@link #consumed}.
     */
    public void buffered(Http2Stream stream, int bytes) {
        if (bytes < 0 || bytes > stream.heldBytes) {
            throw new IllegalArgumentException("buffered=" + bytes + ", held=" + stream.heldBytes);
        }
        flow.buffer(stream, bytes);
    }

    /** The part of the connection's receive window that no owner holds; all of it, when nothing is under way. */
    public int receiveWindowFreeBytes() {
        return flow.freeBytes();
    }

    // Requests, in the role of a client

    /** Whether a request can be sent: the peer allows another stream, and there is a number for it. */
    public boolean mayRequest() {
        return !isFailed
                && !isDraining
                && !control.isGoAwayReceived()
                && streams.isOwnIdLeft()
                && role == Http2Role.CLIENT
                && streams.ownCount() < peerSettings.streamsMax();
    }

    /**
     * Sends a request's head.
     *
     * @param head in origin or asterisk form
     * @param contentLength the value of Content-Length, −1 for none
     * @return null, with nothing sent, when {@link #mayRequest} is false or the outbox has no room
     */
    public @Nullable Http2Stream request(
            RequestHead head, Http2RequestOptions options, long contentLength, StreamEnd end, long nowNs) {
        return mayRequest() ? messages.request(head, options, contentLength, end, nowNs) : null;
    }

    /** Tells the peer how urgent a response is (RFC 9218 §7.1). */
    public void sendPriority(Http2Stream stream, int urgency, boolean incremental) {
        if (urgency < 0 || urgency >= Priority.URGENCIES || role.isServer()) {
            throw new IllegalArgumentException("urgency=" + urgency + ", role=" + role);
        }
        if (!isFailed && !stream.isClosed()) {
            frames.priorityUpdate(stream.id, urgency, incremental);
        }
    }

    // Responses, in the role of a server

    /**
     * Sends an interim response, other than 101 (RFC 9113 §8.6).
     *
     * @return false, with nothing sent, when the stream cannot send or the outbox has no room
     */
    public boolean sendInterim(Http2Stream stream, int status, FieldSection fields) {
        if (status < 100 || status > 199 || status == 101) {
            throw new IllegalArgumentException("not an interim response: " + status);
        }
        return !isFailed && messages.response(stream, status, fields, -1, StreamEnd.OPEN);
    }

    /**
     * Sends the head of the final response.
     *
     * @param contentLength the value of Content-Length, −1 for none
     * @return false, with nothing sent, when the stream cannot send or the outbox has no room
     */
    public boolean sendResponse(
            Http2Stream stream, int status, FieldSection fields, long contentLength, StreamEnd end) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("not a final response: " + status);
        }
        return !isFailed && messages.response(stream, status, fields, contentLength, end);
    }

    // Content and ends

    /** How much content can be sent of a stream at once: what both windows and the peer's frame size allow. */
    public int sendableBytes(Http2Stream stream) {
        return isFailed ? 0 : flow.sendableBytes(stream);
    }

    /**
     * Puts the header of a DATA frame into the outbox. Its payload has to follow, before anything else is asked of this
     * connection: it may go to the transport as it is.
     *
     * @param length at most {@link #sendableBytes}; may be zero to end a stream that can send, whatever its windows
     */
    public void beginData(Http2Stream stream, int length, StreamEnd end) {
        if (length < 0 || length > Math.max(0, sendableBytes(stream)) || !canSend(stream)) {
            throw new IllegalStateException("cannot send: length=" + length + ", " + stream);
        }
        messages.dataHeader(stream, length, end);
    }

    /**
     * Copies content into the outbox, as DATA frames, as far as windows and outbox allow; for pieces that are small, and for
     * transports that copy anyway.
     *
     * @param content lent; the position moves behind what was taken
     * @param end whether the stream ends with the last byte; it does so only if all are taken
     * @return whether all was taken, and the end with it
     */
    public boolean sendData(Http2Stream stream, ByteBuffer content, StreamEnd end) {
        return !isFailed && messages.data(stream, content, end);
    }

    /**
     * Sends a trailer section, which ends our side of the stream.
     *
     * @return false, with nothing sent, when the stream cannot send or the outbox has no room
     */
    public boolean sendTrailers(Http2Stream stream, FieldSection trailers) {
        return !isFailed && messages.trailers(stream, trailers);
    }

    private boolean canSend(Http2Stream stream) {
        return !isFailed && stream.state.canSend();
    }

    /** Resets a stream, if it is not closed; no event follows. What still comes for it is let go. */
    public void reset(Http2Stream stream, int errorCode) {
        if (isFailed || stream.isClosed()) {
            return;
        }
        frames.rstStream(stream.id, errorCode);
        streams.remember(stream.id);
        streams.onClosed(stream);
    }

    /** The owner has done with a stream, and with all content of it; one that is not closed is reset. */
    public void release(Http2Stream stream) {
        if (stream.isReleased) {
            throw new IllegalStateException("released twice: " + stream);
        }
        reset(stream, ErrorCode.CANCEL);
        flow.release(stream);
        streams.release(stream);
    }

    // Turns

    /** The owner has more content for a stream than it can send, and wants to be served by {@link #nextToSend}. */
    public void awaitTurn(Http2Stream stream, long nowNs) {
        if (!canSend(stream)) {
            return;
        }
        if (!stream.wantsToSend) {
            stream.waitingSinceNs = nowNs;
        }
        flow.await(stream, true);
    }

    /** The owner has no more content for a stream than it can send. */
    public void endTurns(Http2Stream stream) {
        if (!stream.isClosed()) {
            flow.await(stream, false);
        }
    }

    /**
     * The stream whose turn it is to send: of those that wait and have a window, one of the most urgent. The owner sends of
     * it, or ends its turns, and asks again.
     */
    public @Nullable Http2Stream nextToSend() {
        return isFailed ? null : flow.nextToSend();
    }

    // The connection itself

    /** Asks the peer for a sign of life (RFC 9113 §6.7). */
    public void ping(long opaque) {
        if (!isFailed) {
            frames.ping(opaque);
        }
    }

    /**
     * Announces that no more streams will be taken, and takes those that are under way (RFC 9113 §6.8). After a round trip,
     * which a ping measures, {@link #finishDrain} follows. No request can be sent any more.
     */
    public void startDrain() {
        if (!isFailed && !isDraining) {
            isDraining = true;
            frames.goAway(Frames.STREAM_ID_MAX, ErrorCode.NO_ERROR);
        }
    }

    /** Says which stream was the last; those that come above are ignored. */
    public void finishDrain() {
        if (!isFailed && !isDrainFinal) {
            isDraining = true;
            isDrainFinal = true;
            streams.ignoreAbove(streams.lastPeersId());
            frames.goAway(streams.lastPeersId(), ErrorCode.NO_ERROR);
        }
    }

    /** Whether no stream is left, and none can come: the connection can be closed. */
    public boolean isDrained() {
        return streams.count() == 0 && (isDrainFinal || role == Http2Role.CLIENT && !mayRequestLater());
    }

    private boolean mayRequestLater() {
        return !isFailed && !isDraining && !control.isGoAwayReceived() && streams.isOwnIdLeft();
    }

    /** Whether the peer has used up its stream numbers, so that the connection should be drained. */
    public boolean isPeersIdsUsedUp() {
        return !streams.isPeersIdLeft();
    }

    /** Announces another window for all streams; false while the peer has yet to acknowledge what was said before. */
    public boolean changeStreamWindow(int bytes, long nowNs) {
        if (isFailed || localSettings.isAwaitingAck()) {
            return false;
        }
        Range.check("bytes", bytes, 1, Frames.WINDOW_MAX);
        frames.setting(Frames.SETTINGS_INITIAL_WINDOW_SIZE, bytes);
        localSettings.onWindowSent(bytes, nowNs);
        return true;
    }

    /** Whether the peer has yet to acknowledge our settings. */
    public boolean isAwaitingSettingsAck() {
        return localSettings.isAwaitingAck();
    }

    /** Since when, if so. */
    public long awaitingSettingsAckSinceNs() {
        return localSettings.sentNs();
    }

    /** Open or unreleased streams. */
    public int streamCount() {
        return streams.count();
    }

    /** Streams that the peer lets us have open; unlimited until it says more. */
    public int peerStreamsMax() {
        return peerSettings.streamsMax();
    }

    /** Whether the peer offers extended CONNECT (RFC 8441 §3). */
    public boolean isExtendedConnectOffered() {
        return peerSettings.extendedConnect();
    }

    /** Whether the peer's first SETTINGS frame has come. */
    public boolean isPeerSettingsSeen() {
        return peerSettings.isSeen();
    }

    @Override
    public String toString() {
        return role + " streams=" + streams.count() + " failed=" + isFailed;
    }
}
