package dev.headgate.tunnel;

import dev.headgate.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An origin that speaks nothing by itself: a test has each of its connections in its hands. */
final class TcpOrigin implements AutoCloseable {
    private static final int PIECE_BYTES = 64 * 1024;

    private final ServerSocket listening;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    private TcpOrigin() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listening.setSoTimeout((int) Await.DEADLINE.toMillis());
    }

    /** Connections wait until {@link #accept} takes them. */
    static TcpOrigin start() {
        try {
            return new TcpOrigin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends back what it gets, and ends when its client has. */
    static TcpOrigin echo() {
        TcpOrigin origin = start();
        Thread.ofVirtual().name("echo").start(origin::echoAll);
        return origin;
    }

    private void echoAll() {
        while (!listening.isClosed()) {
            try {
                listening.setSoTimeout(0);
                Socket socket = listening.accept();
                accepted.add(socket);
                Thread.ofVirtual().name("echo-connection").start(() -> echo(socket));
            } catch (IOException e) {
                // The listening socket was closed: the loop condition ends the thread.
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            byte[] piece = new byte[PIECE_BYTES];
            for (int count = socket.getInputStream().read(piece);
                    count >= 0;
                    count = socket.getInputStream().read(piece)) {
                socket.getOutputStream().write(piece, 0, count);
            }
        } catch (IOException e) {
            // A reset is an end as well.
        }
    }

    /** The next connection. */
    TcpPeer accept() {
        try {
            Socket socket = listening.accept();
            accepted.add(socket);
            return new TcpPeer(socket);
        } catch (IOException e) {
            throw new AssertionError("nobody connects", e);
        }
    }

    /** Connections so far. */
    int connections() {
        return accepted.size();
    }

    /** The endpoint as a configuration names it. */
    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : accepted) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
