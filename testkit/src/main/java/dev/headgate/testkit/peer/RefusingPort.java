package dev.headgate.testkit.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;

/** A port that refuses every connection, and that nobody else can take: bound, but not listening. */
public final class RefusingPort implements AutoCloseable {
    private final Socket socket = new Socket();

    private RefusingPort(InetSocketAddress address, boolean isShared) throws IOException {
        if (isShared) {
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        socket.bind(address);
    }

    public static RefusingPort open() {
        try {
            return new RefusingPort(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port of one who listens there with {@code SO_REUSEPORT}: it refuses as soon as that one has gone. */
    static RefusingPort beside(InetSocketAddress listening) throws IOException {
        return new RefusingPort(listening, true);
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
