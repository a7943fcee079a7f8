package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.Io;
import org.jspecify.annotations.Nullable;

/** What TLS on one engine needs beside its connections: threads for handshakes, and scratch memory for each loop. */
@AnyThread
public final class TlsRuntime implements AutoCloseable {
    private final TlsOptions options;
    private final HandshakePool handshakes;
    private final HandshakePool ownHandshakes;
    private final @Nullable TlsLoop[] loops; // each element belongs to its loop

    /**
     * @param io of the engine
     * @param loopCount how many loops the engine has
     */
    public TlsRuntime(Io io, int loopCount, TlsOptions options) {
        this.options = options;
        this.handshakes = pool(io, "headgate-tls", options);
        this.ownHandshakes = pool(io, "headgate-tls-origins", options);
        this.loops = new @Nullable TlsLoop[loopCount];
    }

    private static HandshakePool pool(Io io, String name, TlsOptions options) {
        int threads = options.handshakeThreads();
        int waitingMax = options.handshakesWaitingMax();
        return new HandshakePool(io.workPool(name, threads, HandshakePool.places(waitingMax)), threads, waitingMax);
    }

    /** This loop's part, made at first use. */
    @LoopConfined
    TlsLoop of(EventLoop loop) {
        TlsLoop known = loops[loop.index()];
        if (known == null) {
            known = new TlsLoop(loop, options, handshakes, ownHandshakes);
            loops[loop.index()] = known;
        }
        return known;
    }

    /** Whether handshakes of clients are computed now, or wait for it. By any thread. */
    public boolean isAtWorkForClients() {
        return handshakes.isAtWork();
    }

    HandshakePool handshakes() {
        return handshakes;
    }

    /** For the end of the engine: what is computed no more ends without counting as failed. */
    @Override
    public void close() {
        handshakes.close();
        ownHandshakes.close();
    }
}
