package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The state of one TLS connection; {@link Handshake}, {@link RecordReader} and {@link RecordWriter} do its work. It is the handler of the
 * socket's connection (the transport) and the connection of its own handler.
 * <pre>
 *   HANDSHAKING ──done──> OPEN ──close──> CLOSING ──the transport is gone──> CLOSED
 *        ├──────── failed, closed, aborted ──┘                                   ^
 *        └──── TLS is not ours: somebody else has the transport ─────────────────┘
 * </pre>
 * There may be ten thousand idle ones: an idle one holds an {@code SSLEngine}, and no buffer.
 */
@LoopConfined
final class TlsConnection implements SecureConnection, ConnectionHandler, Runnable {
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
    private @Nullable SSLEngine engine; // from when it is known which
    private @Nullable String serverName;
    private @Nullable CloseCause failure; // what the handler is told instead of the transport's own cause
    private @Nullable LastWords lastWords; // from when it has failed
    private @Nullable TlsFailure tlsFailure;
    private String tlsFailureDetail = "";
    private @Nullable PeerFault peerFault; // of certificates that were taken nevertheless
    private boolean isTls13;
    private boolean isResumed;

    // Input, by RecordReader.
    private @Nullable PooledBuffer retained; // plain bytes that the handler has left, ready to read
    private boolean isReadingPaused;
    private boolean isInputLeft; // the transport has brought more than was read, if only part of a record
    private boolean isAllShown; // nothing of what the transport has brought is left
    private boolean isInputEnded; // close_notify has been read
    private boolean isEndOwed; // and the handler does not know
    private boolean isPresentationOwed;
    private int controlRecords;
    private long controlSinceNs;

    // Output, by RecordWriter.
    int corkedBytes;
    private int burstBytes;
    private long lastWriteNs;
    private boolean isBelowHighWatermark = true;
    private boolean isWritableAwaited;
    private boolean isOutputEnded; // close_notify has been sent
    private boolean isOutputBroken;

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

    private Connection transport() {
        Connection below = transport;
        assert below != null;
        return below;
    }

    // ---- for its parts

    TlsLoop tls() {
        return tls;
    }

    SSLEngine engine() {
        SSLEngine known = engine;
        assert known != null;
        return known;
    }

    void engine(SSLEngine chosen) {
        engine = chosen;
    }

    void serverName(@Nullable String name) {
        serverName = name;
    }

    void peerFault(PeerFault known) {
        peerFault = known;
    }

    @Nullable
    Handshake handshake() {
        return handshake;
    }

    /** Whether the connection has failed, or been closed. */
    boolean isEnding() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    boolean isTls13() {
        return isTls13;
    }

