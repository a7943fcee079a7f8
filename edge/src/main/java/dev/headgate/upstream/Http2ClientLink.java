package dev.headgate.upstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.exchange.LoopContext;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection to an origin as its streams see it: their frames go out here, and credit goes back. */
@LoopConfined
@HotPath
final class Http2ClientLink {
    /** Payload of a frame of ours: small enough that other streams get their turn. */
    private static final int FRAME_BYTES_MAX = 16 << 10;

    private final Http2Connections connections;
    private final LoopContext context;
    private final Connection connection;
    private final FrameOutbox outbox;
    private final Http2Connection http2;

    Http2ClientLink(
            Http2Connections connections,
            LoopContext context,
            Connection connection,
            FrameOutbox outbox,
            Http2Connection http2) {
        this.connections = connections;
        this.context = context;
        this.connection = connection;
        this.outbox = outbox;
        this.http2 = http2;
    }

    Http2RequestOptions options(boolean withAuthority, boolean takesTrailers) {
        return connections.options(withAuthority, takesTrailers);
    }

    Http2RequestOptions webSocketOptions(boolean withAuthority) {
        return connections.webSocketOptions(withAuthority);
    }

    /** The connection that carries all streams. */
    Connection transport() {
        return connection;
    }

    long putBytes() {
        return outbox.putBytes();
    }

    long sentBytes() {
        return connection.sentBytes();
    }

    BufferPool buffers() {
        return context.loop().buffers();
    }

    ByteBuffer responseStore() {
        return context.responseStore();
    }

    void defer(Runnable action) {
        context.loop().defer(action);
    }

    @Nullable
    Http2Stream request(RequestHead head, Http2RequestOptions options, long contentLength, StreamEnd end) {
        return http2.request(head, options, contentLength, end, context.loop().nowNs());
    }

    /** How much content may go out in a frame now. */
    int sendableBytes(Http2Stream stream) {
        return outbox.isCongested() ? 0 : Math.min(FRAME_BYTES_MAX, http2.sendableBytes(stream));
    }

    /** Sends {@code length} bytes of {@code bytes} as a frame. */
    void sendData(Http2Stream stream, ByteBuffer bytes, int length, StreamEnd end) {
        http2.beginData(stream, length, end);
        int limit = bytes.limit();
        bytes.limit(bytes.position() + length);
        outbox.payload(bytes);
        bytes.limit(limit);
    }

    /** Ends a stream by a frame of its own. */
    void sendEnd(Http2Stream stream) {
        http2.beginData(stream, 0, StreamEnd.END);
    }

    boolean sendTrailers(Http2Stream stream, FieldSection trailers) {
        return http2.sendTrailers(stream, trailers);
    }

    void awaitTurn(Http2Stream stream) {
        http2.awaitTurn(stream, context.loop().nowNs());
    }

    void endTurns(Http2Stream stream) {
        http2.endTurns(stream);
    }

    void reset(Http2Stream stream, int errorCode) {
        http2.reset(stream, errorCode);
    }

    void consumed(Http2Stream stream, int bytes) {
        http2.consumed(stream, bytes);
    }

    void buffered(Http2Stream stream, int bytes) {
        http2.buffered(stream, bytes);
    }
}
