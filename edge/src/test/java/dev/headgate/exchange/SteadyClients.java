package dev.headgate.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Some keep-alive connections, each with one request on its way at a time; all on the caller's thread. */
final class SteadyClients implements AutoCloseable {
    /** What is asked for, and how the answer to it ends. */
    enum Kind {
        GET_BY_LENGTH("GET /length", "", "x"),
        GET_CHUNKED("GET /chunked", "", "0\r\n\r\n"),
        POST("POST /post", "y".repeat(SteadyOrigin.BODY_BYTES), "x"),
        RESPOND("GET /respond", "", "x");

        final byte[] request;
        final byte[] answerEnd;

        Kind(String start, String content, String answerEnd) {
            String length = content.isEmpty() ? "" : "Content-Length: " + content.length() + "\r\n";
            this.request = ascii(start + " HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: steady/1\r\nAccept: */*\r\n"
                    + "X-Debug: 1\r\n" + length + "\r\n" + content);
            this.answerEnd = ascii(answerEnd);
        }
    }

    private static final int ANSWER_BYTES_MAX = 16 * 1024;

    private final SocketChannel[] connections;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES_MAX);

    SteadyClients(int port, int count) throws IOException {
        connections = new SocketChannel[count];
        for (int i = 0; i < count; i++) {
            connections[i] = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** Sends at least {@code count} requests and reads the answers. */
    void run(Kind kind, int count) throws IOException {
        ByteBuffer request = ByteBuffer.allocateDirect(kind.request.length).put(kind.request);
        for (int sent = 0; sent < count; sent += connections.length) {
            for (SocketChannel connection : connections) {
                request.flip();
                while (request.hasRemaining()) {
                    connection.write(request);
                }
            }
            for (SocketChannel connection : connections) {
                readAnswer(connection, kind);
            }
        }
    }

    private void readAnswer(SocketChannel from, Kind kind) throws IOException {
        answer.clear();
        while (!isComplete(kind)) {
            if (from.read(answer) < 0) {
                throw new EOFException("connection ended within an answer: " + text());
            }
        }
        if (answer.get("HTTP/1.1 ".length()) != '2') {
            throw new AssertionError(text());
        }
    }

    private boolean isComplete(Kind kind) {
        int end = answer.position();
        if (end <= SteadyOrigin.BODY_BYTES) {
            return false;
        }
        for (int i = 0; i < kind.answerEnd.length; i++) {
            if (answer.get(end - kind.answerEnd.length + i) != kind.answerEnd[i]) {
                return false;
            }
        }
        return kind == Kind.GET_CHUNKED || contentBytes() == SteadyOrigin.BODY_BYTES;
    }

    private int contentBytes() {
        int end = answer.position();
        for (int i = 0; i <= end - 4; i++) {
            if (answer.getInt(i) == 0x0D0A0D0A) {
                return end - i - 4;
            }
        }
        return -1;
    }

    private String text() {
        return StandardCharsets.ISO_8859_1.decode(answer.duplicate().flip()).toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