    boolean isOutputEnded() {
        return isOutputEnded;
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

    /** Counts a record without data; answers how many there were in a time of about {@code windowNs}. */
    int countControlRecord(long nowNs, long windowNs) {
        if (controlRecords == 0 || nowNs - controlSinceNs > windowNs) {
            controlRecords = 0;
            controlSinceNs = nowNs;
        }
        return ++controlRecords;
    }

    /** Whether fewer than {@code bytes} have been written since the last pause. */
    boolean isBurstYoung(int bytes) {
        return burstBytes < bytes;
    }

    void onProtected(int plainBytes) {
        burstBytes = Math.min(burstBytes + plainBytes, Integer.MAX_VALUE / 2);
    }

    /** Sends records; they are lent, and left empty. */
    void send(ByteBuffer records) {
        isBelowHighWatermark = transport().write(records);
    }

    void sendOwn() throws SSLException {
        tls.writer.sendOwn(this);
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
        done.end();
        isTls13 = engine().getSession().getProtocol().equals("TLSv1.3");
        isResumed = done.isResumed();
        state = State.OPEN;
        observer.onHandshake(this, done.durationNs());
        try {
            handler.onOpen(this);
        } catch (RuntimeException | Error e) {
            failure = CloseCause.HANDLER_FAILED; // From a command of the loop, nobody else would end the connection.
            abort();
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
        state = State.CLOSED;
        Connection below = transport();
        ConnectionHandler next = receiver.take(below, handler, serverName);
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
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        failure = CloseCause.TRANSPORT_FAILED;
        tell(kind, detail);
        tls.writer.forget(this);
        sendAlert();
        transport().close();
        if (transport().pendingWriteBytes() > 0) {
            lastWords = new LastWords(transport());
        }
    }

    private void tell(TlsFailure kind, String detail) {
        tlsFailure = kind;
        tlsFailureDetail = detail;
        observer.onFailure(this, kind, detail);
    }

    /** Sends {@code bytes} as the last of this connection; before there is an engine. */
    void failWith(TlsFailure kind, String detail, ByteBuffer bytes) {
        send(bytes);
        fail(kind, TlsFailures.oneLine(detail));
    }

    private void sendAlert() {
        Handshake current = handshake;
        if (engine == null || isOutputBroken || current != null && current.isTaskRunning()) {
            return; // While a task runs, the engine would make the loop wait for it.
        }
        try {
            tls.writer.sendOwn(this);
        } catch (SSLException e) {
            // The same failure once more: the engine throws it until its alert has been taken, and there may be none.
            assert failure != null;
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
        isBelowHighWatermark = true;
        if (isWritableAwaited && state == State.OPEN) {
            isWritableAwaited = false;
            handler.onWritable(this);
        }
    }

    @Override
    public void onOutputBroken(Connection from) {
        isOutputBroken = true;
        tls.writer.forget(this);
        if (state == State.OPEN) {
            handler.onOutputBroken(this);
        }
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
        state = State.CLOSING;
        failure = CloseCause.TRUNCATED;
        tell(TlsFailure.TRUNCATED, "the stream ended without close_notify");
        tls.writer.forget(this);
        transport().abort();
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        boolean isLostInHandshake = state == State.HANDSHAKING && cause == CloseCause.RESET && engine != null;
        state = State.CLOSED;
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
        PooledBuffer left = retained;
        if (left != null) {
            retained = null;
            left.release();
        }
        if (isLostInHandshake) {
            failure = CloseCause.TRANSPORT_FAILED;
            tell(TlsFailure.PEER_CLOSED, "the connection was lost in the handshake");
        }
        handler.onClosed(this, failure == null ? cause : failure);
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

    /** Shows the handler plain bytes, which are lent; what it leaves is kept. */
    void deliver(ByteBuffer plain) {
        if (state != State.OPEN) {
            return;
        }
        PooledBuffer before = retained;
        if (before != null) {
            if (retainBehind(before, plain)) {
                presentRetained();
            }
            return;
        }
        int end = plain.limit();
        handler.onBytes(this, plain);
        plain.limit(end); // A handler that narrowed its view has not consumed the rest.
        if (plain.hasRemaining() && state == State.OPEN) {
            retain(plain);
        }
    }

    private void retain(ByteBuffer rest) {
        PooledBuffer own = tls.loop.buffers().take(rest.remaining());
        if (own == null) {
            onBudgetExceeded();
            return;
        }
        own.buffer().put(rest).flip();
        retained = own;
    }

    /** Puts {@code more} behind what is retained; answers whether there was room. */
    private boolean retainBehind(PooledBuffer before, ByteBuffer more) {
        ByteBuffer bytes = before.buffer();
        int needed = bytes.remaining() + more.remaining();
        if (needed > BufferPool.CAPACITY_MAX) {
            onBudgetExceeded();
            return false;
        }
        if (bytes.capacity() - bytes.limit() < more.remaining()) {
            bytes.compact().flip();
        }
        if (bytes.capacity() - bytes.limit() < more.remaining()) {
            PooledBuffer larger = tls.loop.buffers().take(Math.min(2 * needed, BufferPool.CAPACITY_MAX));
            if (larger == null) {
                onBudgetExceeded();
                return false;
            }
            larger.buffer().put(bytes).flip();
            retained = larger;
            before.release();
            bytes = larger.buffer();
        }
        int end = bytes.limit();
        int added = more.remaining();
        bytes.limit(end + added);
        bytes.put(end, more, more.position(), added);
        more.position(more.limit());
        return true;
    }

    private void onBudgetExceeded() {
        failure = CloseCause.BUDGET_EXCEEDED;
        abort();
    }

    private void presentRetained() {
        PooledBuffer kept = retained;
        if (kept == null) {
            return;
        }
        ByteBuffer bytes = kept.buffer();
        int end = bytes.limit();
        handler.onBytes(this, bytes);
        if (retained != kept) {
            return; // Given back by the end of the connection.
        }
        bytes.limit(end);
        if (!bytes.hasRemaining() || state != State.OPEN) {
            retained = null;
            kept.release();
        }
    }

    /** From the loop's deferred queue: shows what was left, after the handler has resumed reading. */
    @Override
    public void run() {
        if (!isPresentationOwed) {
            return;
        }
        isPresentationOwed = false;
        if (state != State.OPEN || isReadingPaused) {
            return;
        }
        try {
            isAllShown = false; // The transport may have brought more since.
            presentRetained();
            tellEndIfOwed();
        } catch (RuntimeException | Error e) {
            failure = CloseCause.HANDLER_FAILED;
            abort();
            throw e; // The loop reports it.
        }
    }

    void onCloseNotify() {
        if (isInputEnded) {
            return;
        }
        isInputEnded = true;
        isEndOwed = true;
        tellEndIfOwed();
    }

    private void tellEndIfOwed() {
        // Not before what the handler has left and will be shown again.
        if (isEndOwed && state == State.OPEN && !isReadingPaused && !isPresentationOwed) {
            isEndOwed = false;
            handler.onEnd(this);
        }
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
        if (!isPresentationOwed) {
            isPresentationOwed = true;
            tls.loop.defer(this);
        }
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
        if (!mayWrite()) {
            bytes.position(bytes.limit());
            return true;
        }
        onWrite();
        tls.writer.write(this, bytes);
        return answerWrite();
    }

    @Override
    public boolean write(ByteBuffer first, ByteBuffer second, ByteBuffer third) {
        if (!mayWrite()) {
            first.position(first.limit());
            second.position(second.limit());
            third.position(third.limit());
            return true;
        }
        onWrite();
        tls.writer.write(this, first, second, third);
        return answerWrite();
    }

    @Override
    public @Nullable ByteBuffer beginWrite() {
        return mayWrite() ? tls.writer.begin(this) : null;
    }

    @Override
    public boolean endWrite() {
        onWrite();
        tls.writer.end(this);
        return answerWrite();
    }

    private void onWrite() {
        long nowNs = tls.loop.nowNs();
        if (nowNs - lastWriteNs > RecordWriter.PAUSE_NS) {
            burstBytes = 0;
        }
        lastWriteNs = nowNs;
    }

    /** While the transport has a backlog, its answer is wanted for these bytes too, so they do not wait. */
    private boolean answerWrite() {
        if (corkedBytes > 0 && (!isBelowHighWatermark || transport().pendingWriteBytes() > 0)) {
            tls.writer.flush();
        }
        isWritableAwaited |= !isBelowHighWatermark;
        return isBelowHighWatermark;
    }

    @Override
    public long pendingWriteBytes() {
        return transport().pendingWriteBytes() + corkedBytes;
    }

    @Override
    public long sentBytes() {
        return transport().sentBytes();
    }

    /** The engine takes no more: the peer's close_notify has ended both directions, as it does in TLS 1.2 (RFC 5246 §7.2.1). */
    void onOutputClosed() {
        if (!isOutputBroken) {
            isOutputBroken = true;
            tls.loop.defer(this::tellOutputBroken);
        }
    }

    private void tellOutputBroken() {
        if (state != State.OPEN) {
            return;
        }
        try {
            handler.onOutputBroken(this);
        } catch (RuntimeException | Error e) {
            failure = CloseCause.HANDLER_FAILED;
            abort();
            throw e;
        }
        if (state == State.OPEN && isInputEnded) {
            failure = CloseCause.RESET;
            abort();
        }
    }

    @Override
    public void shutdownOutput() {
        if (mayWrite()) {
            sendCloseNotify();
            transport().shutdownOutput();
        }
    }

    private void sendCloseNotify() {
        tls.writer.flush();
        isOutputEnded = true;
        engine().closeOutbound();
        try {
            tls.writer.sendOwn(this);
        } catch (SSLException e) {
            failure = CloseCause.TRANSPORT_FAILED; // Nothing more can be said; the end comes anyway.
        }
    }

    // ---- ending

    @Override
    public void close() {
        if (state == State.OPEN) {
            if (!isOutputEnded && !isOutputBroken) {
                sendCloseNotify();
            }
            state = State.CLOSING;
            transport().close();
        } else if (state == State.HANDSHAKING) {
            state = State.CLOSING;
            transport().close();
        }
    }

    @Override
    public void abort() {
        if (state != State.CLOSED) {
            state = State.CLOSING;
            tls.writer.forget(this);
            transport().abort();
        }
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
    public String version() {
        return engine().getSession().getProtocol();
    }

    @Override
    public String cipherSuite() {
        return engine().getSession().getCipherSuite();
    }

    @Override
    public @Nullable String applicationProtocol() {
        String protocol = engine().getApplicationProtocol();
        return protocol == null || protocol.isEmpty() ? null : protocol;
    }

    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    @Override
    public boolean isResumed() {
        return isResumed;
    }

    @Override
    public boolean isHandshaking() {
        return state == State.HANDSHAKING && transport().isOpen();
    }

    @Override
    public @Nullable TlsFailure failure() {
        return tlsFailure;
    }

    @Override
    public String failureDetail() {
        return tlsFailureDetail;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of(PeerChain.of(engine().getSession()));
    }

    @Override
    public @Nullable PeerFault peerFault() {
        return peerFault;
    }
}
