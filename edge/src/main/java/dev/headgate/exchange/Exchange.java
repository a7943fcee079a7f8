package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.KeptRecord;
import dev.headgate.route.Fallback;
import dev.headgate.route.HttpsRedirect;
import dev.headgate.route.LocalAnswer;
import dev.headgate.route.Route;
import dev.headgate.route.WebSocketRoute;
import dev.headgate.tunnel.WebSocketTunnel;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response through the proxy, retries included. The request's way is {@link RequestFlow}, the tries are
 * {@link Attempts}; the response's way is here:
 * <pre>{@code
 *  AWAITING_HEAD ──final head of an origin──> HEAD_TAKEN ──> STREAMING ──> ENDED
 *        └──answer of the proxy's own──────────────────────────────────────────^
 * }</pre>
 * The exchange ends when its response has. Objects are pooled by {@link LoopContext}: a finished exchange forgets everything and
 * serves a later request.
 */
@LoopConfined
@HotPath
public final class Exchange {
    /** What every WebSocket counts as that is granted, by whichever version and status. */
    private static final int SWITCHING_PROTOCOLS = 101;

    private enum ResponseState {
        AWAITING_HEAD,
        /** Filters see it, and nothing of it has gone to the client. */
        HEAD_TAKEN,
        STREAMING,
        ENDED
    }

    private final LoopContext context;
    private final RequestFlow requestFlow;
    private final Attempts attempts;
    private final ExchangeDeadline deadline;
    private final ExchangeRecord record = new ExchangeRecord();
    private final RequestIdentity identity = new RequestIdentity();

    private @Nullable DownstreamStream downstream;
    private @Nullable Client client;
    private @Nullable RequestHead request;
    private @Nullable RequestHead refusedHead; // within beginRefused
    private @Nullable PooledBuffer requestStore;
    private @Nullable Route route;
    private @Nullable FilterState filters;

    private ResponseState responseState = ResponseState.ENDED;
    private boolean isInterimSent; // other than 100
    private int retriesBefore; // of the same request, by a trusted proxy
    private boolean isGrpc;
    private boolean isMadeGrpc; // by a filter
    private boolean trailersWanted; // by the client
    private boolean responsePaused;
    private boolean contentChanged; // the response has content, and filters change it
    private boolean endsApart; // the end of the response may come later than its last byte

    Exchange(LoopContext context) {
        this.context = context;
        this.requestFlow = new RequestFlow(this, context);
        this.attempts = new Attempts(this, context);
        this.deadline = new ExchangeDeadline(this, context.loop());
    }

    // ---- from the downstream session -------------------------------------------------------------------------------

    /** Starts with a decoded request whose bytes are in {@code store}. The exchange owns both from here on. */
    public void begin(DownstreamStream from, Client by, RequestHead head, PooledBuffer store) {
        start(from, by);
        request = head;
        requestStore = store;
        isGrpc = Grpc.isCall(head);
        record.head(head.headLength());
        requestFlow.start(head, from);
        Cause refusal = context.requestPhase().prepare(this, head, by);
        if (refusal == Cause.NONE) {
            proceed(route());
        } else if (refusal == Cause.REDIRECT_TO_HTTPS) {
            redirectToHttps();
        } else {
            respond(refusal);
        }
    }

    /**
     * Starts with a request that is refused before it is whole: it gets its answer, its counters and its log line.
     *
     * @param known what was understood of the head, with its bytes; lent, and for the log only
     */
    public void beginRefused(
            DownstreamStream from, Client by, Cause cause, @Nullable Violation violation, @Nullable RequestHead known) {
        start(from, by);
        refusedHead = known;
        isGrpc = known != null && Grpc.isCall(known);
        if (violation != null) {
            record.violation(violation);
        }
        respond(cause);
    }

    private void start(DownstreamStream from, Client by) {
        downstream = from;
        client = by;
        responseState = ResponseState.AWAITING_HEAD;
        record.begin(context.loop().nowNs(), context.loop().wallMs());
    }

    private void proceed(Route taken) {
        LocalAnswer byFilter = filters == null ? null : filters.answer();
        LocalAnswer answer = byFilter != null ? byFilter : taken.answer();
        UpstreamNode upstream = taken.upstream();
        if (answer != null) {
            record.cause(byFilter != null ? Cause.FILTER_RESPONSE : Cause.RESPOND_ACTION);
            beginOwnResponse();
            context.responder().respond(this, answer);
            finish();
        } else if (upstream != null) {
            forward(taken, upstream);
        } else {
            redirect(taken);
        }
    }

