package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** One end of a TCP connection, blocking, whose waits have a deadline. */
final class TcpPeer implements AutoCloseable {
    private final Socket socket;

    TcpPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
    }

    static TcpPeer connect(int port) {
        try {
            return new TcpPeer(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new AssertionError("cannot connect", e);
        }
    }

    Socket socket() {
        return socket;
    }

    OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    TcpPeer send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    TcpPeer send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new AssertionError("cannot send", e);
        }
    }

    TcpPeer expect(String text) {
        assertEquals(text, new String(receive(text.length()), StandardCharsets.ISO_8859_1));
        return this;
    }

    TcpPeer expect(byte[] bytes) {
        Hex.assertBytes(bytes, receive(bytes.length));
        return this;
    }

    byte[] receive(int count) {
        try {
            return socket.getInputStream().readNBytes(count);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + count + " bytes", e);
        }
    }

    /** Whether bytes are there to be read. */
    boolean hasInput() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TcpPeer halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void expectEnd() {
        assertEquals("end", next());
    }

    void expectReset() {
        assertEquals("reset", next());
    }

    private String next() {
        try {
            int next = socket.getInputStream().read();
            return next < 0 ? "end" : "byte " + next;
        } catch (SocketTimeoutException e) {
            return "open";
        } catch (IOException e) {
            return "reset";
        }
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
