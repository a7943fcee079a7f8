package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes request heads in HTTP/1.1 (RFC 9112 §3), always from the model and never from raw framing. */
public final class RequestEncoder {
    private static final byte[] HOST = HeadWriter.ascii(" HTTP/1.1\r\nHost: ");
    private static final long OWNED = HeadWriter.FRAMING_IDS | 1L << Field.HOST;

    private RequestEncoder() {}

    /**
     * Writes {@code head} at {@code out}'s position: request line, Host, the live fields, framing, Connection, and Upgrade where a
     * WebSocket is asked for. The fields that the encoder writes itself are left out of the section's.
     *
     * @param head whose target is in origin or asterisk form once it is canonical
     * @param hostOverride Host's value, or null for the one that the client named
     * @param contentLength the length when {@code kind} is {@link BodyKind#LENGTH}, otherwise ignored
     * @return false, with nothing written, when {@code out} lacks room
     */
    public static boolean encode(
            ByteBuffer out,
            RequestHead head,
            byte @Nullable [] hostOverride,
            BodyKind kind,
            long contentLength,
            Persistence persistence) {
        if (kind == BodyKind.UNTIL_CLOSE || kind == BodyKind.LENGTH && contentLength < 0) {
            throw new IllegalArgumentException("not a request's framing: kind=" + kind + ", length=" + contentLength);
        }
        if (head.isWebSocket() && kind != BodyKind.NONE) {
            throw new IllegalArgumentException("a request for a WebSocket has no content: kind=" + kind);
        }
        ByteBuffer bytes = head.bytes();
        int at = out.position();
        at = HeadWriter.copy(out, at, bytes, head.methodOffset(), head.methodLength());
        at = HeadWriter.one(out, at, ' ');
        at = target(out, at, head);
        at = HeadWriter.copy(out, at, HOST);
        at = hostOverride != null
                ? HeadWriter.copy(out, at, hostOverride)
                : HeadWriter.copy(out, at, bytes, head.authorityOffset(), head.authorityLength());
        at = HeadWriter.crlf(out, at);
        at = HeadWriter.fields(out, at, head.fields(), OWNED);
        at = head.isWebSocket()
                ? HeadWriter.toWebSocket(out, at)
                : HeadWriter.framing(out, at, kind, lengthToWrite(head.method(), kind, contentLength), persistence);
        at = HeadWriter.crlf(out, at);
        if (at == HeadWriter.NO_ROOM) {
            return false;
        }
        out.position(at);
        return true;
    }

    private static int target(ByteBuffer out, int at, RequestHead head) {
        ByteBuffer bytes = head.bytes();
        int next = head.pathLength() == 0
                ? HeadWriter.one(out, at, '/')
                : HeadWriter.copy(out, at, bytes, head.pathOffset(), head.pathLength());
        if (head.queryLength() < 0) {
            return next;
        }
        next = HeadWriter.one(out, next, '?');
        return HeadWriter.copy(out, next, bytes, head.queryOffset(), head.queryLength());
    }

    /** Methods that usually have content say so when they have none (RFC 9110 §8.6). */
    private static long lengthToWrite(int method, BodyKind kind, long contentLength) {
        if (kind == BodyKind.LENGTH) {
            return contentLength;
        }
        boolean usuallyHasContent = method == Method.POST || method == Method.PUT || method == Method.PATCH;
        return kind == BodyKind.NONE && usuallyHasContent ? 0 : -1;
    }
}
