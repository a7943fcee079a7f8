package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.PooledBuffer;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The life of one TLS connection, from its handshake to its end. Others do its work for all connections of a loop: {@link Handshake}, {@link RecordReader} and
 * {@link RecordWriter} towards the peer, {@link PlainInput} and {@link PlainOutput} towards its handler. It is the handler of the socket's
 * connection (the transport) and the connection of its own handler.
 * <pre>
 *   HANDSHAKING ──done──> OPEN ──close──> CLOSING ──the transport is gone──> CLOSED
 *        ├──────── failed, closed, aborted ──┘                                   ^
 *        └──── TLS is not ours: somebody else has the transport ─────────────────┘
 * </pre>
 * There may be ten thousand idle ones: an idle one holds an {@code SSLEngine}, and no buffer.
 */
@LoopConfined
final class TlsConnection extends ConnectionFacts implements ConnectionHandler, Runnable {
    private enum State {
        HANDSHAKING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Until the factory has made one. */
    static final ConnectionHandler NO_HANDLER = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onClosed(Connection connection, CloseCause cause) {}
    };

    private final TlsLoop tls;
    private final TlsObserver observer;
    private @Nullable Connection transport; // null only until the call that opens it has returned
    private ConnectionHandler handler;
    private State state = State.HANDSHAKING;
    private @Nullable Handshake handshake; // until it is done
    private @Nullable CloseCause cause; // what the handler is told instead of the transport's own cause
    private @Nullable LastWords lastWords; // from when it has failed
    private boolean isReadingPaused; // by the handler

    // Records read, by RecordReader.
    private boolean isInputLeft; // the transport has brought more than was read, if only part of a record
    int controlRecords;
    long controlSinceNs;

    // Plain bytes read, by PlainInput.
    @Nullable
    PooledBuffer retained; // that the handler has left, ready to read

    boolean isAllShown; // nothing of what the transport has brought is left
    boolean isInputEnded; // close_notify has been read
    boolean isEndOwed; // and the handler does not know
    boolean isPresentationOwed;

    // Plain bytes written, by PlainOutput, RecordWriter and its cork.
    int corkedBytes;
    int burstBytes;
    long lastWriteNs;
    boolean isBelowHighWatermark = true;
    boolean isWritableAwaited;
    boolean isOutputEnded; // close_notify has been sent
    boolean isOutputBroken;

    TlsConnection(TlsLoop tls, TlsObserver observer, ConnectionHandler handler) {
        this.tls = tls;
        this.observer = observer;
        this.handler = handler;
        this.lastWriteNs = tls.loop.nowNs();
    }

    void transport(Connection below) {
        transport = below;
    }

    void begin(Handshake first) {
        handshake = first;
    }

    Connection transport() {
        Connection below = transport;
        assert below != null;
        return below;
    }

    // ---- for its parts

    TlsLoop tls() {
        return tls;
    }

    @Nullable
    Handshake handshake() {
        return handshake;
    }

    /** Whether the connection has failed, or been closed. */
    boolean isEnding() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    /** Whether the handshake is done and the end has not begun. */
    boolean isEstablished() {
        return state == State.OPEN;
    }

    ConnectionHandler handler() {
        return handler;
    }

    void pauseTransport() {
        transport().pauseReading();
    }

    void resumeTransport() {
        if (!isReadingPaused) {
            transport().resumeReading();
        }
    }

    /** Whether records may be read now. */
    boolean mayUnwrap() {
        Handshake current = handshake;
        if (state == State.HANDSHAKING) {
            return current != null && !current.isTaskRunning();
        }
        return state == State.OPEN && !isReadingPaused && !isInputEnded;
    }

    boolean mayWrite() {
        return state == State.OPEN && !isOutputEnded && !isOutputBroken;
    }

    /** Sends records; they are lent, and left empty. */
    void send(ByteBuffer records) {
        isBelowHighWatermark = transport().write(records);
    }

    // ---- the handshake

    @Override
    public void onOpen(Connection opened) {
        Handshake begun = handshake;
        if (begun != null) {
            begun.onTransportOpen();
        }
    }

