package dev.headgate.engine.loop;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one connection; {@link LoopReader} and {@link LoopWriter} move its bytes.
 * <pre>
 *   CONNECTING ──connected──> OPEN ──close, output pending──> FLUSHING
 *        │                     │                                 │ all sent
 *        └── failed, closed ───┴── closed, aborted, reset ───────┴──> ENDING ──deferred──> CLOSED
 * </pre>
 * An accepted connection begins OPEN. ENDING waits in the loop's queue, so that neither the socket nor the buffers go away under a
 * call that still uses them, and {@code onClosed} never comes from inside a call of the handler.
 *
 * <p>There may be ten thousand idle ones: fields are few, and what is needed only for a call lives in the loop.
 */
@LoopConfined
final class TcpConnection implements Connection, Pollable {
    enum State {
        CONNECTING,
        OPEN,
        FLUSHING,
        ENDING,
        CLOSED
    }

    /** Until the factory has made one. */
    static final ConnectionHandler NO_HANDLER = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onClosed(Connection connection, CloseCause cause) {}
    };

    private final LoopCore loop;
    StreamSocket socket; // what takes its place until it is connected, where it has several addresses
    final SocketOptions options;
    private final @Nullable BoundListener listener; // whose permit it holds
    private ConnectionHandler handler;
    private State state = State.CONNECTING;
    private CloseCause cause = CloseCause.CLOSED; // means something from ENDING on
    private int interest; // Ops that the poller watches

    // Input, by LoopReader.
    @Nullable
    PooledBuffer retained; // unconsumed bytes, ready to read

    boolean isReadFast; // by LoopReader: the last reads were full, and all of it was taken
    boolean isInputDrained; // by LoopReader: the last read was short
    private boolean isReadingPaused;
    private boolean isInputEnded;

    // Output, by LoopWriter. A chain exists only while the socket did not take everything.
    @Nullable
    PooledBuffer outputHead;

    @Nullable
    PooledBuffer outputTail;

    long sentBytes;
    long sentBytesBeforeCycle; // the last cycle in which the socket has taken any
    long sentCycle;
    int outputQueuedBytes;
    int corkedBytes;
    private boolean hasWrittenOnce;
    private boolean isSendingAtOnce;
    private boolean isWritableAwaited; // a write has reported back-pressure
    private boolean isOutputEndWanted;
    private boolean isOutputEnded;
    private boolean isOutputBroken; // a write has failed: nothing more goes out, but what has arrived may still be read
    private boolean isOutputBrokenOwed; // the handler does not know of it

    // Owed to the handler, by the loop's deferred queue.
    private boolean isQueued;
    private boolean isOpenOwed;
    private boolean isRepresentationOwed;
    private boolean isWritableOwed;

    // By ConnectionList.
    @Nullable
    TcpConnection previousInLoop;

    @Nullable
    TcpConnection nextInLoop;

    TcpConnection(
            LoopCore loop,
            StreamSocket socket,
            SocketOptions options,
            ConnectionHandler handler,
            @Nullable BoundListener listener) {
        this.loop = loop;
        this.socket = socket;
        this.options = options;
        this.handler = handler;
        this.listener = listener;
    }

    // ---- beginning

    void beginConnect() {
        try {
            interest = socket.isConnected() ? Ops.READ : Ops.CONNECT;
            socket.register(loop.poller(), this, interest);
            if (interest == Ops.READ) {
                isOpenOwed = true; // A Unix-domain connect completes at once; onOpen must not come from inside connect.
                enqueueOwed();
            }
        } catch (IOException e) {
            end(CloseCause.CONNECT_FAILED);
        }
    }

    /** The connection was accepted and has its handler. */
    void beginAccepted(ConnectionHandler accepted) {
        handler = accepted;
        become(State.OPEN);
        try {
            interest = Ops.READ;
            socket.register(loop.poller(), this, Ops.READ);
        } catch (IOException e) {
            end(CloseCause.RESET);
            return;
        }
        callOpen();
    }

    private void onConnectReady() {
        try {
            if (!socket.finishConnect()) {
                return;
            }
        } catch (ConnectException e) {
            end(CloseCause.CONNECT_REFUSED);
            return;
        } catch (IOException e) {
            end(CloseCause.CONNECT_FAILED);
            return;
        }
        if (socket instanceof ConnectRace race) {
            socket = race.winner();
        }
        become(State.OPEN);
        setInterest(Ops.READ);
        callOpen();
    }

    private void callOpen() {
        try {
            handler.onOpen(this);
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    // ---- events

    @Override
    public void onReady(int readyOps) {
        loop.beginCycle();
        if (state == State.CONNECTING) {
            onConnectReady();
            return;
        }
        if ((readyOps & Ops.WRITE) != 0) {
            loop.writer.onWritable(this);
        }
        if ((readyOps & Ops.READ) != 0) {
            loop.reader.onReadable(this);
        }
    }

    @Override
    public void onReadyFailed(Throwable failure) {
        onHandlerFailed(failure);
    }

    /** Lends {@code bytes} to the handler, which first learns of a broken output: it may want no more bytes then. */
    void callBytes(ByteBuffer bytes) {
        isRepresentationOwed = false;
        if (isOutputBrokenOwed) {
            callOutputBroken();
            if (!mayRead()) {
                return;
            }
        }
        try {
            handler.onBytes(this, bytes);
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    void onInputEnd() {
        isInputEnded = true;
        setInterest(interest & ~Ops.READ);
        if (isOutputBroken) {
            // Not an end that the peer meant: the system reports a reset once, and our write had it.
            end(CloseCause.RESET);
        }
        if (state != State.OPEN) {
            return;
        }
        try {
            handler.onEnd(this);
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    private void onHandlerFailed(Throwable failure) {
        loop.reportFailure("handler", failure);
        end(CloseCause.HANDLER_FAILED);
    }

    /** Called from the deferred queue. */
    void runOwed() {
        isQueued = false;
        if (isOpenOwed && state == State.CONNECTING) {
            onConnectReady();
        }
        if (isRepresentationOwed) {
            isRepresentationOwed = false;
            if (mayRead()) {
                isInputDrained = false; // The socket may have filled since.
                loop.reader.presentRetained(this);
            }
        }
        if (isWritableOwed) {
            isWritableOwed = false;
            if (state == State.OPEN) {
                callWritable();
            }
        }
    }

    private void callWritable() {
        try {
            handler.onWritable(this);
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    private void callOutputBroken() {
        isOutputBrokenOwed = false;
        try {
            handler.onOutputBroken(this);
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    private void enqueueOwed() {
        if (!isQueued) {
            isQueued = true;
            loop.enqueueOwed(this);
        }
    }

    // ---- reading

    @Override
    public void pauseReading() {
        assert loop.inLoop();
        isReadingPaused = true;
        isReadFast = false;
    }

    @Override
    public void resumeReading() {
        assert loop.inLoop();
        if (!isReadingPaused) {
            return;
        }
        isReadingPaused = false;
        if (state != State.OPEN) {
            return;
        }
        if (!isInputEnded) {
            setInterest(interest | Ops.READ);
        }
        // Also when nothing is retained yet: the handler may be resuming from inside onBytes, with bytes still to be
        // left.
        isRepresentationOwed = true;
        enqueueOwed();
    }

    @Override
    public boolean isReadingPaused() {
        return isReadingPaused;
    }

    @Override
    public boolean isInputDrained() {
        return isInputDrained;
    }

    /** Whether bytes may be presented to the handler now. */
    boolean mayRead() {
        return state == State.OPEN && !isReadingPaused;
    }

    /** Whether the handler has asked for what is retained, and not seen it yet. */
    boolean isRepresentationOwed() {
        return isRepresentationOwed;
    }

    /** An event arrived that cannot be taken: only now is it worth a system call to stop watching. */
    void stopWatchingInput() {
        setInterest(interest & ~Ops.READ);
    }

    // ---- writing

    @Override
    public boolean write(ByteBuffer bytes) {
        assert loop.inLoop();
        if (!mayWrite()) {
            bytes.position(bytes.limit());
            return true;
        }
        loop.writer.write(this, bytes);
        return isBelowHighWatermark();
    }

    @Override
    public boolean write(ByteBuffer[] pieces, int count) {
        assert loop.inLoop();
        if (!mayWrite()) {
            for (int i = 0; i < count; i++) {
                pieces[i].position(pieces[i].limit());
            }
            return true;
        }
        loop.writer.write(this, pieces, count);
        return isBelowHighWatermark();
    }

    @Override
    public @Nullable ByteBuffer beginWrite() {
        assert loop.inLoop();
        return mayWrite() ? loop.writer.begin(this) : null;
    }

    @Override
    public boolean endWrite() {
        loop.writer.end(this);
        return isBelowHighWatermark();
    }

    boolean mayWrite() {
        return state == State.OPEN && !isOutputEndWanted && !isOutputBroken;
    }

    /** Whether queued bytes still go anywhere: also those of a connection that closes in order. */
    boolean isWritten() {
        return !isOutputBroken && (state == State.OPEN || state == State.FLUSHING);
    }

    private boolean isBelowHighWatermark() {
        if (pendingWriteBytes() < options.highWatermarkBytes()) {
            return true;
        }
        if (outputHead == null) {
            loop.writer.flush(); // All of it waits in the cork to be joined, and the socket has not been asked.
            if (pendingWriteBytes() < options.highWatermarkBytes()) {
                return true;
            }
        }
        isWritableAwaited = state == State.OPEN;
        isWritableOwed = false; // Not told yet and no longer true: it follows when output has fallen again.
        return false;
    }

    @Override
    public long pendingWriteBytes() {
        return (long) outputQueuedBytes + corkedBytes;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long sentBytesBeforeCycle() {
        return sentCycle == loop.cells().cycles() ? sentBytesBeforeCycle : sentBytes;
    }

    @Override
    public void shutdownOutput() {
        assert loop.inLoop();
        if (mayWrite()) {
            isOutputEndWanted = true;
            afterOutput();
        }
    }

    /** Before each write call: from the second on, small segments must not wait for an acknowledgement (Nagle's algorithm). */
    void beforeSocketWrite() throws IOException {
        if (isSendingAtOnce) {
            return;
        }
        if (hasWrittenOnce) {
            isSendingAtOnce = true;
            if (options.noDelay()) {
                socket.sendAtOnce();
            }
        }
        hasWrittenOnce = true;
    }

    void watchOutput() {
        setInterest(interest | Ops.WRITE);
    }

    void stopWatchingOutput() {
        setInterest(interest & ~Ops.WRITE);
    }

    /** Output has moved: tells the handler if it waits, and does what was put off until everything was sent. */
    void afterOutput() {
        if (isWritableAwaited && pendingWriteBytes() <= options.lowWatermarkBytes()) {
            isWritableAwaited = false;
            isWritableOwed = true;
            enqueueOwed();
        }
        if (pendingWriteBytes() == 0) {
            onOutputSent();
        }
    }

    private void onOutputSent() {
        if (state == State.FLUSHING) {
            end(CloseCause.CLOSED);
        } else if (isOutputEndWanted && !isOutputEnded && state == State.OPEN) {
            isOutputEnded = true;
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                end(CloseCause.RESET);
            }
        }
    }

    // ---- ending

    @Override
    public void close() {
        assert loop.inLoop();
        if (state == State.CONNECTING) {
            end(CloseCause.CLOSED);
        } else if (state == State.OPEN) {
            closeOpen();
        }
    }

    private void closeOpen() {
        if (pendingWriteBytes() == 0 || isOutputBroken) {
            end(CloseCause.CLOSED);
            return;
        }
        become(State.FLUSHING);
        if (!isInputEnded) {
            setInterest(
                    interest | Ops.READ); // Input that lies unread at the end would turn our last bytes into a reset.
        }
    }

    @Override
    public void abort() {
        assert loop.inLoop();
        end(CloseCause.ABORTED);
    }

    void onBudgetExceeded() {
        if (isAlive()) {
            loop.cells().increment(CounterCells.BUDGET_ABORTS);
        }
        end(CloseCause.BUDGET_EXCEEDED);
    }

    void onReadFailed() {
        end(CloseCause.RESET);
    }

    /**
     * The peer takes no more bytes. It may have said why before: a server that answers early and closes makes our next write fail while its
     * answer lies unread in the socket. So what has arrived is read to its end first.
     */
    void onWriteFailed() {
        if (state != State.OPEN || isInputEnded) {
            end(CloseCause.RESET);
        } else if (!isOutputBroken) {
            isOutputBroken = true;
            isOutputBrokenOwed = true;
            loop.writer.forget(this);
            setInterest(interest & ~Ops.WRITE);
            loop.defer(this::readOut);
        }
    }

    private void readOut() {
        if (state == State.OPEN && isOutputBrokenOwed) {
            callOutputBroken();
        }
        if (mayRead()) {
            loop.reader.onReadable(this);
            loop.reader.deliver();
        }
    }

    /** A read has found nothing. */
    void onNothingToRead() {
        if (isOutputBroken) {
            end(CloseCause.RESET);
        }
    }

    /** Ends the connection in this cycle's last phase; the first cause wins. */
    void end(CloseCause first) {
        if (!isAlive()) {
            return;
        }
        cause = first;
        become(State.ENDING);
        loop.writer.forget(this);
        loop.enqueueEnding(this);
    }

    private boolean isAlive() {
        return state != State.ENDING && state != State.CLOSED;
    }

    /**
     * Called from the queue of endings: gives everything back, then says so. The socket goes first, and no {@code switch} over an enum is
     * made on the way: its table is a class of its own, which could not be loaded from a folder while descriptors are short.
     */
    void finish() {
        CloseCause why = cause;
        become(State.CLOSED);
        boolean isOrderly = why != CloseCause.ABORTED
                && why != CloseCause.BUDGET_EXCEEDED
                && why != CloseCause.HANDLER_FAILED
                && outputHead == null; // What a stopping loop leaves unsent must not pass for all there was.
        if (isOrderly) {
            socket.close();
        } else {
            socket.reset();
        }
        loop.forget(this);
        if (listener != null) {
            listener.onConnectionClosed();
        }
        loop.writer.releaseOutput(this);
        PooledBuffer input = retained;
        if (input != null) {
            retained = null;
            input.release();
        }
        callClosed(why);
    }

    private void callClosed(CloseCause why) {
        try {
            handler.onClosed(this, why);
        } catch (Throwable failure) {
            loop.reportFailure("handler", failure);
        }
    }

    // ---- facts

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public void handler(ConnectionHandler replacement) {
        assert loop.inLoop();
        handler = replacement;
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN;
    }

    State state() {
        return state;
    }

    private void become(State next) {
        assert isLegal(state, next) : state + " to " + next;
        state = next;
    }

    static boolean isLegal(State from, State to) {
        return switch (from) {
            case CONNECTING -> to == State.OPEN || to == State.ENDING;
            case OPEN -> to == State.FLUSHING || to == State.ENDING;
            case FLUSHING -> to == State.ENDING;
            case ENDING -> to == State.CLOSED;
            case CLOSED -> false;
        };
    }

    private void setInterest(int ops) {
        if (ops != interest && isAlive()) {
            interest = ops;
            socket.interest(ops);
        }
    }
}