    private void forward(Route taken, UpstreamNode upstream) {
        long bodyMax = bodyBytesMax(taken);
        if (request().bodyKind() == BodyKind.LENGTH && request().contentLength() > bodyMax) {
            refuse(Cause.BODY_TOO_LARGE);
            return;
        }
        limits(taken, upstream);
        long timeoutNs = timeoutNs(taken);
        if (timeoutNs == Grpc.RUN_OUT_NS) {
            respond(Cause.EXCHANGE_TIMEOUT);
            return;
        }
        if (timeoutNs > 0) {
            deadline.total(timeoutNs);
        }
        startAt(upstream);
    }

    private void startAt(UpstreamNode upstream) {
        upstream.retryBudget().onRequest(context.loop().nowNs());
        attempts.start(upstream);
    }

    /** How long the content may be, and how much of it is kept, in memory and then in a file. */
    private void limits(Route taken, UpstreamNode upstream) {
        boolean mayRepeat = mayRepeat(taken, upstream);
        int replayBytes = mayRepeat ? upstream.config().retry().replayBytes() : 0;
        requestFlow.limits(bodyBytesMax(taken), replayBytes, mayRepeat && upstream.keepsInFiles() ? upstream : null);
    }

    /**
     * Whether anything is kept. Once a byte of a non-idempotent request is sent it is never sent again (RFC 9110 §9.2.2), so there is
     * nothing to keep, unless the origin can say that it has not looked at the request.
     */
    private boolean mayRepeat(Route taken, UpstreamNode upstream) {
        Fallback fallback = taken.fallback();
        return Method.isIdempotent(request().method())
                || upstream.mayRefuseUnseen()
                || taken.retryRules().isUnsafe()
                || isCall() && taken.retryRules().answers().concernsCalls()
                || isCall() && fallback != null && fallback.answers().concernsCalls();
    }

    /** A gRPC call is a sequence of messages without an end in sight: only a limit of its own route holds. */
    private long bodyBytesMax(Route taken) {
        if (taken.bodyBytesMax() >= 0) {
            return taken.bodyBytesMax();
        }
        return isGrpc ? Long.MAX_VALUE : client().listener().bodyBytesMax();
    }

    /** The sooner of what the route and a gRPC call itself allow; zero for no bound. */
    private long timeoutNs(Route taken) {
        long ofRoute = taken.requestTimeoutNs();
        long ofCall = isCall() ? Grpc.timeoutNs(request().fields()) : Grpc.NO_TIMEOUT;
        return ofRoute > 0 && (ofCall <= 0 || ofRoute < ofCall) ? ofRoute : ofCall;
    }

    /** The first bytes of the request's content are here, whether they are wanted yet or not. Called once at the most. */
    public void onRequestBodyArrived() {
        requestFlow.onContentArrived();
    }

    /** Whether it asks for a WebSocket: over HTTP/1.1 that takes a whole connection, and over HTTP/2 an origin that offers it. */
    boolean asksForWebSocket() {
        return request().isWebSocket();
    }

    /** What a client may send behind its head before it has an answer; −1 when it is a request like any other, and more may follow. */
    public int earlyBytesMax() {
        WebSocketRoute webSocket = route == null ? null : route.webSocket();
        return webSocket != null && request().isWebSocket() ? webSocket.earlyBytesMax() : -1;
    }

    /** Content of the request, without framing; all bytes are taken. Called only while demand is not paused. */
    public void onRequestBody(ByteBuffer bytes) {
        record.onRequestBody(bytes.remaining());
        requestFlow.onBody(bytes);
        bytes.position(bytes.limit());
    }

    /** The request is complete. */
    public void onRequestEnd(@Nullable FieldSection trailers) {
        requestFlow.onEnd(trailers);
    }

    /** The framing of the request body is broken; nothing more of the connection will be read. */
    public void onRequestRefused(Violation violation) {
        record.violation(violation);
        refuse(Cause.ofRequest(violation));
    }

    /** The client has not sent its body in time, or too slowly. */
    public void onRequestTimeout() {
        refuse(Cause.REQUEST_TIMEOUT);
    }

