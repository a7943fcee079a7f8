package dev.headgate.downstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.LoopContext;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Persistence;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.ResponseEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts responses on the connections of a loop's HTTP/1.1 sessions, and tells each whether its client keeps up. A head is encoded to where it
 * leaves from; one for which there is no room goes through the loop's scratch.
 */
@LoopConfined
@HotPath
final class Http1ResponseWriter {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final LoopContext context;
    private final ByteBuffer continueBytes =
            ByteBuffer.allocateDirect(CONTINUE.length).put(CONTINUE);

    Http1ResponseWriter(LoopContext context) {
        this.context = context;
    }

    void writeInterim(Http1ServerSession to, ResponseHead head) {
        ByteBuffer out = context.headScratch();
        if (ResponseEncoder.encodeInterim(out, head.status(), head.fields())) {
            to.wrote(to.connection.write(out.flip()));
        }
    }

    void writeContinue(Http1ServerSession to) {
        to.wrote(to.connection.write(continueBytes.clear()));
    }

    /** The bytes that the head took, or -1 when it is longer than any head may be. */
    int writeHead(
            Http1ServerSession to,
            int status,
            FieldSection fields,
            BodyKind kind,
            long contentLength,
            Persistence persistence) {
        Connection connection = to.connection;
        ByteBuffer out = connection.beginWrite();
        int start = out == null ? 0 : out.position();
        if (out != null && ResponseEncoder.encode(out, status, fields, kind, contentLength, persistence)) {
            int length = out.position() - start;
            to.wrote(connection.endWrite());
            return length;
        }
        ByteBuffer scratch = context.headScratch();
        if (!ResponseEncoder.encode(scratch, status, fields, kind, contentLength, persistence)) {
            return -1;
        }
        int length = scratch.flip().remaining();
        to.wrote(connection.write(scratch));
        return length;
    }

    /** The bytes that the head took, or -1 likewise. What follows is a tunnel's, who has its own eye on whether the client keeps up. */
    int writeWebSocketHead(Http1ServerSession to, FieldSection fields) {
        Connection connection = to.connection;
        ByteBuffer out = connection.beginWrite();
        int start = out == null ? 0 : out.position();
        if (out != null && ResponseEncoder.encodeWebSocket(out, fields)) {
            int length = out.position() - start;
            connection.endWrite();
            return length;
        }
        ByteBuffer scratch = context.headScratch();
        if (!ResponseEncoder.encodeWebSocket(scratch, fields)) {
            return -1;
        }
        int length = scratch.flip().remaining();
        connection.write(scratch);
        return length;
    }

    /** Whether the client keeps up. */
    boolean writeBody(Http1ServerSession to, BodyKind framing, ByteBuffer bytes) {
        Connection connection = to.connection;
        return to.wrote(framing == BodyKind.CHUNKED ? context.writeChunk(connection, bytes) : connection.write(bytes));
    }

    /** The end of a body that says itself where it ends; of others there is nothing to write. */
    void writeEnd(Http1ServerSession to, BodyKind framing, @Nullable FieldSection trailers) {
        if (framing == BodyKind.CHUNKED) {
            to.wrote(context.writeLastChunk(to.connection, trailers));
        }
    }
}
