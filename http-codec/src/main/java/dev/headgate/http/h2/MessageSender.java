package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends the parts of messages, as far as the stream's state, its windows and the outbox allow (RFC 9113 §8.1). */
final class MessageSender {
    private final FrameSender frames;
    private final HeadSender heads;
    private final FlowControl flow;
    private final Streams streams;
    private final AbuseGuard guard;
    private final PeerSettings peerSettings;
    private final LocalSettings localSettings;

    MessageSender(
            FrameSender frames,
            HeadSender heads,
            FlowControl flow,
            Streams streams,
            AbuseGuard guard,
            PeerSettings peerSettings,
            LocalSettings localSettings) {
        this.frames = frames;
        this.heads = heads;
        this.flow = flow;
        this.streams = streams;
        this.guard = guard;
        this.peerSettings = peerSettings;
        this.localSettings = localSettings;
    }

    @Nullable
    Http2Stream request(RequestHead head, Http2RequestOptions options, long contentLength, StreamEnd end, long nowNs) {
        if (!heads.request(streams.nextOwnId(), head, options, contentLength, end)) {
            return null;
        }
        Http2Stream stream = streams.openOwn(peerSettings.windowBytes(), localSettings.streamWindowBytes(), nowNs);
        guard.onOwnStream();
        stream.method = options.isExtendedConnect() ? Method.CONNECT : head.method();
        onSent(stream, end);
        return stream;
    }

    boolean response(Http2Stream stream, int status, FieldSection fields, long contentLength, StreamEnd end) {
        if (!stream.state.canSend() || !heads.response(stream.id, status, fields, contentLength, end)) {
            return false;
        }
        onSent(stream, end);
        return true;
    }

    boolean trailers(Http2Stream stream, FieldSection trailers) {
        if (!stream.state.canSend() || !heads.trailers(stream.id, trailers)) {
            return false;
        }
        onSent(stream, StreamEnd.END);
        return true;
    }

    /** The header of a DATA frame whose payload the owner sends; the windows allow it. */
    void dataHeader(Http2Stream stream, int length, StreamEnd end) {
        frames.data(stream.id, length, end);
        onDataSent(stream, length, end);
    }

    /** DATA frames with a copy of the content; false when not all of it can be sent. */
    boolean data(Http2Stream stream, ByteBuffer content, StreamEnd end) {
        if (!content.hasRemaining() && end == StreamEnd.OPEN) {
            return stream.state.canSend();
        }
        do {
            int length = Math.min(content.remaining(), flow.sendableBytes(stream));
            if (!stream.state.canSend() || length == 0 && content.hasRemaining()) {
                return false;
            }
            StreamEnd frameEnd = length == content.remaining() ? end : StreamEnd.OPEN;
            if (!dataFrame(stream, content, length, frameEnd)) {
                return false;
            }
            onDataSent(stream, length, frameEnd);
        } while (content.hasRemaining());
        return true;
    }

    private boolean dataFrame(Http2Stream stream, ByteBuffer content, int length, StreamEnd end) {
        ByteBuffer out = frames.begin(Frames.HEADER_BYTES + length);
        if (out == null) {
            return false;
        }
        FrameWriter.data(out, stream.id, length, end);
        out.put(out.position(), content, content.position(), length);
        out.position(out.position() + length);
        content.position(content.position() + length);
        frames.end();
        return true;
    }

    private void onDataSent(Http2Stream stream, int length, StreamEnd end) {
        guard.onDataSent();
        flow.send(stream, length);
        onSent(stream, end);
    }

    private void onSent(Http2Stream stream, StreamEnd end) {
        if (end == StreamEnd.OPEN) {
            return;
        }
        flow.await(stream, false);
        StreamState next = stream.state.onLocalEnd();
        if (next == StreamState.CLOSED) {
            streams.onClosed(stream);
        } else {
            stream.state = next;
        }
    }
}