    /** The client takes bytes again. */
    public void onDownstreamWritable() {
        if (responsePaused) {
            responsePaused = false;
            deadline.await(Wait.RESPONSE_BODY, route().bodyIdleNs());
            attempts.stream().resumeResponse();
        }
    }

    /** The client is gone, or has been given up; nothing can be sent to it any more. */
    public void onDownstreamAborted(Cause cause) {
        attempts.abandon();
        record.cause(cause);
        responseState = ResponseState.ENDED;
        finish();
    }

    // ---- from the upstream session ---------------------------------------------------------------------------------

    /** Whether the client speaks HTTP/2, which tells the end of a message by itself. */
    boolean isByHttp2() {
        return request().version() == HttpVersion.HTTP_2;
    }

    /** Whether the request is a call by gRPC for its origin, whatever its client speaks. */
    public boolean isCall() {
        return isGrpc || isMadeGrpc;
    }

    /** Whether trailers are taken (RFC 9110 §10.1.4): by the client, or by who translates for it, as the gRPC protocol demands. */
    boolean takesTrailers() {
        return trailersWanted || isMadeGrpc;
    }

    /**
     * Whether the end of a response of known length may come later than its last byte, with trailers perhaps. If the client's stream ended
     * before, that client would have room for another request in its own eyes, and not in ours, who are not done with this one.
     */
    public boolean endsApart() {
        return endsApart;
    }

    /** What the exchange has is of no use: whatever is under way fails. */
    void onUpstreamFailed(FailureKind kind) {
        attempts.fail(kind);
    }

    /** An interim response (RFC 9110 §15.2). {@code head} is lent and may be edited in place. */
    void onInterim(ResponseHead head) {
        if (head.isSwitchingProtocols()) {
            onSwitch(head);
        } else if (head.status() == 100) {
            requestFlow.onContinue();
        } else {
            isInterimSent = true;
            context.responsePhase().prepareInterim(head);
            downstream().sendInterim(head);
        }
    }

    /** The origin says that it speaks another protocol from here on: only what it was asked for counts (RFC 9110 §7.8). */
    private void onSwitch(ResponseHead head) {
        if (!request().isWebSocket()) {
            onUpstreamFailed(FailureKind.UPGRADE_UNASKED);
            return;
        }
        if (!context.handshake().isGrantedBy(head, request().fields())) {
            onUpstreamFailed(FailureKind.UPGRADE_INVALID);
            return;
        }
        grantWebSocket(head);
    }

    /**
     * The origin grants the WebSocket that it was asked for by an extended CONNECT (RFC 8441 §5), without a proof of which HTTP/2 has no need.
     * {@code head} is lent and may be edited in place.
     */
    void onWebSocketGranted(ResponseHead head) {
        grantWebSocket(head);
    }

    private void grantWebSocket(ResponseHead head) {
        responseState = ResponseState.HEAD_TAKEN;
        record.responseHead(context.loop().nowNs(), SWITCHING_PROTOCOLS);
        attempts.onHead(SWITCHING_PROTOCOLS);
        context.responsePhase().prepare(this, head);
        if (filters != null && !filters.onResponseHead(head)) {
            failLocally();
            return;
        }
        context.responsePhase().finish(this, head.fields());
        boolean lacksProof = head.version() == HttpVersion.HTTP_2 && !isByHttp2();
        if (lacksProof && !context.handshake().prove(head.fields(), request().fields())) {
            onUpstreamFailed(FailureKind.UPGRADE_INVALID);
            return;
        }
        int length = downstream().sendWebSocketHead(head.fields());
        if (length < 0) {
            onUpstreamFailed(FailureKind.HEAD_TOO_LARGE);
            return;
        }
        record.onResponseHeadSent(length);
        becomeTunnel();
    }

    /** An ordinary success, which over HTTP/2 would say that the WebSocket is granted (RFC 8441 §5). */
    private boolean isTakenForGranted(ResponseHead head) {
        RequestHead asked = request();
        return asked.isWebSocket() && asked.version() == HttpVersion.HTTP_2 && head.status() / 100 == 2;
    }

