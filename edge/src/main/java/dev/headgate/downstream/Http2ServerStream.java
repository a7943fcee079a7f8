package dev.headgate.downstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.engine.io.Chance;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.DownstreamStream;
import dev.headgate.exchange.Exchange;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.frames.StreamConnection;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.http.websocket.WebSocketHandshake;
import dev.headgate.listener.ListenerNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a stream of a client's HTTP/2 connection (RFC 9113 §8.1).
 * <pre>{@code
 *  (pool) ──a request's head──> HELD ──the read pass is over──> SERVED ──exchange ended──> FLUSHING ──END_STREAM──> (pool)
 *                                 └──reset meanwhile: no exchange ever begins                └──nothing held────────^
 * }</pre>
 * Objects are pooled by {@link ServerLoop}.
 */
@LoopConfined
@HotPath
final class Http2ServerStream implements DownstreamStream, StreamConnection.Carrier {
    private static final int HANDED_BYTES_MAX = 64 << 10;
    private static final FieldSection NO_FIELDS = new FieldSection();

    private final ServerLoop shared;
    private final LoopContext context;
    private final RequestContent request = new RequestContent();
    private final ResponseContent response = new ResponseContent();
    private final Http2StreamDeadline deadline;

    private @Nullable Http2ServerSession session;
    private @Nullable Http2Stream stream;
    private @Nullable Exchange exchange;
    private @Nullable StreamConnection tunnel; // once a WebSocket was granted

    // Of a request whose exchange has not begun.
    private @Nullable RequestHead head;
    private @Nullable PooledBuffer store;

    private boolean takesTrailers;
    private boolean isResponseBegun;
    private boolean isLastContent; // what the exchange is being shown
    private boolean isHandingOn; // bytes that are held: they stay where they are
    private boolean isOutOfMemory;

    // The session's list of those that have something to do once the current call is over.
    @Nullable
    Http2ServerStream nextDue;

    boolean isDue;

    /** One for the pool. */
    Http2ServerStream(ServerLoop shared) {
        this.shared = shared;
        this.context = shared.context();
        this.deadline = new Http2StreamDeadline(this, context.loop());
    }

    /** Belongs to {@code newStream} from here on. */
    void start(Http2ServerSession ofSession, Http2Stream newStream) {
        session = ofSession;
        stream = newStream;
        newStream.attach(this);
        request.begin(context.loop().nowNs());
        response.begin();
        takesTrailers = false;
        isResponseBegun = false;
        isOutOfMemory = false;
        deadline.start();
    }

    /**
     * Keeps a request until the read pass is over: one that is reset in the same pass costs no more than this (CVE-2023-44487).
     *
     * @param received owned by this object from here on
     * @return what it is refused for, if it cannot be kept
     */
    Cause hold(RequestHead received, StreamEnd end, boolean isWebSocket) {
        int addedBytes = isWebSocket ? WebSocketHandshake.COMPLETED_BYTES : 0;
        int storeBytes = context.requestPhase().storeBytes(received, session()) + addedBytes;
        // Limits can be set so wide that a head with all that is added to it is longer than any buffer.
        boolean fits = storeBytes <= BufferPool.CAPACITY_MAX;
        PooledBuffer taken = fits ? context.loop().buffers().take(storeBytes) : null;
        if (taken == null) {
            return fits ? Cause.OVERLOADED : Cause.FIELDS_TOO_LARGE;
        }
        received.retain(taken.buffer());
        head = received;
        store = taken;
        if (isWebSocket) {
            Chance chance = context.loop().chance();
            WebSocketHandshake.completeRequest(received, chance.nextLong(), chance.nextLong());
        }
        takesTrailers = received.fields().contains(Field.TE);
        if (end == StreamEnd.END) {
            request.end();
        }
        if (received.bodyKind() == BodyKind.NONE) {
            request.endTold();
        }
        return Cause.NONE;
    }

    /** Answers a request that no exchange serves. {@code known}, what was understood of it, is lent. */
    void refuse(Cause cause, RequestHead known, StreamEnd end) {
        if (end == StreamEnd.END) {
            request.end();
        }
        request.discard();
        Exchange refused = context.takeExchange();
        exchange = refused;
        refused.beginRefused(this, session(), cause, null, known);
    }

