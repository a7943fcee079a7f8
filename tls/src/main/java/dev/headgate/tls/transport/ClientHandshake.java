package dev.headgate.tls.transport;

import dev.headgate.engine.LoopConfined;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A handshake that we begin, once the transport is connected. Already the hello takes computing, for the keys in it. */
@LoopConfined
final class ClientHandshake extends Handshake {
    private final long timeoutNs;
    private long beganWallMs;

    ClientHandshake(TlsConnection connection, long timeoutNs) {
        super(connection);
        this.timeoutNs = timeoutNs;
    }

    @Override
    HandshakePool pool() {
        return tls.ownHandshakes;
    }

    @Override
    void onTransportOpen() {
        startClock(timeoutNs);
        beganWallMs = tls.loop.wallMs();
        SSLEngine engine = connection.engine();
        compute(() -> begin(engine));
    }

    private static void begin(SSLEngine engine) {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void onBytes(ByteBuffer lent) {
        tls.reader.read(connection, lent);
    }

    @Override
    boolean isResumed() {
        return isSessionOlderThan(beganWallMs);
    }
}