    /** Nothing of the exchange outlives this but two connections, and what the log has to say in the end. */
    private void becomeTunnel() {
        responseState = ResponseState.ENDED;
        deadline.end();
        if (filters != null) {
            filters.onEnd();
        }
        record.end(context.loop().clockNs());
        ListenerNode listener = client().listener();
        Route taken = route();
        KeptRecord kept = context.accounting().exchangeSwitched(this);
        WebSocketTunnel.Attempt attempt = attempts.becomeTunnel();
        TunnelEnd near = downstream().becomeTunnel();
        long startedNs = record.startedNs();
        forget();
        context.give(this);
        context.webSockets().begin(listener, taken, near, attempt, kept, startedNs);
    }

    /** The head of the final response. {@code head} is lent and may be edited in place. */
    void onResponseHead(ResponseHead head) {
        if (isTakenForGranted(head)) {
            onUpstreamFailed(FailureKind.UPGRADE_INVALID);
            return;
        }
        record.responseHead(context.loop().nowNs(), head.status());
        if (attempts.isFollowed(head)) {
            return; // by another one, and its response is none of the client's.
        }
        responseState = ResponseState.HEAD_TAKEN;
        refuseWebSocket(request);
        requestFlow.onResponseHead();
        context.responsePhase().prepare(this, head);
        if (filters != null && !filters.onResponseHead(head)) {
            failLocally();
            return;
        }
        context.responsePhase().finish(this, head.fields());
        boolean changed = filters != null && filters.changesResponseBody();
        contentChanged = changed && head.bodyKind() != BodyKind.NONE;
        BodyKind kind = contentChanged ? BodyKind.UNTIL_CLOSE : head.bodyKind();
        endsApart = attempts.stream().endsApart();
        int length = downstream().sendHead(head.status(), head.fields(), kind, changed ? -1 : head.contentLength());
        if (length < 0) {
            onUpstreamFailed(FailureKind.HEAD_TOO_LARGE);
            return;
        }
        record.onResponseHeadSent(length);
        responseState = ResponseState.STREAMING;
        requestFlow.onResponseBegun();
        deadline.await(Wait.RESPONSE_BODY, route().bodyIdleNs());
    }

    /** Content of the response, without framing; all bytes are taken. */
    void onResponseBody(ByteBuffer bytes) {
        ByteBuffer passed = filters == null ? bytes : filters.onResponseBody(bytes);
        if (passed == null) {
            failLocally();
            return;
        }
        record.onResponseBody(passed.remaining());
        boolean keepsUp = downstream().sendBody(passed);
        bytes.position(bytes.limit());
        if (keepsUp) {
            deadline.await(Wait.RESPONSE_BODY, route().bodyIdleNs());
        } else {
            responsePaused = true;
            deadline.stopWaiting(); // The client's silence is the downstream session's to judge.
            attempts.stream().pauseResponse();
        }
    }

