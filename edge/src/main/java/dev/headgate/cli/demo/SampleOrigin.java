package dev.headgate.cli.demo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tiny origin on a free port of the loopback address. It answers every request with a text that tells what it received,
 * so that a visitor sees what the proxy made of it; {@code /big} answers with 1 MiB in chunks, and to some paths it
 * answers badly or not at all ({@link SampleManner}).
 */
public final class SampleOrigin implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int BIG_CHUNKS = 64;
    private static final byte[] BIG_CHUNK = "0123456789abcde\n".repeat(1024).getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private SampleOrigin(String name, ServerSocket socket) {
        this.name = name;
        this.socket = socket;
    }

    /** Starts an origin that calls itself {@code name}. */
    public static SampleOrigin start(String name) throws IOException {
        ServerSocket socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        SampleOrigin origin = new SampleOrigin(name, socket);
        Thread.ofVirtual().name("sample-origin-" + name).start(origin::acceptAll);
        return origin;
    }

    /** Where it listens, as an endpoint of a configuration. */
    public String address() {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                // close() ends accept() like this; any other failure leaves nothing to accept either.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        open.add(connection);
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            var out = new BufferedOutputStream(connection.getOutputStream());
            SampleRequest request = SampleRequest.read(in);
            while (request != null) {
                SampleManner manner = SampleManner.askedBy(request);
                respond(request, manner, out);
                out.flush();
                if (manner == SampleManner.RESETS) connection.setSoLinger(true, 0);
                request = manner.isLast() || request.isLast() ? null : SampleRequest.read(in);
            }
        } catch (IOException | UncheckedIOException e) {
            // The visitor went away: there is nobody left to tell.
        } finally {
            open.remove(connection);
        }
    }

    private void respond(SampleRequest request, SampleManner manner, OutputStream out) throws IOException {
        boolean withContent = !request.method().equals("HEAD");
        if (request.path().equals("/big")) {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
            if (withContent) writeBig(out);
            return;
        }
        byte[] content = describe(request).getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nServer: sample-origin\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + manner.fieldLines(content.length);
        switch (manner) {
            case USUAL, LEAVES, ENDS -> {
                write(out, head + "\r\n");
                if (withContent) out.write(content);
            }
            case CUTS -> write(out, head + "\r\nOrigin");
            case GOES, RESETS -> {}
        }
    }

    private String describe(SampleRequest request) {
        StringBuilder text = new StringBuilder("Origin ").append(name).append(" received\n\n");
        request.headLines().forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("\nand ").append(request.contentBytes()).append(" bytes of content.\n");
        return text.toString();
    }

    private static void writeBig(OutputStream out) throws IOException {
        for (int i = 0; i < BIG_CHUNKS; i++) {
            write(out, Integer.toHexString(BIG_CHUNK.length) + "\r\n");
            out.write(BIG_CHUNK);
            write(out, "\r\n");
        }
        write(out, "0\r\n\r\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Stops listening, and resets what is open. */
    @Override
    public void close() {
        closeQuietly(socket);
        open.forEach(SampleOrigin::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // A socket that cannot be closed is gone already.
        }
    }
}
