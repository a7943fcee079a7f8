package dev.headgate.downstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.DownstreamStream;
import dev.headgate.exchange.Exchange;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.listener.ListenerNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection of a client, serving one request after the other in order (RFC 9112 §9.3).
 * <pre>{@code
 *  ┌─> AWAITING_HEAD ──head──> READING_BODY ──end of the request──> AWAITING_RESPONSE ─┐
 *  │         └──head without content──────────────────────────────────^                │
 *  │                                  │ response ended first                          │ response ended
 *  │                                  v                                               │
 *  ├───────rest is read──────────── DRAINING                                            │
 *  └───────────────────────────────────┼───────────────────────────────────────────────┤
 *                                      └──> LINGERING ──> CLOSED <─────────────────────┘ not persistent
 *  AWAITING_RESPONSE ──a WebSocket is granted──> TUNNELLED ──the connection is gone──> CLOSED
 * }</pre>
 * Requests behind the one being served wait unparsed, and reading pauses once they fill a read. An idle session holds no
 * buffer and no exchange.
 */
@LoopConfined
@HotPath
final class Http1ServerSession extends ServerSession implements DownstreamStream, TunnelEnd {
    private enum State {
        AWAITING_HEAD,
        READING_BODY,
        AWAITING_RESPONSE,
        DRAINING,
        LINGERING,
        TUNNELLED,
        CLOSED
    }

    private final long acceptedNs;

    private @Nullable Exchange exchange;
    private @Nullable RequestHead partialHead;
    private @Nullable RequestBody body;
    private State state = State.AWAITING_HEAD;
    private BodyKind framing = BodyKind.NONE; // of the current response
    private int requests;
    private int stalledPendingBytes;
    private boolean persistent = true;
    private boolean clientCloses;
    private boolean http10;
    private boolean discarding;
    private boolean stalled;
    private boolean peerEnded;
    private boolean hasEarlyBytes; // behind a request for a WebSocket; of others it means nothing

