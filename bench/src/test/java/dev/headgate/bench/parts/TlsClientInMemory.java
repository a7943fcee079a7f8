package dev.headgate.bench.parts;

import dev.headgate.testkit.TestCertificates;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** A client's side of TLS without a socket: bytes go in and come out. It offers one version, and AES-128-GCM alone. */
final class TlsClientInMemory {
    private static final int BYTES_MAX = 256 << 10;

    private final SSLEngine engine;
    private final ByteBuffer arrived = ByteBuffer.allocate(BYTES_MAX); // ready to be added to

    TlsClientInMemory(String version) {
        engine = TestCertificates.clientContext().createSSLEngine(TestCertificates.NAME, 443);
        engine.setUseClientMode(true);
        String suite = version.equals("TLSv1.3") ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
        SSLParameters parameters = new SSLParameters(new String[] {suite}, new String[] {version});
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
    }

    boolean isHandshakeDone() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    /** What it has to say in the handshake, at last after {@link #receive}; nothing when it waits. */
    byte[] handshake() throws SSLException {
        if (engine.getSession().getProtocol().equals("NONE")) engine.beginHandshake();
        ByteBuffer said = ByteBuffer.allocate(BYTES_MAX);
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), said);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap(ByteBuffer.allocate(BYTES_MAX))) return taken(said);
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    return taken(said);
                }
            }
        }
    }

    /** {@code plain} as one record. */
    byte[] protect(byte[] plain) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(BYTES_MAX);
        ByteBuffer source = ByteBuffer.wrap(plain);
        engine.wrap(source, record);
        if (source.hasRemaining()) throw new AssertionError("more than a record: length=" + plain.length + " bytes");
        return taken(record);
    }

    /** Bytes have come. */
    void receive(byte[] bytes) {
        arrived.put(bytes);
    }

    /** The plain bytes of what has come. */
    byte[] plain() throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(BYTES_MAX);
        while (unwrap(plain)) {}
        return taken(plain);
    }

    /** Reads a record; false when there is none. */
    private boolean unwrap(ByteBuffer plain) throws SSLException {
        arrived.flip();
        try {
            SSLEngineResult result = engine.unwrap(arrived, plain);
            return result.getStatus() == Status.OK && result.bytesConsumed() > 0;
        } finally {
            arrived.compact();
        }
    }

    private static byte[] taken(ByteBuffer bytes) {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
