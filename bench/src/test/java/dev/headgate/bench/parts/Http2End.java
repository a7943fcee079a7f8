package dev.headgate.bench.parts;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.testkit.memory.MemoryPeer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The far end of a connection in memory that speaks HTTP/2, by the project's own codec: a client that sends requests, or an origin that gives each the
 * same answer. It says all that it has to say at once, and allocates nothing in steady state.
 */
final class Http2End implements Http2Listener, Http2Outbox {
    /** So much that nobody waits for credit. */
    private static final int WINDOW_BYTES = 1 << 30;

    private static final int BUFFER_BYTES = 256 << 10;
    private static final Http2RequestOptions OPTIONS =
            new Http2RequestOptions(Http2RequestOptions.Scheme.HTTP, null, null, Http2RequestOptions.Trailers.UNSAID);

    private final MemoryPeer peer;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer content;
    private final FieldSection fields; // of an origin's answers
    private final Http2Connection http2;
    private int answers;
    private long contentBytes;

    private Http2End(Http2Role role, MemoryPeer peer, FieldSection fields, ByteBuffer content) {
        this.peer = peer;
        this.fields = fields;
        this.content = content;
        Http2Limits usual = role == Http2Role.CLIENT ? Http2Limits.RESPONSE_DEFAULTS : Http2Limits.DEFAULTS;
        Http2Limits limits = usual.withWindows(WINDOW_BYTES, WINDOW_BYTES);
        http2 = new Http2Connection(role, limits, new Http2Scratch(limits.heads()), this, this, 0);
        http2.start(0);
    }

    /** A client; {@code content} goes with each of its requests, if there is any. */
    static Http2End client(MemoryPeer peer, ByteBuffer content) {
        return new Http2End(Http2Role.CLIENT, peer, new FieldSection(), content);
    }

    static Http2End origin(MemoryPeer peer, FieldSection fields, ByteBuffer content) {
        return new Http2End(Http2Role.SERVER, peer, fields, content);
    }

    /** Sends what there is to send, such as the first frames. */
    void flush() {
        if (out.position() > 0) {
            peer.send(out.flip());
            out.clear();
            http2.onOutputDrained();
        }
    }

    /** Sends so many requests at once. */
    void request(RequestHead head, int count) {
        for (int i = 0; i < count; i++) {
            boolean hasContent = content.capacity() > 0;
            long length = hasContent ? content.capacity() : -1;
            Http2Stream stream = http2.request(head, OPTIONS, length, hasContent ? StreamEnd.OPEN : StreamEnd.END, 0);
            if (stream == null || hasContent && !http2.sendData(stream, content.clear(), StreamEnd.END)) {
                throw new AssertionError("a request cannot be sent");
            }
        }
        flush();
    }

    /** Takes what has arrived, and answers it. */
    void pump() {
        if (peer.arrived() == 0) {
            return;
        }
        peer.take(in);
        if (!http2.receive(in.flip(), 0)) {
            throw new AssertionError("failed: " + http2.violation());
        }
        in.compact();
        flush();
    }

    /** Of a client, since the beginning. */
    int answers() {
        return answers;
    }

    /** The same. */
    long contentBytes() {
        return contentBytes;
    }

    void close() {
        peer.end();
    }

    // ---- the outbox

    @Override
    public ByteBuffer begin(int bytes) {
        return out;
    }

    /** What lies before the position of {@link #out} leaves by {@link #flush}. */
    @Override
    public void end() {}

    // ---- events

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        if (end == StreamEnd.END) {
            answer(stream);
        }
    }

    private void answer(Http2Stream stream) {
        boolean isBegun = http2.sendResponse(stream, 200, fields, content.capacity(), StreamEnd.OPEN);
        if (!isBegun || !http2.sendData(stream, content.clear(), StreamEnd.END)) {
            throw new AssertionError("an answer cannot be sent");
        }
        http2.release(stream);
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        if (head.status() != 200) {
            throw new AssertionError("status " + head.status());
        }
        if (end == StreamEnd.END) {
            onAnswered(stream);
        }
    }

    private void onAnswered(Http2Stream stream) {
        answers++;
        http2.release(stream);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer bytes) {
        contentBytes += bytes.remaining();
        http2.consumed(stream, bytes.remaining());
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        if (stream.canSend()) {
            answer(stream);
        } else {
            onAnswered(stream);
        }
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        throw new AssertionError("reset: code=" + errorCode + ", by=" + by);
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        throw new AssertionError(violation.token());
    }

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        throw new AssertionError(violation.token());
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {}
}
