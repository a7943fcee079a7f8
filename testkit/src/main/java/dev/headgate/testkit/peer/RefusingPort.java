package dev.headgate.testkit.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port that refuses every connection, and that nobody else can take: bound, but not listening. */
public final class RefusingPort implements AutoCloseable {
    private final Socket socket = new Socket();

    private RefusingPort(int port) throws IOException {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public static RefusingPort open() {
        return at(0);
    }

    /** In the place of somebody who has just stopped listening there: the port would be anyone's next. */
    public static RefusingPort at(int port) {
        try {
            return new RefusingPort(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoint as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
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
