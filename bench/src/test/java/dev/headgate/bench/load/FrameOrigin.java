package dev.headgate.bench.load;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Frames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** A server that says the same frames on each connection, once a request has come on it, and reads on until its client ends. */
final class FrameOrigin implements AutoCloseable {
    private static final int FRAME_HEADER_BYTES = 9;
    private static final int TYPE_OFFSET = 3;

    private final ServerSocket socket;
    private final byte[] greeting;
    private final byte[] frames;

    private FrameOrigin(byte[] greeting, byte[] frames) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.greeting = greeting;
        this.frames = frames;
        Thread.ofVirtual().start(this::accept);
    }

    /** Greets as HTTP/2 has it, and answers the first request with {@code frames}. */
    static FrameOrigin answering(byte[] frames) throws IOException {
        return new FrameOrigin(Wire.join(Frames.settings(), Frames.settingsAck()), frames);
    }

    /** Answers the first request with {@code bytes}, and greets nobody. */
    static FrameOrigin speaking(byte[] bytes) throws IOException {
        return new FrameOrigin(new byte[0], bytes);
    }

    SocketAddress address() {
        return socket.getLocalSocketAddress();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            if (!new String(in.readNBytes(24), StandardCharsets.US_ASCII).startsWith("PRI")) {
                throw new IllegalStateException("no preface");
            }
            readFrame(in); // The client's settings.
            client.getOutputStream().write(greeting);
            while (readFrame(in) != Frames.HEADERS) {}
            client.getOutputStream().write(frames);
            in.readAllBytes();
        } catch (IOException e) {
            // The client has gone.
        }
    }

    /** Answers its type. */
    private static int readFrame(InputStream in) throws IOException {
        byte[] header = in.readNBytes(FRAME_HEADER_BYTES);
        if (header.length < FRAME_HEADER_BYTES) {
            throw new IOException("at its end");
        }
        int length = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | header[2] & 0xFF;
        in.skipNBytes(length);
        return header[TYPE_OFFSET];
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
