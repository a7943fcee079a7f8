package dev.headgate.exchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * An origin that answers the same few requests for ever, on one thread and with little effort of its own, so that a test can send very many
 * of them. {@code /chunked} gets {@link #BODY_BYTES} in two chunks, everything else gets them by length; a request with content has as many.
 */
final class SteadyOrigin implements AutoCloseable {
    static final int BODY_BYTES = 1024;

    private static final int READ_BYTES = 16 * 1024;
    private static final String FIELDS = "Content-Type: text/plain\r\nServer: steady\r\nETag: \"1\"\r\n";
    private static final byte[] BY_LENGTH =
            ascii("HTTP/1.1 200 OK\r\n" + FIELDS + "Content-Length: 1024\r\n\r\n" + "x".repeat(BODY_BYTES));
    private static final byte[] CHUNKED = ascii("HTTP/1.1 200 OK\r\n" + FIELDS + "Transfer-Encoding: chunked\r\n\r\n"
            + "200\r\n" + "x".repeat(512) + "\r\n200\r\n" + "x".repeat(512) + "\r\n0\r\n\r\n");

    private final Selector selector;
    private final ServerSocketChannel server;
    private final Thread thread;

    private SteadyOrigin() throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().name("steady-origin").daemon().start(this::run);
    }

    static SteadyOrigin start() throws IOException {
        return new SteadyOrigin();
    }

    String address() {
        return "127.0.0.1:" + server.socket().getLocalPort();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::onReady);
            }
        } catch (ClosedSelectorException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = server.accept();
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(READ_BYTES));
            } else {
                read((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private static void read(SocketChannel from, ByteBuffer request) throws IOException {
        if (from.read(request) < 0) {
            from.close();
        } else if (isComplete(request)) {
            ByteBuffer answer = ByteBuffer.wrap(isForChunked(request) ? CHUNKED : BY_LENGTH);
            while (answer.hasRemaining()) {
                from.write(answer);
            }
            request.clear();
        }
    }

    private static boolean isComplete(ByteBuffer request) {
        int content = request.position() > 0 && request.get(0) == 'P' ? BODY_BYTES : 0;
        int headEnd = request.position() - content;
        return headEnd >= 4 && request.getInt(headEnd - 4) == 0x0D0A0D0A;
    }

    private static boolean isForChunked(ByteBuffer request) {
        return request.get("GET /".length()) == 'c';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
