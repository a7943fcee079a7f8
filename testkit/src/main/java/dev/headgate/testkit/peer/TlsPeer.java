package dev.headgate.testkit.peer;

import dev.headgate.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A blocking TLS client whose records a test has in its hands: it can send them in pieces, twice, or changed. */
public final class TlsPeer implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SSLEngine engine;
    private final Socket socket;
    private final InputStream in;
    private final ByteBuffer cipher = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private final ByteArrayOutputStream flight = new ByteArrayOutputStream(); // what waits to be sent as one
    private int pieceBytes = Integer.MAX_VALUE;
    private boolean isGathering;

    /**
     * Connects; the handshake is yet to begin.
     *
     * @param serverName to ask for
     * @param version alone, as the JDK writes it: {@code TLSv1.2}
     */
    public static TlsPeer connect(SSLContext context, int port, String serverName, String version) throws IOException {
        SSLEngine engine = context.createSSLEngine(serverName, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        return new TlsPeer(engine, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private TlsPeer(SSLEngine engine, InetSocketAddress address) throws IOException {
        this.engine = engine;
        this.socket = new Socket(address.getAddress(), address.getPort());
        this.in = socket.getInputStream();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
    }

    /** Sends in pieces of that many bytes from here on. */
    public TlsPeer inPiecesOf(int bytes) {
        pieceBytes = bytes;
        return this;
    }

    /** Sends all messages of the handshake that belong together in one piece: a server that ends at the first has read the others. */
    public TlsPeer inFlights() {
        isGathering = true;
        return this;
    }

    /** For what is not here: parameters before the handshake, the end of output after it. */
    public SSLEngine engine() {
        return engine;
    }

    /** Does the handshake to its end. */
    public TlsPeer handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step();
        }
        takeOff();
        return this;
    }

    /** Does the handshake to where the client has read something and is to answer: its certificate is still to come, and {@link #handshake} goes on. */
    public TlsPeer handshakeHalfway() throws IOException {
        engine.beginHandshake();
        boolean hasRead = false;
        while (!hasRead || engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            hasRead |= engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
            step();
        }
        return this;
    }

    /** One step of the handshake. */
    public void step() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> {
                flight.writeBytes(records(new byte[0]));
                if (!isGathering) takeOff();
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                takeOff();
                if (!unwrap()) {
                    throw new EOFException("the server has ended the connection within the handshake");
                }
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }

    private void takeOff() throws IOException {
        if (flight.size() > 0) {
            sendRaw(flight.toByteArray());
            flight.reset();
        }
    }

    /** {@code bytes} as records; what the engine has to say by itself when there are none. */
    public byte[] records(byte[] bytes) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        ByteBuffer made = ByteBuffer.allocate(BUFFER_BYTES + bytes.length);
        do {
            engine.wrap(source, made);
        } while (source.hasRemaining());
        byte[] result = new byte[made.position()];
        made.flip().get(result);
        return result;
    }

    /** Sends {@code bytes} as records. */
    public void send(byte[] bytes) throws IOException {
        sendRaw(records(bytes));
    }

    /** Sends a key update (RFC 8446 §4.6.3), which is what beginning a handshake means in TLS 1.3. */
    public void updateKeys() throws IOException {
        engine.beginHandshake();
        sendRaw(records(new byte[0]));
    }

    /** Sends {@code bytes} as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
            socket.getOutputStream().write(bytes, at, Math.min(pieceBytes, bytes.length - at));
        }
    }

    /** Reads until {@code count} plain bytes have come in all, and answers all; fewer when the server ends before. */
    public byte[] receive(int count) throws IOException {
        while (plain.size() < count && !engine.isInboundDone()) {
            if (!unwrap()) {
                break;
            }
        }
        return plain.toByteArray();
    }

    /** Reads until the server ends; an exception when it sends a fatal alert. */
    public byte[] receiveAll() throws IOException {
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

    /** Ends the socket's output, without a word of TLS. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
