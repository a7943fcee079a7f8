package dev.headgate.bench.origin;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.h1.ChunkPieces;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes responses for all sessions of a loop. */
@HotPath
@LoopConfined
final class ResponseWriter {
    /** Length of a response in chunks. */
    static final long CHUNKED = -1;
    /** Length of a response that ends with its connection. */
    static final long UNTIL_CLOSE = -2;

    /** A body up to this length leaves with its head. */
    private static final long JOINED_BYTES_MAX = 16 * 1024;

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int HEAD_BYTES_MAX = 512;
    private static final int DIGITS_MAX = 20;

    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] OK = ascii("200 OK");
    private static final byte[] FIXED = ascii("\r\nServer: headgate-origin\r\nContent-Type: text/plain\r\nDate: ");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] CODING = ascii("\r\nTransfer-Encoding: chunked");
    private static final byte[] CLOSE = ascii("\r\nConnection: close");
    private static final byte[] END = ascii("\r\n\r\n");

    private final OriginFields fields;
    private final BodyPattern pattern;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(HEAD_BYTES_MAX + (int) JOINED_BYTES_MAX);
    private final ChunkPieces chunk = new ChunkPieces();
    private final ByteBuffer lastChunk = direct("0\r\n\r\n");
    private boolean takesMore;

    ResponseWriter(OriginFields fields, BodyPattern pattern) {
        this.fields = fields;
        this.pattern = pattern;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = ascii(text);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /**
     * Writes a head, and the content if it is short.
     *
     * @param length of the content as the head announces it, {@link #CHUNKED} or {@link #UNTIL_CLOSE}
     * @param bodyBytes of the content that is to follow
     * @return how much of it is written
     */
    long begin(Connection to, int status, long length, long bodyBytes, boolean isLast) {
        ByteBuffer out = scratch.clear();
        head(out, status, length, isLast);
        long joined = length >= 0 && bodyBytes <= JOINED_BYTES_MAX ? bodyBytes : 0;
        if (joined > 0) {
            out.put(pattern.piece(0, joined));
        }
        to.write(out.flip());
        return joined;
    }

    private void head(ByteBuffer out, int status, long length, boolean isLast) {
        out.put(VERSION);
        if (status == 200) {
            out.put(OK);
        } else {
            digits(out, status);
            out.put((byte) ' ');
        }
        out.put(FIXED).put(fields.date());
        if (length >= 0 && status != 204 && status != 304) {
            digits(out.put(LENGTH), length);
        } else if (length == CHUNKED) {
            out.put(CODING);
        }
        if (isLast) {
            out.put(CLOSE);
        }
        out.put(END);
    }

    private static void digits(ByteBuffer out, long number) {
        int count = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            count++;
        }
        assert count <= DIGITS_MAX;
        long rest = number;
        int start = out.position();
        for (int i = count - 1; i >= 0; i--) {
            out.put(start + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.position(start + count);
    }

    /** Writes a whole answer of the given text. */
    void text(Connection to, int status, String text, boolean isHead, boolean isLast) {
        ByteBuffer out = scratch.clear();
        head(out, status, text.length(), isLast);
        if (!isHead) {
            out.put(ascii(text));
        }
        to.write(out.flip());
    }

    /** Writes these bytes as they are. */
    void raw(Connection to, byte[] bytes) {
        to.write(scratch.clear().put(bytes).flip());
    }

    /** Writes a piece of content from {@code offset} on; answers its length. Whether more can follow at once, {@link #takesMore} says. */
    int piece(Connection to, long offset, long lengthMax, boolean isChunked) {
        ByteBuffer piece = pattern.piece(offset, isChunked ? Math.min(lengthMax, CHUNK_BYTES) : lengthMax);
        int length = piece.remaining();
        if (isChunked) {
            takesMore = to.write(chunk.of(piece), ChunkPieces.COUNT);
        } else {
            takesMore = to.write(piece);
        }
        return length;
    }

    /** Whether the last piece has left room for another; otherwise the connection tells when it is writable. */
    boolean takesMore() {
        return takesMore;
    }

    void lastChunk(Connection to) {
        to.write(lastChunk.position(0));
    }
}
