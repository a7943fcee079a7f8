package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.Fields;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An origin's side of one HTTP/2 connection: it reads a client's frames strictly, keeps the account of both sides' windows, acknowledges and
 * gives credit unless told otherwise, and sends what it is told to, right or wrong. Owned by the thread of its script; counts may be read by
 * others. Every call that waits fails after a deadline.
 */
public final class Http2OriginPeer {
    private static final byte[] PREFACE = Frames.preface();

    private final InputStream in;
    private final OutputStream out;
    private final int index;
    private final FrameReader reader;
    private final FrameLog log = new FrameLog();
    private final FieldBlockReader blocks = new FieldBlockReader();
    private final Deque<Http2Request> requests = new ArrayDeque<>();
    private final Map<Integer, ByteArrayOutputStream> contents = new HashMap<>();
    private final Map<Integer, Fields> trailers = new HashMap<>();
    private final Map<Integer, Integer> resets = new HashMap<>();
    private final Map<Integer, Integer> lastFrameBytes = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>(); // by the client
    private final Set<Integer> endedByUs = new HashSet<>();
    private final Set<Integer> counted = new HashSet<>(); // as open
    private final Windows ours = new Windows(); // what we may send
    private final Windows theirs = new Windows();
    private long connectionBytes = Frames.WINDOW_DEFAULT; // of what we may send
    private int lastStreamId;
    private final Deque<int[]> said = new ArrayDeque<>(); // settings that the client has yet to acknowledge
    private int streamsMax = Integer.MAX_VALUE;
    private boolean isConnectOffered; // the extended one
    private boolean isGreeted;
    private int owedAcknowledgements; // which come behind our own settings
    private boolean acknowledges = true;
    private boolean givesCredit = true;
    private @Nullable Frame goAway;
    private @Nullable ByteArrayOutputStream openBlock;
    private boolean endsStream; // with that block
    private boolean hasEnded;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger openMost = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger requestCount = new AtomicInteger();
    private long pingsOfOurs;

    Http2OriginPeer(Socket socket, int index) throws IOException {
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.index = index;
        this.reader = new FrameReader(in);
    }

    /** Place among the connections of its origin, from 0. */
    public int index() {
        return index;
    }

    /** Requests so far. */
    public int requestCount() {
        return requestCount.get();
    }

    /** The most streams that were open at a time. */
    public int openMost() {
        return openMost.get();
    }

    /** Pings of the client so far. */
    public int pings() {
        return pings.get();
    }

    /** Acknowledges neither settings nor pings from here on. */
    public Http2OriginPeer withoutAcknowledgements() {
        acknowledges = false;
        return this;
    }

    /** Gives no credit for what it reads from here on. */
    public Http2OriginPeer withoutCredit() {
        givesCredit = false;
        return this;
    }

    /** Reads the preface and says its settings; does not wait for those of the client. */
    public Http2OriginPeer greet(int... settingsIdsAndValues) throws IOException {
        awaitPreface();
        settings(settingsIdsAndValues);
        return this;
    }

    /** Reads the 24 bytes that a client begins with. */
    public void awaitPreface() throws IOException {
        byte[] preface = in.readNBytes(PREFACE.length);
        check(
                Arrays.mismatch(PREFACE, 0, preface.length, preface, 0, preface.length) < 0,
                "preface " + Arrays.toString(preface));
        if (preface.length < PREFACE.length) {
            throw new EOFException("the end within the preface");
        }
    }

    // ---- sending

    /** Sends all of it in one write. */
    public synchronized void send(byte[]... frames) throws IOException {
        byte[] bytes = Wire.join(frames);
        for (int at = 0; at + Frame.HEADER_BYTES <= bytes.length; ) {
            int length = ByteBuffer.wrap(bytes).getInt(at) >>> 8;
            int end = Math.min(bytes.length, at + Frame.HEADER_BYTES + length);
            onSent(FrameReader.frame(bytes, at, Arrays.copyOfRange(bytes, at + Frame.HEADER_BYTES, end)));
            at += Frame.HEADER_BYTES + length;
        }
        out.write(bytes);
        out.flush();
    }

