package dev.headgate.bench.origin;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of the origin's. A request is answered when it is complete; its stream is released when the answer is, or when it is reset.
 * Faults are those of the stream where HTTP/2 has an equal, otherwise of the connection.
 */
@HotPath
@LoopConfined
final class Http2OriginSession implements ConnectionHandler, Http2Listener {
    /** More than a proxy has requests under way on one connection. */
    private static final int STREAMS_MAX = 1000;

    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 16 << 20;

    static final Http2Limits LIMITS = Http2Limits.DEFAULTS
            .withStreams(STREAMS_MAX)
            .withWindows(STREAM_WINDOW_BYTES, CONNECTION_WINDOW_BYTES)
            // Clients of proxies abort, and proxies pass it on.
            .withAbuse(Http2Limits.DEFAULTS.abuse().withResets(1 << 24, 1, 1));

    private static final long NS_PER_MS = 1_000_000;
    private static final long FAULT_BYTES = 1024;
    private static final int SLOW_PIECES = 16;
    private static final long SLOW_PAUSE_NS = 10 * NS_PER_MS;
    private static final byte[] NO_HTTP = "this is not HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final OriginLoop origin;
    private final Connection connection;
    private final FrameOutbox frames;
    private final Http2Connection http2;

    Http2OriginSession(OriginLoop origin, Connection connection) {
        this.origin = origin;
        this.connection = connection;
        this.frames = new FrameOutbox(connection, origin.frames);
        this.http2 =
                new Http2Connection(Http2Role.SERVER, LIMITS, origin.http2Scratch, frames, this, origin.loop.nowNs());
    }

    // ---- events of the connection

    @Override
    public void onOpen(Connection opened) {
        http2.start(origin.loop.nowNs());
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (frames.isDrained()) {
            http2.onOutputDrained();
        }
        if (http2.receive(bytes, origin.loop.nowNs())) {
            giveTurns();
        } else {
            frames.flush();
            connection.close();
        }
    }

    @Override
    public void onWritable(Connection writable) {
        frames.onWritable();
        giveTurns();
    }

    private void giveTurns() {
        while (!frames.isCongested()) {
            Http2Stream next = http2.nextToSend();
            if (next == null) {
                return;
            }
            sendContent(of(next));
        }
    }

    @Override
    public void onEnd(Connection ended) {
        frames.flush();
        connection.close();
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        http2.onTransportClosed();
        frames.close();
    }

    // ---- requests

    private static OriginStream of(Http2Stream stream) {
        Object owner = stream.attachment();
        assert owner != null;
        return (OriginStream) owner;
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        origin.onRequest();
        OriginStream request = origin.takeStream();
        request.start(this, stream);
        OriginTarget target = origin.target;
        target.read(head.bytes(), head.pathOffset(), head.pathLength());
        request.asked(target, head.method() == Method.HEAD);
        if (request.kind == OriginTarget.Kind.FAULT) {
            if (origin.isFaultsTurn(request.number)) {
                fail(request, target.fault());
                return;
            }
            request.kind = OriginTarget.Kind.SIZE;
        }
        if (end == StreamEnd.END) {
            answer(request, false);
        }
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        OriginStream request = origin.takeStream();
        request.start(this, stream);
        request.isHead = head.method() == Method.HEAD;
        text(request, violation.status(), violation + "\n");
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        int length = content.remaining();
        content.position(content.limit());
        of(stream).receivedBytes += length;
        origin.onReceived(length);
        http2.consumed(stream, length);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        OriginStream request = of(stream);
        if (!request.isSilent) {
            answer(request, true);
        }
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        release(of(stream));
    }

    // ---- answers

    private void answer(OriginStream request, boolean hadContent) {
        switch (request.kind) {
            case SIZE -> {
                if (hadContent) {
                    text(request, 200, request.receivedBytes + "\n");
                } else {
                    send(request, request.bytes);
                }
            }
            case CHUNKED -> send(request, -1);
            case DELAY -> {
                request.isSilent = true;
                origin.loop.timers().arm(request, origin.loop.nowNs() + request.number * NS_PER_MS);
            }
            case STATUS -> {
                boolean hasLength = request.number != 204 && request.number != 304;
                if (begin(request, request.number, hasLength ? 0 : -1, StreamEnd.END)) {
                    release(request);
                }
            }
            case STATS -> text(request, 200, origin.statsText());
            case UNKNOWN, FAULT, WEB_SOCKET -> text(request, 404, "not found\n");
        }
    }