    void onHandshakeDone() {
        Handshake done = handshake;
        if (done == null || state != State.HANDSHAKING || !done.mayOpen()) {
            return;
        }
        handshake = null;
        controlRecords = 0;
        done.end();
        onAgreed(done.isResumed());
        become(State.OPEN);
        observer.onHandshake(this, done.durationNs());
        try {
            handler.onOpen(this);
        } catch (RuntimeException | Error e) {
            abort(CloseCause.HANDLER_FAILED); // From a command of the loop, nobody else would end the connection.
            throw e;
        }
    }

    void onHandshakeDeadline() {
        if (state == State.HANDSHAKING) {
            fail(TlsFailure.HANDSHAKE_TIMEOUT, "no complete handshake in time");
        }
    }

    /** Steps out of the way: {@code receiver} has the transport from here on, with what it has brought, of which nothing was consumed. */
    void passThrough(HelloDecision.Receiver receiver, ByteBuffer lent) {
        Handshake unfinished = handshake;
        handshake = null;
        if (unfinished != null) {
            unfinished.end();
        }
        become(State.CLOSED);
        Connection below = transport();
        ConnectionHandler next = receiver.take(below, handler, serverName());
        handler = NO_HANDLER;
        below.handler(next);
        next.onOpen(below);
        next.onBytes(below, lent);
    }

    // ---- failing

    void fail(TlsFailure kind, Throwable reason) {
        fail(kind, TlsFailures.detailOf(reason));
    }

    /** Gives up: says why by an alert as far as there is one, and closes. */
    void fail(TlsFailure kind, String detail) {
        if (isEnding()) {
            return;
        }
        become(State.CLOSING);
        cause = CloseCause.TRANSPORT_FAILED;
        tell(kind, detail);
        tls.writer.forget(this);
        sendAlert();
        transport().close();
        if (transport().pendingWriteBytes() > 0) {
            lastWords = new LastWords(transport());
        }
    }

    private void tell(TlsFailure kind, String detail) {
        onFailed(kind, detail);
        observer.onFailure(this, kind, detail);
    }

    /** Sends {@code bytes} as the last of this connection; before there is an engine. */
    void failWith(TlsFailure kind, String detail, ByteBuffer bytes) {
        send(bytes);
        fail(kind, TlsFailures.oneLine(detail));
    }

    private void sendAlert() {
        Handshake current = handshake;
        if (!hasEngine() || isOutputBroken || current != null && current.isTaskRunning()) {
            return; // While a task runs, the engine would make the loop wait for it.
        }
        try {
            tls.writer.sendOwn(this);
        } catch (SSLException e) {
            // The same failure once more: the engine throws it until its alert has been taken, and there may be none.
            assert cause != null;
        }
    }

    // ---- events of the transport

    @Override
    public void onBytes(Connection from, ByteBuffer lent) {
        Handshake current = handshake;
        if (state == State.CLOSING) {
            lent.position(lent.limit());
        } else if (current != null) {
            current.onBytes(lent);
        } else {
            tls.reader.read(this, lent);
        }
    }

    @Override
    public void onWritable(Connection from) {
        tls.output.onWritable(this);
    }

    @Override
    public void onOutputBroken(Connection from) {
        tls.output.onBroken(this);
    }

    @Override
    public void onEnd(Connection from) {
        if (state == State.HANDSHAKING) {
            fail(TlsFailure.PEER_CLOSED, "the peer closed in the handshake");
        } else if (state == State.OPEN && !isInputEnded) {
            onTruncated();
        } else if (state == State.CLOSING) {
            from.close();
        } // Otherwise the handler has been told, and closes when it is done.
    }

    /** A FIN alone may come from anybody on the path (RFC 8446 §6.1): what has arrived need not be all. */
    private void onTruncated() {
        become(State.CLOSING);
        cause = CloseCause.TRUNCATED;
        tell(TlsFailure.TRUNCATED, "the stream ended without close_notify");
        tls.writer.forget(this);
        transport().abort();
    }