    private void onSent(Frame frame) {
        log.sent(frame);
        if (frame.is(Frames.DATA)) {
            ours.send(frame.streamId(), frame.length());
        } else if (frame.is(Frames.WINDOW_UPDATE) && frame.length() == 4) {
            theirs.update(frame.streamId(), frame.int32(0));
        }
        if ((frame.is(Frames.DATA) || frame.is(Frames.HEADERS)) && frame.has(Frames.END_STREAM)
                || frame.is(Frames.RST_STREAM)) {
            closeIfDone(frame.streamId(), frame.is(Frames.RST_STREAM));
        }
    }

    private void closeIfDone(int id, boolean byReset) {
        endedByUs.add(id);
        if ((byReset || ended.contains(id)) && counted.remove(id)) {
            open.decrementAndGet();
        }
    }

    /** Says settings. */
    public void settings(int... idsAndValues) throws IOException {
        for (int i = 0; i < idsAndValues.length; i += 2) {
            isConnectOffered |= idsAndValues[i] == Frames.ENABLE_CONNECT_PROTOCOL && idsAndValues[i + 1] == 1;
        }
        said.add(idsAndValues);
        send(Frames.settings(idsAndValues));
        isGreeted = true;
        while (acknowledges && owedAcknowledgements > 0) {
            owedAcknowledgements--;
            send(Frames.settingsAck());
        }
    }

    /** The client goes by them from here on. */
    private void onAcknowledged(int[] idsAndValues) {
        for (int i = 0; i < idsAndValues.length; i += 2) {
            if (idsAndValues[i] == Frames.INITIAL_WINDOW_SIZE) {
                theirs.initial(idsAndValues[i + 1]);
            } else if (idsAndValues[i] == Frames.MAX_FRAME_SIZE) {
                reader.payloadBytesMax(idsAndValues[i + 1]);
            } else if (idsAndValues[i] == Frames.MAX_CONCURRENT_STREAMS) {
                streamsMax = idsAndValues[i + 1];
            }
        }
    }

    /** A head with these fields, names and values in turn. */
    public void head(int streamId, int flags, int status, String... namesAndValues) throws IOException {
        send(Frames.headers(
                streamId,
                flags | Frames.END_HEADERS,
                Wire.join(FieldBlock.of(":status", Integer.toString(status)), FieldBlock.of(namesAndValues))));
    }

    /** A whole response. */
    public void respond(int streamId, int status, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        head(streamId, 0, status, "content-length", Integer.toString(content.length));
        content(streamId, content, Frames.END_STREAM);
    }

    /** Sends content as the windows allow, for which it reads; the flags stand on the last frame. */
    public void content(int streamId, byte[] bytes, int lastFlags) throws IOException {
        int at = 0;
        do {
            long window = Math.min(connectionCredit(), streamCredit(streamId));
            int length = (int) Math.max(0, Math.min(Math.min(bytes.length - at, 16_384), window));
            if (length == 0 && at < bytes.length) {
                if (next("credit for stream " + streamId) == null || resets.containsKey(streamId)) {
                    return;
                }
                continue;
            }
            int flags = at + length == bytes.length ? lastFlags : 0;
            send(Frames.frame(Frames.DATA, flags, streamId, Arrays.copyOfRange(bytes, at, at + length)));
            at += length;
        } while (at < bytes.length);
    }

    /** A trailer section, which ends the stream. */
    public void trailers(int streamId, String... namesAndValues) throws IOException {
        send(Frames.headers(streamId, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of(namesAndValues)));
    }

    // ---- what is known

    /** What the connection's window lets us send. */
    public long connectionCredit() {
        return ours.connection();
    }

    /** What this stream's window lets us send, whatever the connection's does. */
    public long streamCredit(int streamId) {
        return ours.stream(streamId);
    }

    /** The code with which the client has reset a stream, or −1. */
    public int resetCode(int streamId) {
        return resets.getOrDefault(streamId, -1);
    }

    /** The content of a request so far. */
    public byte[] contentSoFar(int streamId) {
        ByteArrayOutputStream content = contents.get(streamId);
        return content == null ? new byte[0] : content.toByteArray();
    }

    /** How much content there was in the frame of content that ended a request; −1 when none did. */
    public int lastFrameBytes(int streamId) {
        return lastFrameBytes.getOrDefault(streamId, -1);
    }

    /** The trailers of a request, as far as there are any. */
    public Fields trailersOf(int streamId) {
        return trailers.getOrDefault(streamId, Fields.NONE);
    }

    // ---- awaiting

