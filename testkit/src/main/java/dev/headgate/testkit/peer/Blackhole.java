package dev.headgate.testkit.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port on which a connect neither succeeds nor fails: its accept queue is full and nobody accepts (Linux). */
public final class Blackhole implements AutoCloseable {
    private static final int PROBE_TIMEOUT_MS = 200;
    private static final int QUEUE_MAX = 64;

    private final ServerSocket server;
    private final List<Socket> fillers = new ArrayList<>();

    private Blackhole() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        fillQueue();
    }

    public static Blackhole open() {
        try {
            return new Blackhole();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fillQueue() throws IOException {
        while (fillers.size() < QUEUE_MAX) {
            var filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), PROBE_TIMEOUT_MS);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
        throw new IOException("accept queue never fills");
    }

    /** The endpoint as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            for (var filler : fillers) {
                filler.close();
            }
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
