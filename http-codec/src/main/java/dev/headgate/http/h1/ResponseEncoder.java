package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Persistence;
import java.nio.ByteBuffer;

/**
 * Writes response heads in HTTP/1.1 (RFC 9112 §4). The version is ours whatever the client's (RFC 9110 §2.5); that an
 * HTTP/1.0 client gets no chunked coding is the caller's choice of body kind.
 */
public final class ResponseEncoder {
    private static final int STATUS_MIN = 100;
    private static final int STATUS_MAX = 599;
    private static final int SWITCHING = 101;
    private static final byte[][] STATUS_LINES = statusLines();

    private ResponseEncoder() {}

    /**
     * Writes a final response's head at {@code out}'s position: status line, live fields, framing, Connection. The fields
     * that the encoder writes itself are left out of the section's.
     *
     * @param status 200 to 599
     * @param contentLength the length when {@code kind} is {@link BodyKind#LENGTH}; with {@link BodyKind#NONE}, what the
     *     origin said the length would be (HEAD, 304) or −1 for nothing; otherwise ignored
     * @return false, with nothing written, when {@code out} lacks room
     */
    public static boolean encode(
            ByteBuffer out,
            int status,
            FieldSection fields,
            BodyKind kind,
            long contentLength,
            Persistence persistence) {
        if (status < 200 || status > STATUS_MAX || kind == BodyKind.LENGTH && contentLength < 0) {
            throw new IllegalArgumentException(
                    "not a final response: status=" + status + ", kind=" + kind + ", length=" + contentLength);
        }
        boolean bodiless = status == 204 || status == 304;
        BodyKind written = bodiless ? BodyKind.NONE : kind;
        // No length may stand in a 204 (RFC 9110 §8.6), and a message that ends with its connection has to say so.
        long length = status == 204 ? -1 : contentLength;
        Persistence announced = written == BodyKind.UNTIL_CLOSE ? Persistence.CLOSE : persistence;
        int at = HeadWriter.copy(out, out.position(), STATUS_LINES[status - STATUS_MIN]);
        at = HeadWriter.fields(out, at, fields, HeadWriter.FRAMING_IDS);
        at = HeadWriter.framing(out, at, written, length, announced);
        return finish(out, at);
    }

    /**
     * Writes a 1xx response other than 101 (RFC 9110 §15.2): it has no framing and says nothing of the connection.
     *
     * @return false, with nothing written, when {@code out} lacks room
     */
    public static boolean encodeInterim(ByteBuffer out, int status, FieldSection fields) {
        if (status < STATUS_MIN || status > 199 || status == SWITCHING) {
            throw new IllegalArgumentException("not an interim response: status=" + status);
        }
        int at = HeadWriter.copy(out, out.position(), STATUS_LINES[status - STATUS_MIN]);
        return finish(out, HeadWriter.fields(out, at, fields, HeadWriter.FRAMING_IDS));
    }

    /**
     * Writes the 101 behind which the connection speaks WebSocket (RFC 6455 §4.2.2).
     *
     * @return false, with nothing written, when {@code out} lacks room
     */
    public static boolean encodeWebSocket(ByteBuffer out, FieldSection fields) {
        int at = HeadWriter.copy(out, out.position(), STATUS_LINES[SWITCHING - STATUS_MIN]);
        at = HeadWriter.fields(out, at, fields, HeadWriter.FRAMING_IDS);
        return finish(out, HeadWriter.toWebSocket(out, at));
    }

    private static boolean finish(ByteBuffer out, int at) {
        int end = HeadWriter.crlf(out, at);
        if (end == HeadWriter.NO_ROOM) {
            return false;
        }
        out.position(end);
        return true;
    }

    private static byte[][] statusLines() {
        var lines = new byte[STATUS_MAX - STATUS_MIN + 1][];
        for (int status = STATUS_MIN; status <= STATUS_MAX; status++) {
            lines[status - STATUS_MIN] = HeadWriter.ascii("HTTP/1.1 " + status + " " + Reason.of(status) + "\r\n");
        }
        return lines;
    }
}
