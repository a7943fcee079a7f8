package dev.headgate.cli.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One connection to a proxy at the loopback address, used as a client does, or as one does that should not. */
final class SampleClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 10_000;
    private static final int NARROW_BYTES = 4 << 10;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private SampleClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static SampleClient connect(int port) throws IOException {
        return connect(port, new Socket());
    }

    /** A client for which the kernel keeps little that it has not read yet. */
    static SampleClient connectNarrow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(NARROW_BYTES);
        return connect(port, socket);
    }

    private static SampleClient connect(int port, Socket socket) throws IOException {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_TIMEOUT_MS);
            return new SampleClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one response to a request other than HEAD. */
    void receive() throws IOException {
        SampleMessage.skipContent(receiveHead(), in);
    }

    /** Reads the head of one response. */
    List<String> receiveHead() throws IOException {
        List<String> head = SampleMessage.readHead(in);
        if (head.isEmpty()) throw new IOException("the connection was closed instead of an answer");
        return head;
    }

    /** Reads and drops what comes until the connection ends, in whichever way. */
    void awaitEnd() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A reset, or silence for too long: an end as well.
        }
    }

    /** Says that no more requests will come. */
    void endRequests() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
