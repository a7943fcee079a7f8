package dev.headgate.downstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;

/**
 * Takes requests from the bytes that come in on the connections of a loop's HTTP/1.1 sessions: one method for each state in which a session
 * reads. Each answers whether there may be more to take from the same bytes; what is left of them stays with the connection.
 */
@LoopConfined
@HotPath
final class Http1RequestReader {
    boolean readHead(Http1ServerSession session, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return false;
        }
        if (session.isStalled()) {
            // Requests of a client that takes no responses would only add to what is buffered.
            return holdBack(session, bytes);
        }
        RequestHead head = session.headOnItsWay();
        switch (session.listener.headDecoder().decode(bytes, head)) {
            case Decode.COMPLETE -> {
                session.serve(head, bytes);
                return true;
            }
            case Decode.REFUSED -> {
                session.headRefused(head);
                bytes.position(bytes.limit());
                return false;
            }
            default -> {
                session.headIncomplete(head);
                return false;
            }
        }
    }

    boolean readBody(Http1ServerSession session, ByteBuffer bytes) {
        RequestBody body = session.requestBody();
        if (!body.hasArrived() && bytes.hasRemaining()) {
            body.arrive();
            session.serving().onRequestBodyArrived(); // Its beginning may be what ends the pause.
        }
        if (body.isPaused() && !body.decoder().isEnded()) { // No byte would tell of the end of an empty body later.
            return holdBack(session, bytes);
        }
        return switch (body.decoder().next(bytes)) {
            case Decode.DATA -> passData(session, body, bytes);
            case Decode.END -> {
                session.requestEnded(body);
                yield true;
            }
            case Decode.REFUSED -> {
                bytes.position(bytes.limit());
                session.bodyRefused(body.decoder().violation());
                yield false;
            }
            default -> false;
        };
    }

    private static boolean passData(Http1ServerSession session, RequestBody body, ByteBuffer bytes) {
        int limit = bytes.limit();
        int length = body.decoder().dataLength();
        bytes.limit(bytes.position() + length);
        body.received(length, session.context().loop().nowNs());
        body.decoder().taken(length);
        session.serving().onRequestBody(bytes);
        bytes.limit(limit);
        return true;
    }

    /** Bytes behind what can be taken now stay with the connection; no more are read. */
    private static boolean holdBack(Http1ServerSession session, ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            session.connection.pauseReading();
        }
        return false;
    }

    /**
     * What comes behind a request waits for its response. Behind one for a WebSocket it may be no request, and becomes one neither when there is no
     * WebSocket.
     */
    boolean holdBackNext(Http1ServerSession session, ByteBuffer bytes) {
        int earlyBytesMax = session.serving().earlyBytesMax();
        if (earlyBytesMax < 0) {
            return holdBack(session, bytes);
        }
        if (bytes.hasRemaining()) {
            session.earlyBytes();
        }
        if (bytes.remaining() > earlyBytesMax) {
            bytes.position(bytes.limit());
            session.serving().onRequestRefused(Violation.UPGRADE_EARLY_BYTES);
        }
        return false; // They stay with the connection, and how many there are is seen when more come.
    }

    /** What is left of a request that has its response. */
    boolean drain(Http1ServerSession session, ByteBuffer bytes) {
        RequestBody body = session.requestBody();
        switch (body.decoder().next(bytes)) {
            case Decode.DATA -> {
                int length = body.decoder().dataLength();
                body.decoder().taken(length);
                bytes.position(bytes.position() + length);
                if (body.drained(length) <= session.listener.drainBytesMax()) {
                    return true;
                }
            }
            case Decode.END -> {
                session.requestDropped();
                return true;
            }
            case Decode.REFUSED -> {}
            default -> {
                return false;
            }
        }
        session.linger();
        return true;
    }
}