    /** The next request; fails at the end of the connection. */
    public Http2Request request() throws IOException {
        Http2Request request = nextRequest();
        check(request != null, "the connection ended before a request");
        assert request != null;
        return request;
    }

    /** The next request, or null once the client has ended the connection. */
    public @Nullable Http2Request nextRequest() throws IOException {
        while (requests.isEmpty()) {
            if (next("a request") == null) {
                return null;
            }
        }
        return requests.remove();
    }

    /** Reads until a request is complete; its content. */
    public byte[] awaitContent(int streamId) throws IOException {
        while (!ended.contains(streamId)) {
            check(!resets.containsKey(streamId), "reset before its end: stream " + streamId);
            await("the end of stream " + streamId);
        }
        return contentSoFar(streamId);
    }

    /** Reads until so much content of a request has come. */
    public void awaitContent(int streamId, int bytes) throws IOException {
        while (contentSoFar(streamId).length < bytes) {
            await(bytes + " bytes of stream " + streamId);
        }
    }

    /** Reads until the client resets a stream; the code. */
    public int awaitReset(int streamId) throws IOException {
        while (!resets.containsKey(streamId)) {
            await("RST_STREAM " + streamId);
        }
        return resetCode(streamId);
    }

    /** Reads until the client has sent so many pings in all. */
    public void awaitPings(int count) throws IOException {
        while (pings.get() < count) {
            await("ping " + count);
        }
    }

    /** Reads until the client says GOAWAY; the code. */
    public int awaitGoAway() throws IOException {
        while (goAway == null) {
            await("GOAWAY");
        }
        return goAway.errorCode();
    }

    /** Reads until the client has ended the connection, in whichever way. */
    public void awaitEnd() throws IOException {
        while (next("the end") != null) {
            // All it says is in the log.
        }
    }

    /** Reads all that the client has sent before it answers a ping. */
    public void settle() throws IOException {
        long opaque = 0x6f72_6967_0000_0000L + ++pingsOfOurs;
        byte[] payload = ByteBuffer.allocate(8).putLong(opaque).array();
        send(Frames.ping(opaque));
        Frame frame;
        do {
            frame = await("the answer to a ping");
        } while (!frame.is(Frames.PING) || !frame.has(Frames.ACK) || !Arrays.equals(frame.payload(), payload));
    }

    /**
     * Proves that no credit of the connection is lost. The client may keep back what is less than half of its window; so this needs that
     * every byte beyond has come back.
     */
    public void assertCreditWhole() throws IOException {
        settle();
        check(
                connectionCredit() * 2 > connectionBytes && connectionCredit() <= connectionBytes,
                "of a window of " + connectionBytes + ", " + connectionCredit() + " is left");
    }

    /**
     * Answers a request, and proves that no credit of the connection is lost, and none given twice: with as much content as makes it half of
     * the window, upon which all must come back.
     */
    public void respondForWholeCredit(int streamId) throws IOException {
        settle();
        long half = connectionBytes / 2;
        long missing = connectionBytes - connectionCredit();
        check(
                missing >= 0 && missing < half,
                "of a window of " + connectionBytes + ", " + connectionCredit() + " is left");
        head(streamId, 0, 200);
        content(streamId, new byte[missing == 0 ? 0 : (int) (half - missing)], Frames.END_STREAM);
        settle();
        check(
                connectionCredit() == connectionBytes,
                "of a window of " + connectionBytes + ", " + connectionCredit() + " has come back");
    }

    private Frame await(String what) throws IOException {
        Frame frame = next(what);
        check(frame != null, "the connection ended before " + what);
        assert frame != null;
        return frame;
    }

    private @Nullable Frame next(String awaited) throws IOException {
        if (hasEnded) {
            return null;
        }
        Frame frame;
        try {
            frame = reader.next();
        } catch (SocketTimeoutException e) {
            throw failure("nothing came: " + awaited, e);
        } catch (IOException e) {
            log.note(String.valueOf(e.getMessage()));
            frame = null;
        } catch (AssertionError e) {
            throw failure(String.valueOf(e.getMessage()), e);
        }
        if (frame == null) {
            hasEnded = true;
            return null;
        }
        log.received(frame);
        onReceived(frame);
        return frame;
    }