    Http1ServerSession(ServerLoop shared, ListenerNode listener, Connection connection, PeerAddress peer) {
        super(shared, listener, connection, peer);
        this.acceptedNs = context().loop().nowNs();
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onOpen(Connection opened) {
        meet(opened);
        arm(listener.headerTimeoutNs());
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        boolean more = true;
        while (more) {
            more = step(bytes);
        }
    }

    private boolean step(ByteBuffer bytes) {
        return switch (state) {
            case AWAITING_HEAD -> shared.requests().readHead(this, bytes);
            case READING_BODY -> shared.requests().readBody(this, bytes);
            case AWAITING_RESPONSE -> shared.requests().holdBackNext(this, bytes);
            case DRAINING -> shared.requests().drain(this, bytes);
            case TUNNELLED -> false; // What is left is kept for the tunnel.
            case LINGERING, CLOSED -> {
                bytes.position(bytes.limit());
                yield false;
            }
        };
    }

    @Override
    public void onWritable(Connection from) {
        if (stalled) {
            stalled = false;
            armForState();
        }
        if (exchange != null) {
            exchange.onDownstreamWritable();
        } else if (state == State.AWAITING_HEAD) {
            resumeReading();
        }
    }

    /** A client that takes no more gets no more: its further requests are not served, nor is anything fetched for it. */
    @Override
    public void onOutputBroken(Connection from) {
        from.abort();
    }

    @Override
    public void onEnd(Connection from) {
        peerEnded = true;
        switch (state) {
            case AWAITING_HEAD, DRAINING, LINGERING -> closeNow();
            case READING_BODY -> abandon(Cause.CLIENT_ABORTED);
            // Half-close behind a complete request: RFC 9112 §9.6 leaves it to us whether the answer is still wanted.
            case AWAITING_RESPONSE -> {
                if (listener.abortsOnHalfClose()) {
                    abandon(Cause.CLIENT_ABORTED);
                } else {
                    persistent = false;
                }
            }
            case TUNNELLED, CLOSED -> {}
        }
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        state = State.CLOSED;
        leave();
        releaseHead();
        releaseBody();
        Exchange abandoned = exchange;
        if (abandoned != null) {
            exchange = null;
            abandoned.onDownstreamAborted(
                    cause == CloseCause.LOOP_STOPPED
                            ? Cause.STOPPED
                            : stalled ? Cause.CLIENT_STALLED : Cause.CLIENT_ABORTED);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (stalled) {
            onSendDeadline();
            return;
        }
        switch (state) {
            case AWAITING_HEAD -> onHeadDeadline();
            case READING_BODY -> onBodyDeadline(nowNs);
            case DRAINING, LINGERING -> closeNow();
            case AWAITING_RESPONSE, TUNNELLED, CLOSED -> {}
        }
    }

    // ---- what has been read ----------------------------------------------------------------------------------------

    /** {@code behind} are the bytes behind the head, looked at only. */
    void serve(RequestHead head, ByteBuffer behind) {
        partialHead = null;
        requests++;
        int storeBytes = context().requestPhase().storeBytes(head, this);
        // Limits can be set so wide that a head with all that is added to it is longer than any buffer.
        boolean fits = storeBytes <= BufferPool.CAPACITY_MAX;
        PooledBuffer store = fits ? context().loop().buffers().take(storeBytes) : null;
        if (store == null) {
            refuse(fits ? Cause.OVERLOADED : Cause.FIELDS_TOO_LARGE, null, head);
            context().giveRequestHead(head);
            return;
        }
        head.retain(store.buffer());
        http10 = head.version() == HttpVersion.HTTP_1_0;
        long nowNs = context().loop().nowNs();
        clientCloses = http10 || !head.isPersistent();
        persistent = !clientCloses
                && !peerEnded
                && requests < listener.requestsPerConnection()
                && nowNs - acceptedNs < listener.connectionAgeNs()
                && !context().isStopping();
        discarding = false;
        hasEarlyBytes = behind.hasRemaining();
        context().loop().timers().disarm(this);
        if (head.bodyKind() == BodyKind.NONE) {
            state = State.AWAITING_RESPONSE;
        } else {
            startBody(head, nowNs);
            if (behind.hasRemaining()) {
                requestBody().arrive();
            }
        }
        Exchange next = context().takeExchange();
        exchange = next;
        next.begin(this, this, head, store);
    }

    private void startBody(RequestHead head, long nowNs) {
        state = State.READING_BODY;
        RequestBody started = shared.takeRequestBody();
        started.start(head.bodyKind(), head.contentLength(), listener.http1Limits(), nowNs);
        body = started;
    }

    /** All of the request is there. */
    void requestEnded(RequestBody ended) {
        state = State.AWAITING_RESPONSE;
        if (!stalled) {
            context().loop().timers().disarm(this);
        }
        body = null;
        serving().onRequestEnd(ended.decoder().trailers());
        shared.giveRequestBody(ended);
    }

    /** The rest of the request has been dropped. */
    void requestDropped() {
        releaseBody();
        awaitNextRequest();
    }

    /** The head of which the first bytes have come, or one for those that come now. */
    RequestHead headOnItsWay() {
        RequestHead known = partialHead;
        return known != null ? known : context().takeRequestHead();
    }

    void headIncomplete(RequestHead head) {
        if (partialHead == null) {
            partialHead = head;
            if (requests > 0) {
                armForState(); // Absolute from the first byte, so that single bytes do not extend it.
            }
        }
    }

    void headRefused(RequestHead head) {
        partialHead = null;
        Violation violation = head.violation();
        Violation named = violation == null ? Violation.START_LINE_TOO_LONG : violation;
        refuse(Cause.ofRequest(named), named, head);
        context().giveRequestHead(head);
    }

    void bodyRefused(@Nullable Violation violation) {
        persistent = false;
        serving().onRequestRefused(violation == null ? Violation.CHUNK_SIZE_INVALID : violation);
    }

    /** Whether a client does not take what it is sent. */
    boolean isStalled() {
        return stalled;
    }

    /** Bytes behind a request have come. */
    void earlyBytes() {
        hasEarlyBytes = true;
    }

    // ---- the exchange's calls --------------------------------------------------------------------------------------

    @Override
    public void sendInterim(ResponseHead head) {
        if (http10) {
            return; // RFC 9110 §15.2
        }
        shared.responses().writeInterim(this, head);
    }

    @Override
    public void sendContinue() {
        if (!http10) {
            shared.responses().writeContinue(this);
        }
    }

    @Override
    public int sendHead(int status, FieldSection fields, BodyKind bodyKind, long contentLength) {
        framing = switch (bodyKind) {
            case NONE, LENGTH -> bodyKind;
            case CHUNKED, UNTIL_CLOSE -> http10 ? BodyKind.UNTIL_CLOSE : BodyKind.CHUNKED;
        };
        if (framing == BodyKind.UNTIL_CLOSE || context().isStopping() || restIsTooLong()) {
            persistent = false;
        }
        Persistence persistence = persistent ? Persistence.PERSISTENT : Persistence.CLOSE;
        return shared.responses().writeHead(this, status, fields, framing, contentLength, persistence);
    }

    @Override
    public int sendWebSocketHead(FieldSection fields) {
        return shared.responses().writeWebSocketHead(this, fields);
    }

    @Override
    public TunnelEnd becomeTunnel() {
        exchange = null;
        stalled = false;
        state = State.TUNNELLED;
        context().loop().timers().retire(this);
        return this;
    }

    @Override
    public void refuseWebSocket() {
        if (hasEarlyBytes) {
            persistent = false;
        }
    }

    @Override
    public boolean hasKept() {
        return hasEarlyBytes;
    }

    @Override
    public boolean hasEnded() {
        return peerEnded;
    }

    @Override
    public void onGone() {
        state = State.CLOSED;
        leave();
    }

    @Override
    public boolean sendBody(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return true;
        }
        return shared.responses().writeBody(this, framing, bytes);
    }

    @Override
    public boolean sendEnd(@Nullable FieldSection trailers) {
        shared.responses().writeEnd(this, framing, trailers);
        framing = BodyKind.NONE;
        return true; // Without memory the transport breaks off by itself.
    }

    /** Notes whether the client keeps up: if it does not, the deadline for that stands in place of any other. */
    boolean wrote(boolean keepsUp) {
        if (!keepsUp && !stalled) {
            awaitOutput();
        }
        return keepsUp;
    }

    @Override
    public void reset(Cause cause) {
        persistent = false;
        state = State.CLOSED;
        if (framing == BodyKind.UNTIL_CLOSE) {
            connection.abort(); // An orderly end would pass for the end of the body (RFC 9112 §8).
        } else {
            close();
        }
    }

    @Override
    public boolean hasBodyArrived() {
        return body != null && body.hasArrived();
    }

    @Override
    public void pauseRequest() {
        if (state != State.READING_BODY || requestBody().decoder().isEnded()) {
            return; // Behind the last byte no further one would tell of the end.
        }
        requestBody().pause(context().loop().nowNs());
        connection.pauseReading();
        if (!stalled) {
            context().loop().timers().disarm(this); // Silence is not the client's fault now.
        }
    }

    @Override
    public void resumeRequest() {
        if (state != State.READING_BODY) {
            return;
        }
        requestBody().resume(context().loop().nowNs());
        armForState();
        if (connection.isReadingPaused()) {
            connection.resumeReading();
        }
    }

    @Override
    public void discardRequest() {
        discarding = true;
    }

    @Override
    public void closeAfterResponse() {
        persistent = false;
    }

    @Override
    public void exchangeEnded() {
        exchange = null;
        switch (state) {
            case AWAITING_RESPONSE -> {
                if (persistent) {
                    awaitNextRequest();
                } else {
                    closeAfterOutput();
                }
            }
            case READING_BODY -> {
                if (persistent) {
                    startDraining();
                } else {
                    linger();
                }
            }
            case AWAITING_HEAD -> linger(); // The head itself was refused.
            case DRAINING, LINGERING, TUNNELLED, CLOSED -> {}
        }
    }

    // ---- between requests, and the end -----------------------------------------------------------------------------

    @Override
    void drainConnection() {
        if (state == State.AWAITING_HEAD && partialHead == null) {
            closeNow();
        } else {
            persistent = false;
        }
    }

    @Override
    void cutOff() {
        // For a body that only the close ends, an orderly one would pass for its end (RFC 9112 §8).
        if (framing == BodyKind.UNTIL_CLOSE && exchange != null) {
            abandon(Cause.STOPPED);
        }
    }

    private void awaitNextRequest() {
        state = State.AWAITING_HEAD;
        if (context().isStopping()) {
            closeAfterOutput();
            return;
        }
        armForState();
        resumeReading();
    }

    private void startDraining() {
        state = State.DRAINING;
        armForState();
        resumeReading();
    }

    /** Presents what was held back again, unless the loop in {@link #onBytes} goes on with it anyway. */
    private void resumeReading() {
        if (connection.isReadingPaused()) {
            connection.resumeReading();
        }
    }

    /**
     * Ends output and reads on for a while: closing a socket with unread bytes makes the system send a reset, which can
     * destroy the response on its way (RFC 9112 §9.6).
     */
    void linger() {
        releaseBody();
        state = State.LINGERING;
        connection.shutdownOutput();
        armForState();
        resumeReading();
    }

    private void closeAfterOutput() {
        if (peerEnded || clientCloses) {
            closeNow();
        } else {
            linger();
        }
    }

    private void closeNow() {
        state = State.CLOSED;
        releaseHead();
        releaseBody();
        close();
    }

    /** Closes once everything is sent, for which the client has the same time as ever. */
    private void close() {
        connection.close();
        if (connection.pendingWriteBytes() > 0) {
            awaitOutput();
        }
    }

    /** Gives up on a client that is gone or silent in the middle of a request. */
    private void abandon(Cause cause) {
        Exchange current = serving();
        exchange = null;
        state = State.CLOSED;
        releaseBody();
        connection.abort();
        current.onDownstreamAborted(cause);
    }

    /** Answers a request that no exchange serves. {@code known}, what was understood of it, is lent. */
    private void refuse(Cause cause, @Nullable Violation violation, @Nullable RequestHead known) {
        persistent = false;
        Exchange refused = context().takeExchange();
        exchange = refused;
        refused.beginRefused(this, this, cause, violation, known);
    }

    // ---- deadlines -------------------------------------------------------------------------------------------------

    private void onHeadDeadline() {
        if (partialHead != null) {
            releaseHead(); // The bytes that it indexes are with the connection, out of reach.
            refuse(Cause.REQUEST_TIMEOUT, Violation.HEAD_TIMEOUT, null);
        } else {
            closeNow(); // Idle, or nothing was ever sent: no answer belongs here (RFC 9112 §9.5).
        }
    }

    private void onBodyDeadline(long nowNs) {
        if (requestBody().isTooSlow(listener, nowNs)) {
            serving().onRequestTimeout();
        } else {
            armBody();
        }
    }

    private void armBody() {
        context()
                .loop()
                .timers()
                .arm(this, requestBody().lookAtNs(listener, context().loop().nowNs()));
    }

    private void onSendDeadline() {
        int pending = (int) connection.pendingWriteBytes();
        if (pending < stalledPendingBytes) {
            stalledPendingBytes = pending;
            arm(listener.sendStallNs());
        } else {
            connection.abort();
        }
    }

    private void awaitOutput() {
        stalled = true;
        stalledPendingBytes = (int) connection.pendingWriteBytes();
        arm(listener.sendStallNs());
    }

    /** Sets the deadline for what is awaited now, unless the client has to take bytes first. */
    private void armForState() {
        if (stalled) {
            return;
        }
        switch (state) {
            case AWAITING_HEAD -> arm(partialHead == null ? listener.keepAliveNs() : listener.headerTimeoutNs());
            case READING_BODY -> {
                if (requestBody().isPaused()) {
                    context().loop().timers().disarm(this);
                } else {
                    armBody();
                }
            }
            case DRAINING -> arm(listener.drainNs());
            case LINGERING -> arm(listener.lingerNs());
            case AWAITING_RESPONSE, TUNNELLED, CLOSED ->
                context().loop().timers().disarm(this);
        }
    }

    // ---- small helpers ---------------------------------------------------------------------------------------------

    private boolean restIsTooLong() {
        return discarding && body != null && body.restExceeds(listener.drainBytesMax());
    }

    private void releaseHead() {
        if (partialHead != null) {
            context().giveRequestHead(partialHead);
            partialHead = null;
        }
    }

    private void releaseBody() {
        if (body != null) {
            shared.giveRequestBody(body);
            body = null;
        }
    }

    RequestBody requestBody() {
        RequestBody current = body;
        assert current != null;
        return current;
    }

    Exchange serving() {
        Exchange current = exchange;
        assert current != null;
        return current;
    }
}
