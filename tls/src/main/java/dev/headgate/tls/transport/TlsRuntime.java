package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.WorkPool;
import org.jspecify.annotations.Nullable;

/** What TLS on one engine needs beside its connections: threads for handshakes, and scratch memory for each loop. */
@AnyThread
public final class TlsRuntime implements AutoCloseable {
    private final TlsOptions options;
    private final WorkPool handshakes;
    private final WorkPool ownHandshakes;
    private final @Nullable TlsLoop[] loops; // each element belongs to its loop

    /**
     * @param io of the engine
     * @param loopCount how many loops the engine has
     */
    public TlsRuntime(Io io, int loopCount, TlsOptions options) {
        this.options = options;
        this.handshakes = io.workPool("headgate-tls", options.handshakeThreads(), options.handshakesWaitingMax());
        this.ownHandshakes =
                io.workPool("headgate-tls-origins", options.handshakeThreads(), options.handshakesWaitingMax());
        this.loops = new @Nullable TlsLoop[loopCount];
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

    WorkPool handshakes() {
        return handshakes;
    }

    /** Begins no more handshakes; those under way go on as far as their loops do. */
    @Override
    public void close() {
        handshakes.close();
        ownHandshakes.close();
    }
}
