package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection's handshake; gone when it is done. What costs computing time runs in the pool, one task at a time, and nothing else uses the
 * engine meanwhile; reading is paused until its result is back.
 */
@LoopConfined
abstract class Handshake extends Timer {
    private static final long MS_PER_SECOND = 1000;
    private static final String ENGINES_OF_THE_JDK = "sun.security.ssl.";

    /** What a handshake waits for. */
    enum Need {
        BYTES,
        TASK,
        NOTHING
    }

    final TlsConnection connection;
    final TlsLoop tls;
    private long beganNs;
    private boolean hasComputed; // or computes at the moment
    private boolean isTaskRunning;
    private volatile boolean isOver; // written by the loop; a task that misses it runs in vain

    Handshake(TlsConnection connection) {
        this.connection = connection;
        this.tls = connection.tls();
    }

    /** The peers can talk from now on, and have so long. */
    final void startClock(long timeoutNs) {
        beganNs = tls.loop.nowNs();
        tls.loop.timers().arm(this, beganNs + timeoutNs);
    }

    /** Whether the session was made before the handshake that began at {@code wallMs}: a resumed one was, a new one is made in it. */
    final boolean isSessionOlderThan(long wallMs) {
        long createdMs = connection.engine().getSession().getCreationTime();
        // Other engines than the JDK's may know the second only: of a session that began in the same, nobody can tell.
        boolean isWholeSecond = createdMs % MS_PER_SECOND == 0
                && !connection.engine().getClass().getName().startsWith(ENGINES_OF_THE_JDK);
        return createdMs < (isWholeSecond ? wallMs - wallMs % MS_PER_SECOND : wallMs);
    }

    /** How long it has taken, as the loop's cycles saw it. */
    long durationNs() {
        return tls.loop.nowNs() - beganNs;
    }

    boolean isTaskRunning() {
        return isTaskRunning;
    }

    /** Goes on as far as it does without the peer. */
    Need advance() throws SSLException {
        SSLEngine engine = connection.engine();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    // Some engines only find out that they have nothing left to say, and so are done, when they are
                    // asked.
                    if (!tls.writer.sendOwn(connection) && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        return Need.BYTES;
                    }
                }
                case NEED_TASK -> {
                    Runnable task = engine.getDelegatedTask();
                    if (task != null) {
                        compute(task);
                        return Need.TASK;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return Need.BYTES;
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    return Need.NOTHING;
                }
            }
        }
    }

    /** Has {@code task} done in the pool; {@link #onComputed} follows on the loop. */
    final void compute(Runnable task) {
        isTaskRunning = true;
        connection.pauseTransport();
        HandshakePool pool = pool();
        if (hasComputed ? pool.goOn(() -> run(task)) : pool.begin(() -> run(task))) {
            hasComputed = true;
            return;
        }
        isTaskRunning = false;
        if (pool.isClosed()) {
            connection.abort(CloseCause.LOOP_STOPPED); // which is about to; nobody has failed
            return;
        }
        connection.fail(TlsFailure.OVERLOADED, "too many handshakes wait");
    }

    /** Where it is computed. */
    abstract HandshakePool pool();

    /** In the pool. Nobody waits for the handshake of a connection that has ended meanwhile. */
    private void run(Runnable task) {
        if (isOver) {
            return;
        }
        Throwable failure = null;
        try {
            task.run();
        } catch (Throwable e) {
            failure = e; // What a delegated task throws, the engine keeps and throws again; this is of another kind.
        }
        Throwable told = failure;
        tls.loop.complete(() -> onComputed(told));
    }

    private void onComputed(@Nullable Throwable failure) {
        isTaskRunning = false;
        if (connection.handshake() != this || connection.isEnding()) {
            return; // It has ended meanwhile.
        }
        if (failure != null) {
            connection.fail(TlsFailure.INTERNAL, failure);
            return;
        }
        try {
            Need need = advance();
            if (need == Need.NOTHING) {
                connection.onHandshakeDone();
            }
            if (!isTaskRunning) {
                connection.resumeTransport();
            }
        } catch (SSLException e) {
            connection.fail(TlsFailures.kindOf(e), e);
        }
    }

    /** The transport is connected. */
    abstract void onTransportOpen();

    /** The transport has bytes. */
    abstract void onBytes(ByteBuffer lent);

    /** Whether the connection is ready for its handler; asked when the handshake is done, and again after a task that this has begun. */
    boolean mayOpen() {
        return true;
    }

    /** Whether an earlier session was resumed; asked when the handshake is done. */
    abstract boolean isResumed();

    /** The timer is no longer needed. */
    void end() {
        isOver = true;
        tls.loop.timers().retire(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        connection.onHandshakeDeadline();
    }
}
