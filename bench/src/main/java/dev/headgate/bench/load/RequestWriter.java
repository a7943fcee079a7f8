package dev.headgate.bench.load;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.ChunkPieces;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes one kind of request, encoded once, for all connections of a loop. */
@HotPath
@LoopConfined
final class RequestWriter {
    /** What {@link #writeContent} has written when nothing is left. */
    static final long ALL = Long.MAX_VALUE;

    private static final int CHUNK_BYTES = 16 * 1024;

    private final ByteBuffer head;
    private final boolean isChunked;
    private final long bodyBytes;
    private final BodyPattern pattern;
    private final ChunkPieces chunk = new ChunkPieces();
    private final ByteBuffer lastChunk = direct("0\r\n\r\n");

    RequestWriter(LoadPlan plan, BodyPattern pattern) {
        LoadRequest request = plan.request();
        this.head = direct(headOf(plan));
        this.isChunked = request.bodyFraming() == LoadRequest.BodyFraming.CHUNKED;
        this.bodyBytes = request.bodyBytes();
        this.pattern = pattern;
    }

    /** The head as the codec of HTTP/2 takes it: how content is framed, and whether the connection is kept, is not said there. */
    static ByteBuffer headWithoutFraming(LoadPlan plan) {
        return direct(beginningOf(plan).append("\r\n").toString());
    }

    /** A request for a WebSocket (RFC 6455 §4.1). */
    static ByteBuffer webSocketHead(LoadPlan plan, String key) {
        return direct(beginningOf(plan)
                .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ")
                .append(key)
                .append("\r\n\r\n")
                .toString());
    }

    private static StringBuilder beginningOf(LoadPlan plan) {
        LoadRequest request = plan.request();
        StringBuilder head = new StringBuilder(request.method() + ' ' + request.target() + " HTTP/1.1\r\n");
        head.append("Host: ").append(hostOf(plan)).append("\r\n");
        for (String line : request.fieldLines()) {
            head.append(line).append("\r\n");
        }
        return head;
    }

    private static String headOf(LoadPlan plan) {
        LoadRequest request = plan.request();
        StringBuilder head = beginningOf(plan);
        switch (request.bodyFraming()) {
            case NONE -> {}
            case LENGTH ->
                head.append("Content-Length: ").append(request.bodyBytes()).append("\r\n");
            case CHUNKED -> head.append("Transfer-Encoding: chunked\r\n");
        }
        if (plan.connectionUse() == LoadPlan.ConnectionUse.PER_REQUEST) {
            head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static String hostOf(LoadPlan plan) {
        if (!plan.request().host().isEmpty()) {
            return plan.request().host();
        }
        if (plan.target() instanceof InetSocketAddress inet) {
            String host = inet.getAddress() == null
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + inet.getPort();
        }
        return "localhost";
    }

    /**
     * Checks a plan's request by the rules that a server goes by.
     *
     * @throws IllegalArgumentException when a server would refuse it
     */
    static void check(LoadPlan plan) {
        ByteBuffer bytes = direct(headOf(plan));
        RequestHead decoded = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(bytes, decoded);
        if (answer != Decode.COMPLETE || bytes.hasRemaining()) {
            throw new IllegalArgumentException("not a request that a server takes: "
                    + (decoded.violation() == null
                            ? "its parts do not fit"
                            : decoded.violation().token()));
        }
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    int headBytes() {
        return head.limit();
    }

    /** One byte of the head, lent. */
    ByteBuffer headByte(int index) {
        return head.slice(index, 1);
    }

    /** Writes the head; content follows by {@link #writeContent}, from 0 on. Answers how much of it is written: {@link #ALL} when there is none. */
    long writeHead(Connection connection) {
        ByteBuffer out = connection.beginWrite();
        if (out != null && out.remaining() >= head.limit()) {
            out.put(head.position(0));
            connection.endWrite();
        } else {
            if (out != null) {
                connection.endWrite();
            }
            connection.write(head.position(0));
        }
        return bodyBytes == 0 && !isChunked ? ALL : 0;
    }

    /**
     * Writes content until the connection has enough for now; the rest follows when it is writable.
     *
     * @param sentBytes what the last call has answered
     * @return bytes of content written since the beginning, or {@link #ALL}
     */
    long writeContent(Connection connection, long sentBytes) {
        long sent = sentBytes;
        boolean takesMore = true;
        while (takesMore && sent < bodyBytes) {
            ByteBuffer piece = pattern.piece(sent, Math.min(bodyBytes - sent, pieceBytesMax()));
            sent += piece.remaining();
            takesMore = isChunked ? writeChunk(connection, piece) : connection.write(piece);
        }
        if (sent < bodyBytes) {
            return sent;
        }
        if (isChunked) {
            connection.write(lastChunk.position(0));
        }
        return ALL;
    }

    private int pieceBytesMax() {
        return isChunked ? CHUNK_BYTES : BodyPattern.PERIOD_BYTES;
    }

    private boolean writeChunk(Connection connection, ByteBuffer piece) {
        return connection.write(chunk.of(piece), ChunkPieces.COUNT);
    }
}
