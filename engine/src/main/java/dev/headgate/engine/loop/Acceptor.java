package dev.headgate.engine.loop;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.timer.Timer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One listener on one loop.
 *
 * <p>When descriptors run out, accept fails and the poller would report the waiting connection again at once, for ever. So the acceptor
 * stops watching and tries again after 10 ms, doubling to a second; and it gives the loop's reserve descriptor up for a moment, to accept
 * one waiting connection and close it.
 */
@LoopConfined
final class Acceptor implements Pollable {
    private static final long BACK_OFF_MIN_NS = 10_000_000;
    private static final long BACK_OFF_MAX_NS = 1_000_000_000;

    private final LoopCore loop;
    private final BoundListener listener;
    private final ListenSocket socket;
    private final int acceptsMax;

    private long backOffNs = BACK_OFF_MIN_NS;
    private boolean isPaused;
    private boolean isClosed;

    private final Timer retry = new Timer() {
        @Override
        protected void onDeadline(long nowNs) {
            watch();
        }
    };

    Acceptor(LoopCore loop, BoundListener listener, ListenSocket socket, int acceptsMax) {
        this.loop = loop;
        this.listener = listener;
        this.socket = socket;
        this.acceptsMax = acceptsMax;
    }

    /** Begins to accept; the first command that the loop gets from its listener. */
    void open() {
        try {
            socket.register(loop.poller(), this, Ops.ACCEPT);
            loop.addAcceptor(this);
        } catch (IOException e) {
            loop.reportFailure("listen", e);
            close();
        }
    }

    void pause() {
        isPaused = true;
        watch();
    }

    void resume() {
        isPaused = false;
        watch();
    }

    void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        loop.timers().retire(retry);
        loop.removeAcceptor(this);
        socket.close();
    }

    private void watch() {
        if (!isClosed) {
            socket.interest(isPaused || retry.isArmed() ? 0 : Ops.ACCEPT);
        }
    }

    @Override
    public void onReady(int readyOps) {
        loop.beginCycle();
        try {
            for (int accepts = 0; accepts < acceptsMax && !isClosed; accepts++) {
                StreamSocket accepted = socket.accept();
                if (accepted == null) {
                    return;
                }
                backOffNs = BACK_OFF_MIN_NS;
                listener.place(loop, accepted);
            }
        } catch (DescriptorLimitException e) {
            loop.cells().increment(CounterCells.DESCRIPTOR_SHORTAGES);
            shedOne();
            onAcceptFailed(e);
        } catch (IOException e) {
            // One connection's trouble, such as a reset while it waited; if the socket itself is broken, the back-off
            // keeps it from spinning.
            onAcceptFailed(e);
        }
    }

    private void onAcceptFailed(IOException failure) {
        loop.cells().increment(CounterCells.ACCEPT_FAILURES);
        backOff();
        listener.onAcceptFailed(loop, failure);
    }

    @Override
    public void onReadyFailed(Throwable failure) {
        loop.reportFailure("accept", failure);
        backOff();
    }

    private void shedOne() {
        loop.reserve.giveUp();
        StreamSocket waiting = acceptOrNull();
        if (waiting != null) {
            waiting.close();
            loop.cells().increment(CounterCells.REFUSED);
        }
        loop.reserve.regain();
    }

    private @Nullable StreamSocket acceptOrNull() {
        try {
            return socket.accept();
        } catch (IOException e) {
            return null; // Another thread took the descriptor first; the connection waits for the retry.
        }
    }

    private void backOff() {
        loop.timers().arm(retry, loop.nowNs() + backOffNs);
        backOffNs = Math.min(backOffNs * 2, BACK_OFF_MAX_NS);
        watch();
    }
}
