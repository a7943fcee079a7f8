package dev.headgate.upstream;

import static dev.headgate.http.Persistence.PERSISTENT;

import dev.headgate.config.UpstreamConfig.RetryDropped;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Exchange;
import dev.headgate.exchange.Failure;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.exchange.UpstreamStream;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint, serving one exchange after the other (RFC 9112 §9.3).
 * <pre>{@code
 *  CONNECTING ──> AWAITING_HEAD ──final head──> READING_BODY ──┐
 *                  ^   ^  └─1xx─┘                             │ end of the response
 *                  │   └──────────── IDLE (in the pool) <─────┤
 *                  └───────────────────┘                      └──> CLOSED (not reusable; from any state on failure)
 *  AWAITING_HEAD ──101 that was asked for──> TUNNELLED ──> CLOSED
 *  READING_BODY ──little is left of what nobody wants──> DRAINING ──> IDLE or CLOSED, as above
 * }</pre>
 * Extends {@link Timer}: the deadline is that of an idle connection, of what is left of a response that nobody wants, or of a connection that is
 * opened and not yet wanted.
 */
@LoopConfined
@HotPath
public final class Http1ClientSession extends Timer implements ConnectionHandler, UpstreamStream, TunnelEnd {
    private enum State {
        CONNECTING,
        IDLE,
        AWAITING_HEAD,
        READING_BODY,
        DRAINING,
        TUNNELLED,
        CLOSED
    }

    private final UpstreamPool pool;
    private final long endNs; // from when on it is too old to be used
    private final int trustEpoch;
    private final BodyDecoder body = new BodyDecoder();

    // Links of the pool's list of idle sessions.
    @Nullable
    Http1ClientSession newerIdle;

    @Nullable
    Http1ClientSession olderIdle;

    private @Nullable Connection connection;
    private State state = State.CONNECTING;
    private @Nullable Exchange exchange;
    private @Nullable ClientBinding binding; // where the endpoint was told of a client
    private @Nullable ResponseHead partialHead;
    private byte requestMethod; // a number of Method, of which there are few
    private boolean reused;
    private boolean requestChunked;
    private boolean requestEnded;
    private boolean responsePersistent;
    private boolean responsePaused;
    private Failure.Sent sent = Failure.Sent.NOTHING;
    private long sentBytesBefore; // the last request, on its connection; while DRAINING, what may yet be read
    private long responseCycle = -1; // in which the last response ended
    private @Nullable TlsFault tlsFault;
    private boolean drained; // the last response ended with what the socket had

    /**
     * Over a connection that is about to be opened.
     *
     * @param exchange who waits for it; null for nobody, see {@link #awaitOpening}
     */
    Http1ClientSession(UpstreamPool pool, @Nullable Exchange exchange) {
        this.pool = pool;
        this.exchange = exchange;
        this.endNs = pool.drawEndNs();
        this.trustEpoch = pool.trustEpoch(); // before it is connected, so that it is never taken for newer than it is
    }

    /**
     * Over a connection that is open and found to speak HTTP/1.1.
     *
     * @param endNs from when on it is too old to be used
     * @param trustEpoch of the moment in which it was begun to be opened
     */
    Http1ClientSession(UpstreamPool pool, Connection opened, long endNs, int trustEpoch) {
        this.pool = pool;
        this.connection = opened;
        this.endNs = endNs;
        this.trustEpoch = trustEpoch;
        opened.handler(this);
    }

    /** The pool's, for each connection has room for what is its own alone. */
    private LoopContext context() {
        return pool.context();
    }

    /** Serves {@code first}, who has waited for the connection. */
    void serve(Exchange first) {
        assert state == State.CONNECTING;
        exchange = first;
        first.onUpstreamReady(this);
    }

    /** Nobody waits for the connection any more: it waits for somebody. */
    void awaitFirst() {
        assert state == State.CONNECTING;
        if (pool.give(this)) {
            state = State.IDLE;
        } else {
            state = State.CLOSED;
            opened().close();
        }
    }

    void connection(Connection opened) {
        this.connection = opened;
    }

    /** The connection has begun to be opened ahead of anybody who wants it. */
    void awaitOpening(Connection begun, long timeoutNs) {
        connection = begun;
        context().loop().timers().arm(this, context().loop().nowNs() + timeoutNs);
    }

    /** Somebody wants it now, and waits for it himself. */
    void takeFor(Exchange first) {
        assert state == State.CONNECTING && exchange == null;
        context().loop().timers().disarm(this);
        exchange = first;
    }

    /** Gives up opening it, as nobody waits for it. */
    void giveUp() {
        state = State.CLOSED;
        opened().abort();
    }

    /** The connection tells its endpoint of the client of {@code first}, and serves no other from then on. */
    void bindTo(Exchange first) {
        binding = new ClientBinding(first);
    }