    /** Does what had to wait for the end of another call: begins the exchange, hands on content that it wants. */
    void onDue() {
        if (stream == null) {
            shared.giveStream(this); // It ended while it was on the list.
            return;
        }
        if (isOutOfMemory) {
            abort(Cause.OVERLOADED, ErrorCode.ENHANCE_YOUR_CALM);
            return;
        }
        if (tunnel != null) {
            return;
        }
        RequestHead held = head;
        PooledBuffer bytes = store;
        if (held != null && bytes != null) {
            head = null;
            store = null;
            Exchange next = context.takeExchange();
            exchange = next;
            next.begin(this, session(), held, bytes);
            refuseEarlyBytes(0);
        }
        handOn();
    }

    // ---- what the client sends -------------------------------------------------------------------------------------

    /** Content of the request; all of it is taken. */
    void onData(ByteBuffer content) {
        int length = content.remaining();
        if (tunnel != null) {
            tunnel.onData(content);
            return;
        }
        boolean isFirst = !request.hasArrived();
        request.arrive();
        request.received(length, context.loop().nowNs());
        Exchange current = exchange;
        if (isFirst && current != null) {
            current.onRequestBodyArrived(); // Its beginning may be what ends the pause.
            current = exchange;
        }
        if (request.isDiscarded() || current == null && head == null) {
            drop(length);
        } else if (current != null && !request.isPaused() && request.held().isEmpty()) {
            pass(current, content, length);
        } else if (refuseEarlyBytes(length)) {
            content.position(content.limit());
        } else if (request.held().append(context.loop().buffers(), content)) {
            session().http2().buffered(stream(), length);
        } else {
            onOutOfMemory();
        }
    }

    /**
     * Refuses a request for a WebSocket that is not granted yet, when more waits for that than may, as over HTTP/1.1.
     *
     * @param more bytes that are here, and are not held
     * @return whether it was refused; the bytes are accounted for
     */
    private boolean refuseEarlyBytes(int more) {
        Exchange asking = exchange;
        if (asking == null) {
            return false;
        }
        int max = asking.earlyBytesMax();
        if (max < 0 || request.held().count() + more <= max) {
            return false;
        }
        Http2Stream from = stream();
        asking.onRequestRefused(Violation.UPGRADE_EARLY_BYTES);
        if (stream == from && more > 0) {
            drop(more);
        }
        return true;
    }

    private void pass(Exchange to, ByteBuffer content, int length) {
        Http2Stream from = stream();
        isLastContent = from.isLastContent();
        to.onRequestBody(content);
        isLastContent = false;
        if (stream == from) {
            session().http2().consumed(from, length);
        }
    }

    /** Past the bound the stream gets no more credit: its client waits for the answer that there is. */
    private void drop(int length) {
        if (request.discarded(length) <= listener().drainBytesMax()) {
            session().http2().consumed(stream(), length);
        } else {
            session().http2().buffered(stream(), length);
        }
    }

    /** All of the request is there. */
    void onEnd(@Nullable FieldSection trailers) {
        request.end();
        deadline.arm();
        if (tunnel != null) {
            tunnel.onEnd();
            return;
        }
        Exchange current = exchange;
        if (current != null && request.isEndOwed()) {
            request.endTold();
            current.onRequestEnd(trailers);
        } else if (trailers != null && !request.isDiscarded()) {
            holdTrailers(trailers);
        }
    }

    private void holdTrailers(FieldSection trailers) {
        if (!request.trailers().hold(context.loop().buffers(), trailers)) {
            onOutOfMemory();
        }
    }

    private void handOn() {
        Http2Stream from = stream;
        while (from != null && isWanted()) {
            ByteBuffer first = request.held().first(HANDED_BYTES_MAX);
            int length = first.remaining();
            isHandingOn = true;
            isLastContent = request.isLast(length);
            exchange().onRequestBody(first);
            isLastContent = false;
            isHandingOn = false;
            if (stream != from) {
                request.release();
                return;
            }
            if (request.isDiscarded()) {
                dropHeld();
            } else {
                request.held().taken();
                session().http2().consumed(from, length);
            }
        }
        if (exchange != null && request.isEndOwed()) {
            request.endTold();
            exchange().onRequestEnd(request.trailers().section());
            request.trailers().clear();
        }
    }

    private boolean isWanted() {
        return exchange != null && !request.isPaused() && !request.held().isEmpty();
    }

    private void dropHeld() {
        int length = request.held().count();
        request.held().clear();
        session().http2().consumed(stream(), length);
    }