    /** @param length as it is said, −1 for not at all */
    private void send(OriginStream request, long length) {
        boolean isWhole = request.isHead || length == 0;
        if (!begin(request, 200, length, isWhole ? StreamEnd.END : StreamEnd.OPEN)) {
            return;
        }
        if (isWhole) {
            release(request);
        } else {
            request.content.start(request.bytes, StreamEnd.END);
            sendContent(request);
        }
    }

    /** Sends a head; a stream on which there is no room for it is reset. */
    private boolean begin(OriginStream request, int status, long length, StreamEnd end) {
        if (http2.sendResponse(request.stream(), status, origin.fields.section(), length, end)) {
            return true;
        }
        http2.reset(request.stream(), ErrorCode.INTERNAL_ERROR);
        release(request);
        return false;
    }

    private void sendContent(OriginStream request) {
        boolean isSent = request.content.send(http2, request.stream(), frames, origin.pattern, origin.loop.nowNs());
        if (isSent && !request.isSilent) {
            release(request);
        }
    }

    private void text(OriginStream request, int status, String text) {
        ByteBuffer content = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        StreamEnd end = request.isHead ? StreamEnd.END : StreamEnd.OPEN;
        if (!begin(request, status, content.remaining(), end)) {
            return;
        }
        if (!request.isHead && !http2.sendData(request.stream(), content, StreamEnd.END)) {
            http2.reset(request.stream(), ErrorCode.INTERNAL_ERROR); // A client whose window is that small gets none.
        }
        release(request);
    }

    private void release(OriginStream request) {
        Http2Stream done = request.stream();
        origin.loop.timers().disarm(request);
        request.end();
        origin.giveStream(request);
        http2.release(done);
    }

    // ---- faults and delays

    private void fail(OriginStream request, FastOrigin.Fault fault) {
        request.isSilent = true;
        switch (fault) {
            case RESET -> {
                http2.reset(request.stream(), ErrorCode.INTERNAL_ERROR);
                release(request);
            }
            case CLOSE -> connection.close();
            case TRUNCATE -> {
                if (begin(request, 200, FAULT_BYTES, StreamEnd.OPEN)) {
                    request.content.start(FAULT_BYTES / 2, StreamEnd.OPEN);
                    sendContent(request);
                    http2.reset(request.stream(), ErrorCode.INTERNAL_ERROR);
                    release(request);
                }
            }
            case STALL -> {}
            case HANG -> {
                if (begin(request, 200, FAULT_BYTES, StreamEnd.OPEN)) {
                    request.content.start(FAULT_BYTES / 2, StreamEnd.OPEN);
                    sendContent(request);
                }
            }
            case SLOW -> {
                if (begin(request, 200, FAULT_BYTES, StreamEnd.OPEN)) {
                    request.slowPiecesLeft = SLOW_PIECES;
                    origin.loop.timers().arm(request, origin.loop.nowNs() + SLOW_PAUSE_NS);
                }
            }
            case MALFORMED -> {
                frames.flush();
                connection.write(ByteBuffer.wrap(NO_HTTP));
                connection.close();
            }
        }
    }

    /** An answer that takes its time goes on. */
    void onDeadline(OriginStream request, long nowNs) {
        if (request.slowPiecesLeft == 0) {
            request.isSilent = false;
            send(request, request.bytes);
            return;
        }
        request.slowPiecesLeft--;
        boolean isLast = request.slowPiecesLeft == 0;
        request.isSilent = !isLast;
        request.content.more(FAULT_BYTES / SLOW_PIECES, isLast ? StreamEnd.END : StreamEnd.OPEN);
        if (!isLast) {
            origin.loop.timers().arm(request, nowNs + SLOW_PAUSE_NS);
        }
        sendContent(request);
    }

    // ---- the rest

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        // The client closes when it has its answers.
    }

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        // The client is told; it is the one who is measured.
    }
}
