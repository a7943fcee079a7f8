package dev.headgate.testkit.peer;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** One request on a scripted origin, with everything that a script may do about it. Owned by the connection's thread. */
public final class OriginExchange {
    private static final int PIECE_BYTES = 64 * 1024;

    private final OriginConnection connection;
    private final ReceivedRequest request;
    private final Content content;
    private final int indexOnConnection;

    OriginExchange(OriginConnection connection, ReceivedRequest request, Content content, int indexOnConnection) {
        this.connection = connection;
        this.request = request;
        this.content = content;
        this.indexOnConnection = indexOnConnection;
        if (content.isEnded()) {
            request.onEnd(content.trailers());
        }
    }

    public Request request() {
        return request.head();
    }

    /** How many requests came on this connection before. */
    public int indexOnConnection() {
        return indexOnConnection;
    }

    // Reading.

    /** Reads the rest of the request's content and returns it. */
    public byte[] readContent() throws IOException {
        var rest = new ByteArrayOutputStream();
        readContent(rest);
        return rest.toByteArray();
    }

    /** Reads the rest of the request's content into {@code sink}. */
    public void readContent(OutputStream sink) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = read(piece, PIECE_BYTES); count >= 0; count = read(piece, PIECE_BYTES)) {
            sink.write(piece, 0, count);
        }
    }

    /** Reads exactly {@code length} bytes of content; an earlier end is an {@link EOFException}. */
    public byte[] readContent(int length) throws IOException {
        byte[] bytes = new byte[length];
        int offset = 0;
        while (offset < length) {
            byte[] piece = new byte[length - offset];
            int count = read(piece, piece.length);
            if (count < 0) {
                throw new EOFException("content ended after " + offset + " of " + length + " bytes");
            }
            System.arraycopy(piece, 0, bytes, offset, count);
            offset += count;
        }
        return bytes;
    }

    private int read(byte[] piece, int length) throws IOException {
        int count = content.read(piece, 0, length);
        if (count > 0) {
            request.onContent(piece, 0, count);
        }
        if (content.isEnded() && !request.isComplete()) {
            request.onEnd(content.trailers());
        }
        return count;
    }

    // Answering.

    /** Sends what {@code script} stands for; see {@link Wire}. */
    public void send(String script) throws IOException {
        send(Wire.bytes(script));
    }

    /** Sends {@code bytes} in one write. */
    public void send(byte[] bytes) throws IOException {
        connection.send(bytes);
    }

    /** A stream that sends what is written to it, for long bodies. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                send(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                connection.send(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
            }
        };
    }

    /** Reads the rest of the request, then answers with {@code body}, its length and {@code fieldLines}. */
    public void respond(int status, String body, String... fieldLines) throws IOException {
        respond(status, body.getBytes(StandardCharsets.ISO_8859_1), fieldLines);
    }

    /** Reads the rest of the request, then answers with {@code body}, its length and {@code fieldLines}. */
    public void respond(int status, byte[] body, String... fieldLines) throws IOException {
        readContent();
        var head = head(status, fieldLines);
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(body.length).append("␍␊");
        }
        boolean bodiless = status == 204 || status == 304 || request().method().equals("HEAD");
        send(Wire.join(Wire.bytes(head + "␍␊"), bodiless ? new byte[0] : body));
    }

    /** Reads the rest of the request, then answers 200 with one chunk per element. */
    public void respondChunked(String... chunks) throws IOException {
        readContent();
        send(head(200) + "Transfer-Encoding: chunked␍␊␍␊");
        for (String chunk : chunks) {
            send(Integer.toHexString(chunk.length()) + "␍␊" + chunk + "␍␊");
        }
        send("0␍␊␍␊");
    }

    private static StringBuilder head(int status, String... fieldLines) {
        var head = new StringBuilder("HTTP/1.1 " + status + " Scripted␍␊");
        for (String line : fieldLines) {
            head.append(line).append("␍␊");
        }
        return head;
    }

    // Ending.

    /** Ends the connection in an orderly way. */
    public void close() {
        connection.close();
    }

    /** Ends the sending direction. */
    public void halfClose() throws IOException {
        connection.halfClose();
    }

    /** Resets the connection. */
    public void reset() throws IOException {
        connection.reset();
    }

    /** Waits until {@code latch} opens; fails after {@link Await#DEADLINE}. */
    public void await(CountDownLatch latch) {
        Await.open("the test lets the origin go on", latch);
    }

    /** Discards what the peer still sends, until it ends or resets the connection. */
    public void awaitPeerEnd() {
        connection.awaitPeerEnd();
    }
}