    /** The stream is gone, and with it whoever waits for the response. */
    void onReset(Cause cause) {
        response.release();
        StreamConnection broken = tunnel;
        if (broken != null) {
            broken.gone(closeCauseOf(cause));
        }
        Exchange abandoned = exchange;
        if (abandoned != null) {
            exchange = null;
            abandoned.onDownstreamAborted(response.isAllSent() ? Cause.NONE : cause);
        }
        release();
    }

    private static CloseCause closeCauseOf(Cause cause) {
        return switch (cause) {
            case STOPPED -> CloseCause.LOOP_STOPPED;
            case OVERLOADED -> CloseCause.BUDGET_EXCEEDED;
            default -> CloseCause.RESET;
        };
    }

    private void abort(Cause cause, int errorCode) {
        session().http2().reset(stream(), errorCode);
        onReset(cause);
    }

    // ---- the exchange's calls --------------------------------------------------------------------------------------

    @Override
    public void sendInterim(ResponseHead interim) {
        session().http2().sendInterim(stream(), interim.status(), interim.fields());
    }

    @Override
    public void sendContinue() {
        session().http2().sendInterim(stream(), 100, NO_FIELDS);
    }

    @Override
    public int sendHead(int status, FieldSection fields, BodyKind bodyKind, long contentLength) {
        boolean hasLength = bodyKind == BodyKind.LENGTH;
        boolean isEndKnown = !exchange().endsApart();
        boolean endsWithContent = hasLength && isEndKnown && !takesTrailers;
        boolean isLast = bodyKind == BodyKind.NONE && isEndKnown || endsWithContent && contentLength == 0;
        long before = session().outbox().putBytes();
        long shown = hasLength || bodyKind == BodyKind.NONE ? contentLength : -1;
        StreamEnd end = isLast ? StreamEnd.END : StreamEnd.OPEN;
        if (!session().http2().sendResponse(stream(), status, fields, shown, end)) {
            return -1;
        }
        isResponseBegun = true;
        if (hasLength) {
            response.announce(contentLength);
        }
        if (isLast) {
            response.endSent();
        } else if (endsWithContent) {
            response.owe(contentLength);
        }
        deadline.arm();
        return (int) (session().outbox().putBytes() - before);
    }

    @Override
    public boolean sendBody(ByteBuffer bytes) {
        if (response.isEndSent() || isOutOfMemory) {
            bytes.position(bytes.limit());
            return true;
        }
        Http2ServerSession of = session();
        if (!response.send(of.http2(), stream(), of.outbox(), context.loop().buffers(), bytes)) {
            bytes.position(bytes.limit());
            onOutOfMemory();
        }
        boolean keepsUp =
                response.isEndSent() || !response.isHeld() && !of.outbox().isCongested();
        if (!keepsUp) {
            awaitTurn();
        }
        return keepsUp;
    }

    private void awaitTurn() {
        session().http2().awaitTurn(stream(), context.loop().nowNs());
        deadline.awaitTurn();
        if (session().outbox().isCongested()) {
            session().onCongested();
        }
    }

    /** There is a window and a transport that takes bytes. */
    void onTurn() {
        Http2ServerSession of = session();
        response.onTurn(of.http2(), stream(), of.outbox());
        if (response.isHeld()) {
            return;
        }
        if (!response.isEndSent()) {
            of.http2().endTurns(stream());
        }
        deadline.endTurns();
        if (exchange != null) {
            exchange.onDownstreamWritable();
        } else if (tunnel != null) {
            tunnel.onSent();
        } else {
            settle();
        }
    }

    @Override
    public boolean sendEnd(@Nullable FieldSection trailers) {
        boolean isCut = isOutOfMemory && !response.isEndSent();
        if (isCut
                || !response.complete(
                        session().http2(), stream(), context.loop().buffers(), trailers)) {
            reset(ErrorCode.INTERNAL_ERROR); // What is due comes too late: the stream would end as if it were whole.
            return false;
        }
        return true;
    }

    @Override
    public void reset(Cause cause) {
        // Clients of gRPC take this for CANCELLED, or for DEADLINE_EXCEEDED once their own clock has run out, and
        // INTERNAL_ERROR for a fault.
        boolean isOutOfTime = cause == Cause.EXCHANGE_TIMEOUT && exchange().isCall();
        reset(isOutOfTime ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR);
    }

    @Override
    public boolean hasBodyArrived() {
        return request.hasArrived() || request.hasEnded();
    }

    @Override
    public boolean isLastContent() {
        return isLastContent;
    }

    @Override
    public void pauseRequest() {
        request.pause(context.loop().nowNs());
        deadline.arm(); // Silence is not the client's fault now.
    }