    /** Whom it may serve; of one that is bound. */
    ClientBinding bindingOrThrow() {
        ClientBinding bound = binding;
        if (bound == null) {
            throw new IllegalStateException("may serve any client");
        }
        return bound;
    }

    /** Takes the session out of idleness for an exchange. */
    void reuseFor(Exchange next) {
        assert state == State.IDLE;
        exchange = next;
        reused = true;
        sent = Failure.Sent.NOTHING;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Whether the connection is open: it may have died in this cycle, and the session not know yet. */
    boolean isAlive() {
        return opened().isOpen() && !hasHiddenInput();
    }

    /**
     * Whether all that the socket had when the last response ended has been seen. What has not comes with the next poll at the
     * latest, and shows an answer that nobody asked for while the session is idle.
     */
    boolean isSettled() {
        return drained || responseCycle != cycle();
    }

    /** Whether the session may still be used, by its age. */
    boolean lastsLongerThan(long nowNs) {
        return nowNs - endNs < 0;
    }

    /** When it is closed if it stays idle from {@code nowNs} on: at the end of its age at the latest, for then it is of no use. */
    long idleUntilNs(long nowNs) {
        return nowNs + Math.min(pool.drawIdleTimeoutNs(), endNs - nowNs);
    }

    /** Which origins were believed when it was opened. */
    int trustEpoch() {
        return trustEpoch;
    }

    /** Closes an idle session. */
    void closeIdle() {
        assert state == State.IDLE;
        state = State.CLOSED;
        opened().close();
    }

    // ---- the exchange's calls --------------------------------------------------------------------------------------

    @Override
    public int sendHead(RequestHead head, byte @Nullable [] authority, BodyKind bodyKind, long contentLength) {
        sentBytesBefore = opened().sentBytes();
        int length = writeHead(head, authority, bodyKind, contentLength);
        if (length < 0) {
            return -1;
        }
        state = State.AWAITING_HEAD;
        requestMethod = (byte) head.method();
        requestChunked = bodyKind == BodyKind.CHUNKED;
        requestEnded = false;
        responsePaused = false;
        sent = Failure.Sent.REQUEST_BYTES;
        return length;
    }

    /** Encodes to where it leaves from; a head for which there is no room goes through the scratch. */
    private int writeHead(RequestHead head, byte @Nullable [] authority, BodyKind bodyKind, long contentLength) {
        Connection to = opened();
        ByteBuffer out = to.beginWrite();
        int start = out == null ? 0 : out.position();
        if (out != null && RequestEncoder.encode(out, head, authority, bodyKind, contentLength, PERSISTENT)) {
            int length = out.position() - start;
            to.endWrite();
            return length;
        }
        ByteBuffer scratch = context().headScratch();
        if (!RequestEncoder.encode(scratch, head, authority, bodyKind, contentLength, PERSISTENT)) {
            return -1;
        }
        int length = scratch.flip().remaining();
        to.write(scratch);
        return length;
    }

    @Override
    public boolean sendBody(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return true;
        }
        return requestChunked ? context().writeChunk(opened(), bytes) : opened().write(bytes);
    }

    @Override
    public void sendEnd(@Nullable FieldSection trailers) {
        if (requestChunked) {
            context().writeLastChunk(opened(), trailers);
        }
        requestEnded = true;
    }

    @Override
    public void pauseResponse() {
        if (!body.isEnded()) { // Otherwise there is nothing to hold back, and no further byte would tell of the end.
            responsePaused = true;
            opened().pauseReading();
        }
    }

    @Override
    public void resumeResponse() {
        responsePaused = false;
        opened().resumeReading();
    }

    @Override
    public void cancel() {
        exchange = null;
        releaseHead();
        if (state != State.CLOSED) {
            state = State.CLOSED;
            if (connection != null) {
                connection.abort();
            }
        }
    }

    @Override
    public void discard() {
        RetryDropped bounds = pool.dropped();
        if (state != State.READING_BODY || !responsePersistent || !requestEnded || body.isLongerThan(bounds.bytes())) {
            cancel();
            return;
        }
        exchange = null;
        state = State.DRAINING;
        sentBytesBefore = bounds.bytes();
        context().loop().timers().arm(this, context().loop().nowNs() + bounds.timeNs());
    }

    @Override
    public TunnelEnd becomeTunnel() {
        exchange = null;
        state = State.TUNNELLED;
        context().loop().timers().retire(this);
        return this;
    }

    @Override
    public Connection connection() {
        return opened();
    }

    @Override
    public boolean hasKept() {
        return false; // What comes with the head is not kept yet.
    }

    @Override
    public boolean hasEnded() {
        return false; // An end in place of a response would have been a failure.
    }

