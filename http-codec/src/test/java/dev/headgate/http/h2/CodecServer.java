package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server on a real socket that is a codec and little else, for peers to be tried on: it reads requests to their end and
 * answers 200, with as much content as the path says, in windows and turns; {@code /hold} it never answers.
 */
final class CodecServer implements Http2Listener, Http2Outbox, AutoCloseable {
    private static final int READ_BYTES = 32 << 10;

    private final Http2Limits limits;
    private final ServerSocket server;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final ByteBuffer out = ByteBuffer.allocate(200_000);
    private final Map<Integer, Integer> toSend = new HashMap<>();
    private Http2Connection connection;

    /** Bytes of which the credit is not given back, to see whether anybody notices. */
    int lostBytes;

    CodecServer(Http2Limits limits) throws IOException {
        this.limits = limits;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        connection = connection();
        Thread.ofVirtual().name("codec-server").start(this::run);
    }

    private Http2Connection connection() {
        return new Http2Connection(Http2Role.SERVER, limits, new Http2Scratch(limits.heads()), this, this, 0);
    }

    int port() {
        return server.getLocalPort();
    }

    private void run() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connection = connection();
                serve(socket);
            } catch (IOException _) {
                // The test has closed one or the other.
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        byte[] bytes = new byte[READ_BYTES + connection.unreadBytesMax()];
        int there = 0;
        connection.start(System.nanoTime());
        while (true) {
            flush(socket);
            int count = socket.getInputStream().read(bytes, there, READ_BYTES);
            if (count < 0) {
                connection.onTransportClosed();
                return;
            }
            ByteBuffer input = ByteBuffer.wrap(bytes, 0, there + count);
            boolean goesOn = connection.receive(input, System.nanoTime());
            sendByTurns();
            there = input.remaining();
            System.arraycopy(bytes, input.position(), bytes, 0, there);
            if (!goesOn) {
                flush(socket);
                socket.shutdownOutput();
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                return;
            }
        }
    }

    private void flush(Socket socket) throws IOException {
        wire.writeTo(socket.getOutputStream());
        wire.reset();
        connection.onOutputDrained();
    }

    private void sendByTurns() {
        for (Http2Stream stream = connection.nextToSend(); stream != null; stream = connection.nextToSend()) {
            send(stream);
        }
    }

    private void send(Http2Stream stream) {
        int left = toSend.getOrDefault(stream.id(), 0);
        int length = Math.min(left, connection.sendableBytes(stream));
        connection.sendData(stream, ByteBuffer.allocate(length), length == left ? StreamEnd.END : StreamEnd.OPEN);
        toSend.put(stream.id(), left - length);
        if (length == left) {
            connection.release(stream);
        }
    }

    private void answer(Http2Stream stream) {
        int length = toSend.getOrDefault(stream.id(), -1);
        if (length < 0) {
            return;
        }
        connection.sendInterim(stream, 103, Heads.fields("link", "a"));
        connection.sendResponse(
                stream, 200, Heads.fields("x-a", "b"), length, length == 0 ? StreamEnd.END : StreamEnd.OPEN);
        if (length == 0) {
            connection.release(stream);
        } else {
            connection.awaitTurn(stream, System.nanoTime());
        }
    }

    @Override
    public @Nullable ByteBuffer begin(int bytes) {
        return out.clear();
    }

    @Override
    public void end() {
        wire.write(out.array(), 0, out.position());
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        byte[] path = new byte[head.pathLength()];
        head.bytes().get(head.pathOffset(), path);
        String text = new String(path, StandardCharsets.US_ASCII);
        toSend.put(stream.id(), text.equals("/hold") ? -1 : text.equals("/") ? 0 : Integer.parseInt(text.substring(1)));
        if (end == StreamEnd.END) {
            answer(stream);
        }
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        connection.sendResponse(stream, violation.status(), Heads.fields(), 0, StreamEnd.END);
        connection.release(stream);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        int lost = Math.min(lostBytes, content.remaining());
        lostBytes -= lost;
        connection.consumed(stream, content.remaining() - lost);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        answer(stream);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        connection.release(stream);
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {}

    @Override
    public void onViolation(Http2Violation violation, int streamId) {}

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