    @Override
    public void resumeRequest() {
        request.resume(context.loop().nowNs());
        deadline.arm();
        if (request.isWaiting()) {
            session().due(this);
        }
    }

    @Override
    public void discardRequest() {
        request.discard();
        if (!isHandingOn && !request.held().isEmpty()) {
            dropHeld();
        }
        deadline.arm();
    }

    @Override
    public void closeAfterResponse() {
        // The stream's end is what says so: no other request is on it.
    }

    @Override
    public int sendWebSocketHead(FieldSection fields) {
        WebSocketHandshake.withoutProof(fields);
        long before = session().outbox().putBytes();
        if (!session().http2().sendResponse(stream(), 200, fields, -1, StreamEnd.OPEN)) {
            return -1;
        }
        isResponseBegun = true;
        return (int) (session().outbox().putBytes() - before);
    }

    @Override
    public TunnelEnd becomeTunnel() {
        exchange = null;
        StreamConnection made = new StreamConnection(this, request.held(), request.hasEnded());
        tunnel = made;
        deadline.arm();
        return made;
    }

    @Override
    public void exchangeEnded() {
        exchange = null;
        request.discard();
        settle();
    }

    // ---- as one side of a tunnel ------------------------------------------------------------------------------------

    @Override
    public Connection transport() {
        return session().transport();
    }

    @Override
    public void endOutput() {
        sendEnd(null);
    }

    @Override
    public boolean isOutputEnded() {
        return response.isEndSent();
    }

    @Override
    public int heldBytes() {
        return response.heldBytes();
    }

    @Override
    public void consumed(int bytes) {
        session().http2().consumed(stream(), bytes);
    }

    @Override
    public void buffered(int bytes) {
        session().http2().buffered(stream(), bytes);
    }

    @Override
    public void reset(int errorCode) {
        session().http2().reset(stream(), errorCode);
        response.release();
    }

    @Override
    public void letGo() {
        tunnel = null;
        settle();
        release();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** Lets go of the stream, unless bytes are still to be sent on it. */
    private void settle() {
        if (stream == null || exchange != null || tunnel != null) {
            return;
        }
        if (response.isFlushing() && !stream().isClosed()) {
            if (!isHandingOn && !request.held().isEmpty()) {
                dropHeld();
            }
            return;
        }
        if (response.isEndSent() && !request.hasEnded()) {
            session().http2().reset(stream(), ErrorCode.NO_ERROR); // The rest is not wanted (RFC 9113 §8.1).
        }
        release();
    }

    private void release() {
        Http2Stream ended = stream;
        if (ended == null) {
            return;
        }
        Http2ServerSession of = session();
        deadline.disarm();
        if (!isHandingOn) {
            request.release();
        }
        response.release();
        if (head != null) {
            context.giveRequestHead(head);
            head = null;
        }
        if (store != null) {
            store.release();
            store = null;
        }
        stream = null;
        session = null;
        tunnel = null;
        of.http2().release(ended);
        of.onStreamEnded();
        if (!isDue) {
            shared.giveStream(this);
        }
    }

    @Override
    public void onOutOfMemory() {
        isOutOfMemory = true;
        session().due(this);
    }

    // ---- as its deadline sees it -----------------------------------------------------------------------------------

    boolean isOpen() {
        return stream != null;
    }

    boolean isTunnel() {
        return tunnel != null;
    }

    /** How the request's content comes in. */
    BodyPace pace() {
        return request;
    }

    /** Once the response has begun, both sides may speak when they like: then the origin's silence is what is measured. */
    boolean isContentAwaited() {
        return exchange != null
                && !request.hasEnded()
                && !request.isPaused()
                && !request.isDiscarded()
                && !isResponseBegun;
    }

    void onContentTimeout() {
        exchange().onRequestTimeout();
    }

    /** The client does not take what it is sent. */
    void onSendTimeout() {
        session().onViolation(Http2Violation.SEND_STALLED, stream().id());
        abort(Cause.CLIENT_STALLED, ErrorCode.CANCEL);
    }

    // ---- small helpers ---------------------------------------------------------------------------------------------

    ListenerNode listener() {
        return session().listener();
    }

    Http2ServerSession session() {
        Http2ServerSession current = session;
        assert current != null;
        return current;
    }

    Http2Stream stream() {
        Http2Stream current = stream;
        assert current != null;
        return current;
    }

    private Exchange exchange() {
        Exchange current = exchange;
        assert current != null;
        return current;
    }
}