    @Override
    public void onGone() {
        state = State.CLOSED;
        pool.onClosed();
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public Failure.Sent sent() {
        return sent;
    }

    @Override
    public boolean isHandshaking() {
        return connection instanceof SecureConnection secure && secure.isHandshaking();
    }

    @Override
    public @Nullable TlsFault tlsFault() {
        return tlsFault;
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onOpen(Connection opened) {
        if (state != State.CONNECTING) {
            return;
        }
        if (exchange != null) {
            exchange.onUpstreamReady(this);
        } else {
            context().loop().timers().disarm(this);
            pool.onAheadOpen();
            awaitFirst();
        }
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (state == State.AWAITING_HEAD && isBeforeRequest()) {
            bytes.position(bytes.limit());
            if (isNothingSent()) {
                sent = Failure.Sent.NOTHING; // What is pending leaves no more.
            }
            fail(FailureKind.CLOSED);
            return;
        }
        boolean more = true;
        while (more) {
            more = switch (state) {
                case AWAITING_HEAD -> readHead(bytes);
                case READING_BODY -> readBody(bytes);
                case DRAINING -> drain(bytes);
                case IDLE -> discardUnasked();
                case TUNNELLED -> false; // What is left is kept for the tunnel.
                case CONNECTING, CLOSED -> {
                    bytes.position(bytes.limit());
                    yield false;
                }
            };
        }
    }

    @Override
    public void onWritable(Connection from) {
        if (exchange != null) {
            exchange.onUpstreamWritable();
        }
    }

    @Override
    public void onEnd(Connection from) {
        switch (state) {
            case IDLE -> {
                loseIdle();
                closeIdle();
            }
            case AWAITING_HEAD -> fail(FailureKind.CLOSED);
            case READING_BODY -> {
                if (body.onEndOfStream()) {
                    responsePersistent = false;
                    complete(null);
                } else {
                    fail(FailureKind.TRUNCATED);
                }
            }
            case DRAINING -> giveUpDraining();
            case TUNNELLED -> {}
            case CONNECTING, CLOSED -> from.close();
        }
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        pool.onClosed();
        context().loop().timers().retire(this);
        State before = state;
        state = State.CLOSED;
        releaseHead();
        if (before == State.IDLE) {
            loseIdle();
        } else if (before == State.CONNECTING && exchange == null) {
            FailureKind kind = failureOf(cause, before);
            pool.onAheadFailed(kind, tlsFault);
        }
        Exchange abandoned = exchange;
        if (abandoned != null) {
            exchange = null;
            abandoned.onUpstreamFailed(failureOf(cause, before));
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (state == State.IDLE) {
            pool.remove(this);
            closeIdle();
        } else if (state == State.DRAINING) {
            giveUpDraining();
        } else if (state == State.CONNECTING && !isHandshaking()) { // A handshake has a deadline of its own.
            pool.onAheadFailed(FailureKind.CONNECT_TIMEOUT, null);
            giveUp();
        }
    }

    /** The origin has ended it while it was idle. */
    private void loseIdle() {
        pool.remove(this);
        if (isUnused()) {
            pool.preconnects().onLost();
        }
    }

    /** Whether it has served nobody yet. */
    private boolean isUnused() {
        return responseCycle < 0;
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    private boolean readHead(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return false;
        }
        sent = Failure.Sent.RESPONSE_BYTES;
        ResponseHead head = partialHead != null ? partialHead : context().takeResponseHead();
        int result = pool.headDecoder().decode(bytes, head, requestMethod);
        if (result == Decode.NEED_MORE) {
            partialHead = head;
            return false;
        }
        partialHead = null;
        if (result == Decode.REFUSED) {
            FailureKind kind = FailureKind.ofResponse(head.violation());
            context().giveResponseHead(head);
            fail(kind);
            return false;
        }
        head.retain(context().responseStore());
        onHead(head);
        context().giveResponseHead(head);
        return state != State.CLOSED;
    }

    private void onHead(ResponseHead head) {
        Exchange current = serving();
        if (head.status() < 200) {
            current.onInterim(head);
            return;
        }
        responsePersistent = head.isPersistent();
        body.start(head.bodyKind(), head.contentLength(), pool.limits());
        state = State.READING_BODY;
        current.onResponseHead(head);
    }

    private boolean readBody(ByteBuffer bytes) {
        if (responsePaused) {
            return false;
        }
        switch (body.next(bytes)) {
            case Decode.DATA -> passData(bytes);
            case Decode.END -> {
                if (bytes.hasRemaining()) {
                    // Bytes behind the end of a response belong to no request (RFC 9112 §9.2): never reuse, never parse
                    // them.
                    responsePersistent = false;
                    bytes.position(bytes.limit());
                }
                complete(body.trailers());
                return false;
            }
            case Decode.REFUSED -> fail(FailureKind.BODY_INVALID);
            default -> {
                return false;
            }
        }
        return state != State.CLOSED;
    }

    /** Reads what is left of a response that nobody wants. */
    private boolean drain(ByteBuffer bytes) {
        switch (body.next(bytes)) {
            case Decode.DATA -> {
                int length = body.dataLength();
                body.taken(length);
                bytes.position(bytes.position() + length);
                sentBytesBefore -= length;
                if (sentBytesBefore < 0) {
                    giveUpDraining();
                }
            }
            case Decode.END -> {
                if (bytes.hasRemaining()) {
                    responsePersistent = false; // As in readBody.
                    bytes.position(bytes.limit());
                }
                context().loop().timers().disarm(this);
                settle();
                return false;
            }
            case Decode.REFUSED -> giveUpDraining();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void giveUpDraining() {
        state = State.CLOSED;
        opened().abort();
    }

    private void passData(ByteBuffer bytes) {
        int limit = bytes.limit();
        int length = body.dataLength();
        bytes.limit(bytes.position() + length);
        body.taken(length);
        serving().onResponseBody(bytes);
        bytes.limit(limit);
    }

    /**
     * Whether bytes that come now were there before the request was sent: its first byte has not left yet, or has left since the loop
     * looked for what has arrived. They belong to no request, or to one before (RFC 9112 §9.2), and would be taken for the answer to this one.
     * A response that ended in the same cycle has had what there was then, see {@link #isSettled}.
     */
    private boolean isBeforeRequest() {
        return reused
                && (isNothingSent() || opened().sentBytesBeforeCycle() <= sentBytesBefore && responseCycle != cycle());
    }

    private boolean isNothingSent() {
        return opened().sentBytes() == sentBytesBefore;
    }

    private long cycle() {
        return context().loop().counters().cycles();
    }

    /** Lets go of the exchange first, so that its client's next request finds this connection in the pool. */
    private void complete(@Nullable FieldSection trailers) {
        Exchange ended = serving();
        exchange = null;
        settle();
        ended.onResponseEnd(trailers);
    }

    /** The response is over: the connection goes to the pool, or is closed. */
    private void settle() {
        responseCycle = cycle();
        drained = opened().isInputDrained();
        boolean reusable = responsePersistent && requestEnded && opened().pendingWriteBytes() == 0 && !hasHiddenInput();
        if (reusable && pool.give(this)) {
            state = State.IDLE;
        } else {
            state = State.CLOSED;
            if (opened().pendingWriteBytes() == 0) {
                opened().close();
            } else {
                opened().abort(); // The rest of the request is of no use any more, and the origin need not ever take
                // it.
            }
        }
    }

    /** Whether the origin has begun a record that nobody asked for: what is in it would pass for the next answer. */
    private boolean hasHiddenInput() {
        return connection instanceof SecureConnection secure && secure.isInputLeft();
    }

    private boolean discardUnasked() {
        // An answer that nobody asked for (RFC 9112 §9.2).
        loseIdle();
        state = State.CLOSED;
        opened().abort();
        return true;
    }

    private void fail(FailureKind kind) {
        Exchange failed = serving();
        exchange = null;
        releaseHead();
        state = State.CLOSED;
        opened().abort();
        failed.onUpstreamFailed(kind);
    }

    private FailureKind failureOf(CloseCause cause, State before) {
        return switch (cause) {
            case CONNECT_REFUSED -> FailureKind.CONNECT_REFUSED;
            case CONNECT_FAILED -> FailureKind.CONNECT_FAILED;
            case RESET, CLOSED, ABORTED -> FailureKind.RESET;
            // Without close_notify before a response is what servers do with connections that were idle for long.
            case TRUNCATED -> before == State.READING_BODY ? FailureKind.TRUNCATED : FailureKind.CLOSED;
            case TRANSPORT_FAILED -> tlsFailureOf(before);
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> FailureKind.LOCAL;
        };
    }

    private FailureKind tlsFailureOf(State before) {
        SecureConnection secure = opened() instanceof SecureConnection of ? of : null;
        TlsFailure failure = secure == null ? null : secure.failure();
        if (secure == null || failure == null) {
            return FailureKind.RESET;
        }
        tlsFault = new TlsFault(failure, secure.failureDetail());
        return before == State.CONNECTING ? FailureKind.ofHandshake(failure) : FailureKind.ofOpenTls(failure);
    }

    private void releaseHead() {
        if (partialHead != null) {
            context().giveResponseHead(partialHead);
            partialHead = null;
        }
    }

    private Connection opened() {
        Connection current = connection;
        assert current != null;
        return current;
    }

    private Exchange serving() {
        Exchange current = exchange;
        assert current != null;
        return current;
    }
}
