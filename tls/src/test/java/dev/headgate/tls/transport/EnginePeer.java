package dev.headgate.tls.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A blocking client whose records a test has in its hands: it can send them in pieces, twice, or changed. */
final class EnginePeer implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    final SSLEngine engine;
    private final Socket socket;
    private final InputStream in;
    private final ByteBuffer cipher = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private int pieceBytes = Integer.MAX_VALUE;

    EnginePeer(SSLContext context, InetSocketAddress address, String version) throws IOException {
        this(context.createSSLEngine(Keys.NAME, address.getPort()), address);
        engine.setEnabledProtocols(new String[] {version});
    }

    private EnginePeer(SSLEngine engine, InetSocketAddress address) throws IOException {
        this.engine = engine;
        this.socket = new Socket(address.getAddress(), address.getPort());
        this.in = socket.getInputStream();
        engine.setUseClientMode(true);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TlsBench.PATIENCE.toMillis());
    }

    /** Sends in pieces of that many bytes from here on. */
    EnginePeer inPiecesOf(int bytes) {
        pieceBytes = bytes;
        return this;
    }

    EnginePeer handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step();
        }
        return this;
    }

    /** One step of the handshake. */
    void step() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> sendRaw(records(new byte[0]));
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }

    /** {@code bytes} as records; what the engine has to say by itself when there are none. */
    byte[] records(byte[] bytes) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        ByteBuffer made = ByteBuffer.allocate(BUFFER_BYTES + bytes.length);
        do {
            engine.wrap(source, made);
        } while (source.hasRemaining());
        byte[] result = new byte[made.position()];
        made.flip().get(result);
        return result;
    }

    void send(byte[] bytes) throws IOException {
        sendRaw(records(bytes));
    }

    /** Sends a key update (RFC 8446 §4.6.3), which is what beginning a handshake means in TLS 1.3. */
    void updateKeys() throws IOException {
        engine.beginHandshake();
        sendRaw(records(new byte[0]));
    }

    void sendRaw(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
            socket.getOutputStream().write(bytes, at, Math.min(pieceBytes, bytes.length - at));
        }
    }

    /** Reads until {@code count} plain bytes have come in all, and answers all; fewer when the server ends before. */
    byte[] receive(int count) throws IOException {
        while (plain.size() < count && !engine.isInboundDone()) {
            if (!unwrap()) {
                break;
            }
        }
        return plain.toByteArray();
    }

    /** Reads until the server ends; an exception when it sends a fatal alert. */
    byte[] receiveAll() throws IOException {
        return receive(Integer.MAX_VALUE);
    }

    private boolean unwrap() throws IOException {
        ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
        SSLEngineResult result = engine.unwrap(cipher, out);
        plain.write(out.array(), 0, out.position());
        return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW || fill();
    }

    private boolean fill() throws IOException {
        cipher.compact();
        int count = in.read(cipher.array(), cipher.position(), cipher.remaining());
        cipher.position(cipher.position() + Math.max(0, count)).flip();
        return count >= 0;
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