    private void onReceived(Frame frame) throws IOException {
        int id = frame.streamId();
        check((openBlock != null) == frame.is(Frames.CONTINUATION), "out of place: " + frame);
        switch (frame.type()) {
            case Frames.HEADERS, Frames.CONTINUATION -> onBlock(frame);
            case Frames.DATA -> onData(frame);
            case Frames.RST_STREAM -> {
                check(id <= lastStreamId, "RST_STREAM of an idle stream");
                resets.put(id, frame.errorCode());
                if (counted.remove(id)) {
                    open.decrementAndGet();
                }
            }
            case Frames.SETTINGS -> onSettings(frame);
            case Frames.PING -> {
                if (!frame.has(Frames.ACK)) {
                    pings.incrementAndGet();
                    if (acknowledges) {
                        send(Frames.frame(Frames.PING, Frames.ACK, 0, frame.payload()));
                    }
                }
            }
            case Frames.GOAWAY -> goAway = frame;
            case Frames.WINDOW_UPDATE -> {
                ours.update(id, frame.int32(0));
                connectionBytes = Math.max(connectionBytes, ours.connection());
                check(
                        ours.connection() <= Integer.MAX_VALUE && ours.stream(id) <= Integer.MAX_VALUE,
                        "too much credit");
            }
            default -> throw failure("unexpected: " + frame, null);
        }
    }

    private void onSettings(Frame frame) throws IOException {
        if (frame.has(Frames.ACK)) {
            check(!said.isEmpty(), "settings acknowledged that were not said");
            onAcknowledged(said.remove());
            return;
        }
        for (int at = 0; at < frame.length(); at += Frames.SETTING_BYTES) {
            int id = frame.int32(at) >>> 16;
            int value = frame.int32(at + 2);
            if (id == Frames.INITIAL_WINDOW_SIZE) {
                ours.initial(value);
            } else if (id == Frames.ENABLE_PUSH) {
                check(value == 0, "push is wanted");
            }
        }
        if (acknowledges && isGreeted) {
            send(Frames.settingsAck());
        } else {
            owedAcknowledgements++;
        }
    }

    private void onBlock(Frame frame) {
        ByteArrayOutputStream block = openBlock == null ? new ByteArrayOutputStream() : openBlock;
        if (openBlock == null) {
            endsStream = frame.has(Frames.END_STREAM);
        }
        block.writeBytes(frame.content());
        openBlock = frame.has(Frames.END_HEADERS) ? null : block;
        if (openBlock != null) {
            return;
        }
        int id = frame.streamId();
        Fields fields = new Fields(blocks.read(block.toByteArray()));
        if (id > lastStreamId) {
            check((id & 1) == 1, "stream " + id);
            lastStreamId = id;
            counted.add(id);
            int now = open.incrementAndGet();
            openMost.accumulateAndGet(now, Math::max);
            check(now <= streamsMax, now + " streams, limit " + streamsMax);
            check(isConnectOffered || !fields.has(":protocol"), "extended CONNECT was not offered: " + fields);
            requestCount.incrementAndGet();
            requests.add(new Http2Request(id, fields, endsStream));
        } else {
            check(!ended.contains(id) && endsStream, "trailers out of place: " + frame);
            trailers.put(id, fields);
        }
        if (endsStream) {
            end(id);
        }
    }

    private void onData(Frame frame) throws IOException {
        int id = frame.streamId();
        check(id <= lastStreamId && !ended.contains(id) && !resets.containsKey(id), "out of place: " + frame);
        theirs.send(id, frame.length());
        check(theirs.connection() >= 0 && theirs.stream(id) >= 0, "beyond its window: " + frame);
        contents.computeIfAbsent(id, key -> new ByteArrayOutputStream()).writeBytes(frame.content());
        boolean isLast = frame.has(Frames.END_STREAM);
        if (givesCredit && frame.length() > 0) {
            send(Frames.windowUpdate(0, frame.length()));
            if (!isLast && !endedByUs.contains(id)) {
                send(Frames.windowUpdate(id, frame.length()));
            }
        }
        if (isLast) {
            lastFrameBytes.put(id, frame.content().length);
            end(id);
        }
    }

    private void end(int id) {
        ended.add(id);
        if (endedByUs.contains(id) && counted.remove(id)) {
            open.decrementAndGet();
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw failure(otherwise, null);
        }
    }

    private AssertionError failure(String fact, @Nullable Throwable cause) {
        return new AssertionError(fact + "; frames of connection " + index + ":\n" + log, cause);
    }
}