    /** The response is complete. The upstream session has let go of this exchange before the call. */
    void onResponseEnd(@Nullable FieldSection trailers) {
        attempts.onEnded(trailers);
        if (filters != null && trailers != null && !filters.onResponseTrailers(trailers)) {
            breakOff(Cause.INTERNAL);
            return;
        }
        if (filters != null && contentChanged) {
            ByteBuffer last = filters.onResponseEnd();
            if (last == null) {
                breakOff(filters.fault());
                return;
            }
            record.onResponseBody(last.remaining());
            downstream().sendBody(last);
        }
        endResponse(trailersWanted ? trailers : null);
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    void onTotalDeadline() {
        if (attempts.isBetween()) {
            attempts.abandon();
            unserved(Cause.EXCHANGE_TIMEOUT, false);
        } else {
            onUpstreamFailed(FailureKind.EXCHANGE_TIMEOUT);
        }
    }

    void onWaitDeadline(Wait wait, long nowNs) {
        switch (wait) {
            case NOTHING -> {}
            case ROOM -> attempts.onPendingDeadline();
            case CONNECT, HANDSHAKE, RESPONSE_HEAD -> attempts.onAttemptDeadline(wait, nowNs);
            case CONTINUE -> requestFlow.onContinue();
            case RETRY -> attempts.onBackoffOver();
            case REPLAY_FILE -> requestFlow.onKeptStalled();
            case REQUEST_STALL, RESPONSE_BODY -> onUpstreamFailed(FailureKind.BODY_TIMEOUT);
        }
    }

    // ---- answers of the proxy's own, and ends ----------------------------------------------------------------------

    /** Refuses a request while it is being received: the connection does not outlive the answer. */
    void refuse(Cause cause) {
        downstream().closeAfterResponse();
        attempts.abandon();
        if (responseState == ResponseState.STREAMING) {
            cutShort(cause);
        } else {
            respond(cause);
        }
    }

    /** A filter threw on the way of the response, or has broken it off. */
    private void failLocally() {
        attempts.abandon();
        Cause cause = filters == null ? Cause.INTERNAL : filters.fault();
        if (responseState == ResponseState.STREAMING) {
            breakOff(cause);
        } else {
            respond(cause);
        }
    }

    /** Answers with what {@code cause} calls for. */
    void respond(Cause cause) {
        record.cause(cause);
        beginOwnResponse();
        context.responder().respond(this, cause);
        finish();
    }

    /**
     * The route's upstream does not serve the request: its fallback does, or the client learns of it.
     *
     * @param maySendAgain whether it is safe to send the request once more, to another upstream
     */
    void unserved(Cause cause, boolean maySendAgain) {
        Fallback fallback = route().fallback();
        if (fallback == null || !fallback.isFor(cause)) {
            respond(cause);
        } else if (fallback.to() != null) {
            if (maySendAgain && !isInterimSent && mayMoveTo(fallback.to())) {
                moveTo(fallback.to(), cause);
            } else {
                respond(cause);
            }
        } else if (mayBeAnswered(fallback)) {
            answerInstead(fallback.answer(), cause);
        } else {
            respond(cause);
        }
    }

    /**
     * Whether the route's fallback takes the place of the answer that has just come, which is one of those listed: it is dropped then.
     *
     * @param maySendAgain as for {@link #unserved}
     */
    boolean replacesAnswer(boolean maySendAgain) {
        Fallback fallback = route().fallback();
        assert fallback != null;
        Route other = fallback.to();
        boolean isTaken = other == null ? mayBeAnswered(fallback) : maySendAgain && mayMoveTo(other);
        if (!isTaken) {
            return false;
        }
        attempts.dropResponse();
        if (other == null) {
            answerInstead(fallback.answer(), Cause.NONE);
        } else {
            moveTo(other, Cause.NONE);
        }
        return true;
    }

    /** No ordinary answer is what somebody waits for who wants a WebSocket: a success by HTTP/2 would grant it (RFC 8441 §5). */
    private boolean mayBeAnswered(Fallback fallback) {
        return fallback.answer() != null && !request().isWebSocket();
    }

    private boolean mayMoveTo(Route other) {
        UpstreamNode upstream = other.upstream();
        return upstream != null
                && responseState == ResponseState.AWAITING_HEAD
                && deadline.leaves(0)
                && requestFlow.isReplayableAt(upstream);
    }

    private void moveTo(Route other, Cause reason) {
        context.accounting().fallback(this);
        record.fallback(reason);
        record.responseDropped();
        route = other;
        UpstreamNode upstream = other.upstream();
        assert upstream != null;
        requestFlow.hold();
        limits(other, upstream);
        attempts.leaveUpstream();
        startAt(upstream);
    }

    private void answerInstead(@Nullable LocalAnswer answer, Cause reason) {
        assert answer != null;
        context.accounting().fallback(this);
        record.fallback(reason);
        record.cause(Cause.FALLBACK_RESPONSE);
        beginOwnResponse();
        context.responder().respond(this, answer);
        finish();
    }

    private void redirect(Route taken) {
        assert taken.redirect() != null;
        record.cause(Cause.REDIRECT_ACTION);
        beginOwnResponse();
        context.responder().respond(this, taken.redirect());
        finish();
    }

    private void redirectToHttps() {
        HttpsRedirect redirect = client().listener().httpsRedirect();
        assert redirect != null;
        record.cause(Cause.REDIRECT_TO_HTTPS);
        beginOwnResponse();
        context.responder().respond(this, redirect);
        finish();
    }

    /** An ordinary response follows: from here on, so does an ordinary request. */
    private void refuseWebSocket(@Nullable RequestHead asked) {
        if (asked != null && asked.isWebSocket()) {
            asked.webSocket(false);
            downstream().refuseWebSocket();
        }
    }

    private void beginOwnResponse() {
        refuseWebSocket(request);
        responseState = ResponseState.ENDED;
        requestFlow.stop();
    }

    /** Ends a response that has begun and cannot be completed: in good order if a filter can tell of it there, and otherwise visibly. */
    void cutShort(Cause cause) {
        ByteBuffer last = filters != null && contentChanged ? filters.onResponseBreak(cause) : null;
        if (last == null) {
            breakOff(cause);
            return;
        }
        record.cause(cause);
        record.onResponseBody(last.remaining());
        downstream().sendBody(last);
        endResponse(null);
    }

    private void endResponse(@Nullable FieldSection trailers) {
        responseState = ResponseState.ENDED;
        requestFlow.stop();
        sendEnd(trailers);
        finish();
    }

    /** Ends what has gone to the client. */
    void sendEnd(@Nullable FieldSection trailers) {
        if (!downstream().sendEnd(trailers)) {
            record.outOfMemory();
        }
    }

    /** Ends a response that has begun by a visible break. */
    private void breakOff(Cause cause) {
        record.cause(cause);
        responseState = ResponseState.ENDED;
        downstream().reset(cause);
        finish();
    }

    void onFilterFailure(Throwable failure) {
        context.accounting().filterFailed(this, failure);
    }

    private void finish() {
        deadline.end();
        if (filters != null) {
            filters.onEnd();
        }
        record.end(context.loop().clockNs());
        context.accounting().exchangeEnded(this);
        DownstreamStream ended = downstream();
        forget();
        context.give(this);
        ended.exchangeEnded();
    }

    private void forget() {
        requestFlow.forget();
        attempts.forget();
        identity.clear();
        if (requestStore != null) {
            requestStore.release();
        }
        if (request != null) {
            context.giveRequestHead(request);
        }
        requestStore = null;
        request = null;
        refusedHead = null;
        downstream = null;
        client = null;
        route = null;
        filters = null;
        isInterimSent = false;
        retriesBefore = 0;
        isGrpc = false;
        isMadeGrpc = false;
        trailersWanted = false;
        responsePaused = false;
        contentChanged = false;
        endsApart = false;
    }

    // ---- what the parts and phases of an exchange ask of each other ------------------------------------------------

    void route(Route taken) {
        route = taken;
        filters = taken.filters().isEmpty() ? null : new FilterState(this, taken.filters());
    }

    void trailersWanted(boolean offered) {
        trailersWanted = offered;
    }

    /** Which retry of a trusted proxy the request is; 0 for none. */
    void retriesBefore(int count) {
        retriesBefore = count;
    }

    int retriesBefore() {
        return retriesBefore;
    }

    /** Whether the client has seen something of an attempt, be it an interim response. What makes it send its content does not count. */
    boolean isInterimSent() {
        return isInterimSent;
    }

    void madeGrpc() {
        isMadeGrpc = true;
    }

    /** Whether the client has made a gRPC call, so that answers are in its terms. */
    boolean isGrpc() {
        return isGrpc;
    }

    /** Whether it serves a request, and does not wait in the pool for one. */
    boolean isRunning() {
        return downstream != null;
    }

    /** Whether nothing of a final response has gone to the client. */
    boolean isAwaitingResponse() {
        return responseState == ResponseState.AWAITING_HEAD || responseState == ResponseState.HEAD_TAKEN;
    }

    @Nullable
    FilterState filters() {
        return filters;
    }

    RequestFlow requestFlow() {
        return requestFlow;
    }

    Attempts attempts() {
        return attempts;
    }

    ExchangeDeadline deadline() {
        return deadline;
    }

    RequestIdentity identity() {
        return identity;
    }

    ExchangeRecord record() {
        return record;
    }

    /** What was understood of a request that was refused before it was whole. */
    @Nullable
    RequestHead refusedHeadOrNull() {
        return refusedHead;
    }

    @Nullable
    RequestHead requestOrNull() {
        return request;
    }

    @Nullable
    Route routeOrNull() {
        return route;
    }

    @Nullable
    EndpointNode endpointOrNull() {
        return attempts.endpointOrNull();
    }

    RequestHead request() {
        RequestHead current = request;
        assert current != null;
        return current;
    }

    Client client() {
        Client current = client;
        assert current != null;
        return current;
    }

    DownstreamStream downstream() {
        DownstreamStream current = downstream;
        assert current != null;
        return current;
    }

    Route route() {
        Route current = route;
        assert current != null;
        return current;
    }
}
