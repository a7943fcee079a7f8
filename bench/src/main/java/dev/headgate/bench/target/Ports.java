package dev.headgate.bench.target;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Ports of 127.0.0.1: free ones, and whether somebody answers at one. */
final class Ports {
    private static final byte[] REQUEST =
            "GET /1k HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FINE = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMEOUT_MS = 2000;
    private static final long PAUSE_MS = 10;

    private Ports() {}

    /** A port that nobody listens at just now. Somebody else may take it before its user does, who then tries another. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until a request at {@code port} gets 200; false when the process has ended, or the time is over. */
    static boolean awaitAnswer(int port, ServerProcess process, Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (process.isRunning() && System.nanoTime() - deadlineNs < 0) {
            if (answers(port)) return true;
            Thread.sleep(PAUSE_MS);
        }
        return false;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(REQUEST);
            InputStream input = socket.getInputStream();
            return Arrays.equals(input.readNBytes(FINE.length), FINE);
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }
}
