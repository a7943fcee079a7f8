package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A blocking HTTP/2 client that sends the frames it is told to, right or wrong, and reads those of the server strictly:
 * what a server must not send fails the test, and the message shows the last frames of both directions. It keeps the
 * account of both sides' windows, acknowledges what wants to be acknowledged, and gives credit as it reads, unless told
 * otherwise. Every call that waits fails after a deadline.
 */
public final class Http2Peer implements AutoCloseable {
    private final Link link;
    private final FrameReader reader;
    private final FrameLog log = new FrameLog();
    private final SentFrames sent = new SentFrames(new Account());
    private final Conversation conversation;
    private boolean hasEnded;
    private long pings;

    private Http2Peer(Link link) {
        this.link = link;
        this.reader = new FrameReader(link.in());
        this.conversation = new Conversation(reader, this::trySend);
    }

    /** Connects in plain, to a server that is known to speak HTTP/2 there. */
    public static Http2Peer connect(int port) {
        return new Http2Peer(Link.plain(RawClient.connect(port)));
    }

    /** The same with a receive buffer of this length, or the next that the system has. */
    public static Http2Peer connect(int port, int receiveBufferBytes) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new Http2Peer(Link.plain(RawClient.connect(address, receiveBufferBytes)));
    }

    /** Connects over TLS and agrees on {@code h2} by ALPN. */
    public static Http2Peer connectTls(SSLContext context, int port, String name) {
        try {
            return new Http2Peer(Link.tls(context, port, name, "h2", "http/1.1"));
        } catch (IOException e) {
            throw new AssertionError("no TLS connection", e);
        }
    }

    /** Gives no credit for what it reads: the server can send what fits the first windows, and no more. */
    public Http2Peer withoutCredit() {
        conversation.withoutCredit();
        return this;
    }

    /** Acknowledges neither settings nor pings. */
    public Http2Peer withoutAcknowledgements() {
        conversation.withoutAcknowledgements();
        return this;
    }

    // ---- sending

    /** Sends preface and settings, and waits for those of the server and its acknowledgement. */
    public Http2Peer greet(int... settingsIdsAndValues) {
        send(Frames.preface(), Frames.settings(settingsIdsAndValues));
        awaitGreeting();
        return this;
    }

    /** Waits for the server's settings and its acknowledgement of ours. */
    public void awaitGreeting() {
        while (!conversation.isGreeted()) {
            next("the server's settings and acknowledgement");
        }
        conversation.onGreeted();
    }

    /** Sends all of it in one write. */
    public Http2Peer send(byte[]... frames) {
        if (!trySend(frames)) {
            throw failure("the server has ended the connection", null);
        }
        return this;
    }

    /** Sends as much as the server takes; false when it ended the connection before the last byte. */
    public synchronized boolean trySend(byte[]... frames) {
        byte[] bytes = Wire.join(frames);
        sent.onBytes(bytes);
        try {
            link.out().write(bytes);
            link.out().flush();
            return true;
        } catch (SocketTimeoutException e) {
            throw failure("cannot send " + bytes.length + " bytes", e);
        } catch (IOException _) {
            log.note("cannot send any more");
            return false;
        }
    }

    /** Sends each byte in a segment of its own, as far as the server takes them. */
    public boolean trySendByteByByte(byte[] bytes) {
        boolean isTaken = true;
        for (int i = 0; isTaken && i < bytes.length; i++) {
            isTaken = trySend(new byte[] {bytes[i]});
        }
        return isTaken;
    }

    /** Sends a whole GET. */
    public Http2Peer get(int streamId, String path) {
        return send(Frames.get(streamId, path));
    }

    /** Sends content as the windows allow, which it reads for; the last frame ends the stream. */
    public Http2Peer sendContent(int streamId, byte[] content) {
        int frameBytesMax = setting(Frames.MAX_FRAME_SIZE, Frames.FRAME_BYTES_DEFAULT);
        int at = 0;
        do {
            long window = Math.min(connectionCredit(), streamCredit(streamId));
            int length = (int) Math.max(0, Math.min(Math.min(content.length - at, frameBytesMax), window));
            if (length == 0 && at < content.length) {
                next("credit for stream " + streamId);
                if (conversation.incoming(streamId).isOver()) {
                    return this; // It has its answer, and nobody wants the rest.
                }
                continue;
            }
            int flags = at + length == content.length ? Frames.END_STREAM : 0;
            send(Frames.frame(Frames.DATA, flags, streamId, Arrays.copyOfRange(content, at, at + length)));
            at += length;
        } while (at < content.length);
        return this;
    }

    private final class Account implements SentFrames.Taker {
        @Override
        public void onContentBegun(int streamId, int length) {
            conversation.onContentBegun(streamId, length);
        }

        @Override
        public void onSent(Frame frame) {
            log.sent(frame);
            conversation.onSent(frame);
        }
    }

    // ---- receiving

    /** The next frame; fails at the end of the connection. */
    public Frame next() {
        return next("a frame");
    }

    private Frame next(String awaited) {
        Frame frame = nextOrEnd();
        if (frame == null) {
            throw failure("the connection ended before " + awaited, null);
        }
        return frame;
    }

    /** The next frame, or null once the server has ended the connection, in whichever way. */
    public @Nullable Frame nextOrEnd() {
        if (hasEnded) {
            return null;
        }
        Frame frame;
        try {
            frame = reader.next();
        } catch (SocketTimeoutException e) {
            throw failure("nothing came", e);
        } catch (IOException e) {
            log.note(String.valueOf(e.getMessage()));
            hasEnded = true;
            return null;
        } catch (AssertionError e) {
            throw failure(e.getMessage(), e);
        }
        if (frame == null) {
            log.note("the end");
            hasEnded = true;
            return null;
        }
        log.received(frame);
        try {
            conversation.onReceived(frame);
        } catch (AssertionError e) {
            throw failure(e.getMessage(), e);
        }
        return frame;
    }

    // ---- what is known

    /** What the server has set, or {@code otherwise}. */
    public int setting(int id, int otherwise) {
        return conversation.setting(id, otherwise);
    }

    /** What the connection's window lets us send. */
    public long connectionCredit() {
        return conversation.connectionCredit();
    }

    /** What this stream's window lets us send, whatever the connection's does. */
    public long streamCredit(int streamId) {
        return conversation.streamCredit(streamId);
    }

    /** What has come of this stream so far. */
    public Http2Response soFar(int streamId) {
        return conversation.incoming(streamId).response();
    }

    /** All GOAWAY frames so far. */
    public List<Frame> goAways() {
        return conversation.goAways();
    }

    // ---- expecting

    /** Says that the request on this stream was by HEAD. */
    public Http2Peer isHead(int streamId) {
        conversation.incoming(streamId).isWithoutContent = true;
        return this;
    }

    /** Reads until this stream is over, in whichever way. */
    public Http2Response response(int streamId) {
        Incoming incoming = conversation.incoming(streamId);
        while (!incoming.isOver()) {
            next("the end of stream " + streamId);
        }
        return incoming.response();
    }

    /** Reads a complete response and fails unless it has this status. */
    public Http2Response expectStatus(int streamId, int status) {
        Http2Response response = response(streamId);
        if (response.status() != status || !response.isComplete()) {
            throw failure("expected status " + status + ", got " + response, null);
        }
        return response;
    }

    /** Reads until a final response has begun on this stream. */
    public Http2Response awaitHead(int streamId) {
        Incoming incoming = conversation.incoming(streamId);
        while (incoming.status() == 0) {
            next("a head on stream " + streamId);
        }
        return incoming.response();
    }

    /** Reads until so much content has come on this stream. */
    public Http2Response awaitContent(int streamId, int bytes) {
        while (conversation.incoming(streamId).contentBytes() < bytes) {
            next("content of stream " + streamId);
        }
        return soFar(streamId);
    }

    /** Reads until the server resets this stream, and fails unless with this code and without a response before. */
    public Http2Peer expectReset(int streamId, int code) {
        Http2Response response = response(streamId);
        if (response.resetCode() != code) {
            throw failure("expected RST_STREAM " + Codes.name(code) + ", got " + response, null);
        }
        return this;
    }

    /** Reads until the server ends the connection for this reason, and fails for any other; answers the GOAWAY. */
    public Frame expectGoAway(int code) {
        while (true) {
            Frame frame = next("GOAWAY " + Codes.name(code));
            if (frame.is(Frames.GOAWAY)) {
                if (frame.errorCode() != code) {
                    throw failure("expected GOAWAY " + Codes.name(code), null);
                }
                return frame;
            }
        }
    }

    /** Fails unless the connection ends, orderly or by reset, without another frame. */
    public void expectEnd() {
        Frame frame = nextOrEnd();
        if (frame != null) {
            throw failure("expected the end, got " + frame, null);
        }
    }

    /** Reads all frames until the server ends the connection, in whichever way. */
    public List<Frame> readToEnd() {
        List<Frame> rest = new ArrayList<>();
        for (Frame frame = nextOrEnd(); frame != null; frame = nextOrEnd()) {
            rest.add(frame);
        }
        return rest;
    }

    /** Reads what the server has sent until now: all frames before it answers a ping, which is not among them. */
    public List<Frame> settle() {
        long opaque = 0x7065_6572_0000_0000L + ++pings;
        send(Frames.ping(opaque));
        List<Frame> before = new ArrayList<>();
        while (true) {
            Frame frame = next("the answer to a ping");
            if (frame.is(Frames.PING) && frame.has(Frames.ACK) && Arrays.equals(frame.payload(), payload(opaque))) {
                return before;
            }
            before.add(frame);
        }
    }

    private static byte[] payload(long opaque) {
        return ByteBuffer.allocate(8).putLong(opaque).array();
    }

    /** Fails unless the server is alive and has nothing to say but credit. */
    public void expectQuiet() {
        expectQuiet(Frames.WINDOW_UPDATE);
    }

    /** Fails unless the server is alive and has nothing to say but credit, and frames of this type. */
    public void expectQuiet(int type) {
        List<Frame> before = settle();
        if (!before.stream().allMatch(frame -> frame.is(Frames.WINDOW_UPDATE) || frame.is(type))) {
            throw failure("expected nothing, got " + before, null);
        }
    }

    /**
     * Proves that no credit of the connection is lost, and none given twice. A server may keep back what is less than half
     * of the window; so this sends a POST with exactly what makes it half, in answer to which all must come back.
     *
     * @param streamId of the POST, which no stream was opened above
     * @param block its head, for a place where the content is read to its end before the answer
     */
    public void assertCreditWhole(int streamId, byte[] block) {
        settle();
        long connectionBytes = conversation.connectionBytes();
        long missing = connectionBytes - connectionCredit();
        if (missing == 0) {
            return;
        }
        long half = connectionBytes / 2;
        if (missing >= half) {
            throw failure(
                    "of a window of " + connectionBytes + " no more than " + connectionCredit() + " is left", null);
        }
        send(Frames.begin(streamId, block)).sendContent(streamId, new byte[(int) (half - missing)]);
        Http2Response response = response(streamId);
        settle();
        if (!response.isComplete() || connectionCredit() != connectionBytes) {
            throw failure(
                    "after %s the window is %d of %d".formatted(response, connectionCredit(), connectionBytes), null);
        }
    }

    // ---- ends

    /** Ends the sending direction; the receiving one stays open. */
    public Http2Peer halfClose() {
        link.halfClose().run();
        return this;
    }

    @Override
    public void close() {
        link.close().run();
    }

    private AssertionError failure(@Nullable String fact, @Nullable Throwable cause) {
        String reason = cause == null || cause instanceof AssertionError ? "" : " (" + cause.getMessage() + ")";
        return new AssertionError(fact + reason + "; frames:\n" + log, cause);
    }
}