    @Override
    public void onClosed(Connection from, CloseCause transports) {
        boolean isLostInHandshake = state == State.HANDSHAKING && transports == CloseCause.RESET && hasEngine();
        become(State.CLOSED);
        Handshake unfinished = handshake;
        if (unfinished != null) {
            handshake = null;
            unfinished.end();
        }
        LastWords told = lastWords;
        if (told != null) {
            lastWords = null;
            told.end();
        }
        tls.writer.forget(this);
        tls.input.release(this);
        if (isLostInHandshake) {
            cause = CloseCause.TRANSPORT_FAILED;
            tell(TlsFailure.PEER_CLOSED, "the connection was lost in the handshake");
        }
        handler.onClosed(this, cause == null ? transports : cause);
    }

    // ---- reading

    /**
     * Records have been read.
     *
     * @param isMoreHere whether the transport has brought more, if only part of a record
     * @param isEnding whether what was read ends the connection
     */
    void onRead(boolean isMoreHere, boolean isEnding) {
        isInputLeft = isMoreHere;
        isAllShown = !isMoreHere && !isEnding;
    }

    @Override
    public boolean isInputLeft() {
        return isInputLeft;
    }

    /** From the loop's deferred queue, where {@link PlainInput} has put it. */
    @Override
    public void run() {
        tls.input.presentOwed(this);
    }

    @Override
    public void pauseReading() {
        isReadingPaused = true;
        transport().pauseReading();
    }

    @Override
    public void resumeReading() {
        if (!isReadingPaused) {
            return;
        }
        isReadingPaused = false;
        transport().resumeReading();
        tls.input.presentLater(this);
    }

    @Override
    public boolean isReadingPaused() {
        return isReadingPaused;
    }

    @Override
    public boolean isInputDrained() {
        return isAllShown && transport().isInputDrained();
    }

    // ---- writing

    @Override
    public boolean write(ByteBuffer bytes) {
        return tls.output.write(this, bytes);
    }

    @Override
    public boolean write(ByteBuffer[] pieces, int count) {
        return tls.output.write(this, pieces, count);
    }

    @Override
    public @Nullable ByteBuffer beginWrite() {
        return tls.output.begin(this);
    }

    @Override
    public boolean endWrite() {
        return tls.output.end(this);
    }

    /** The engine takes no more: the peer's close_notify has ended both directions, as it does in TLS 1.2 (RFC 5246 §7.2.1). */
    void onOutputClosed() {
        if (!isOutputBroken) {
            isOutputBroken = true;
            tls.loop.defer(() -> tls.output.tellBroken(this));
        }
    }

    @Override
    public long pendingWriteBytes() {
        return transport().pendingWriteBytes() + corkedBytes;
    }

    @Override
    public long sentBytes() {
        return transport().sentBytes();
    }

    @Override
    public long sentBytesBeforeCycle() {
        return transport().sentBytesBeforeCycle();
    }

    @Override
    public void shutdownOutput() {
        if (mayWrite()) {
            sendCloseNotify();
            transport().shutdownOutput();
        }
    }

    private void sendCloseNotify() {
        if (!tls.output.sendCloseNotify(this)) {
            cause = CloseCause.TRANSPORT_FAILED; // Nothing more can be said; the end comes anyway.
        }
    }

    // ---- ending

    @Override
    public void close() {
        if (state == State.OPEN) {
            if (!isOutputEnded && !isOutputBroken) {
                sendCloseNotify();
            }
            become(State.CLOSING);
            transport().close();
        } else if (state == State.HANDSHAKING) {
            become(State.CLOSING);
            transport().close();
        }
    }

    @Override
    public void abort() {
        if (state != State.CLOSED) {
            become(State.CLOSING);
            tls.writer.forget(this);
            transport().abort();
        }
    }

    /** Aborts, and has the handler told {@code told}. */
    void abort(CloseCause told) {
        cause = told;
        abort();
    }

    private void become(State next) {
        assert next.ordinal() >= state.ordinal();
        state = next;
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN && transport().isOpen();
    }

    // ---- facts

    @Override
    public EventLoop loop() {
        return tls.loop;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return transport().remoteAddress();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return transport().localAddress();
    }

    @Override
    public void handler(ConnectionHandler replacement) {
        handler = replacement;
    }

    @Override
    public boolean isHandshaking() {
        return state == State.HANDSHAKING && transport().isOpen();
    }
}
