package dev.headgate.exchange;

import dev.headgate.balancer.Balancer;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.engine.timer.Timer;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.route.LocalAnswer;
import dev.headgate.route.Route;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import dev.headgate.upstream.UpstreamPool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response through the proxy, retries included.
 * <pre>{@code
 *  request:   AWAITING_UPSTREAM ──> AWAITING_CONTINUE ──> STREAMING ──> ENDED
 *                    │  └──(no Expect)────────────────────────^            ^
 *                    └──(no content)───────────────────────────────────────┘      any ──> DISCARDED
 *  response:  AWAITING_HEAD ──> STREAMING ──> ENDED
 *                    └──(made by the proxy)──────^
 * }</pre>
 * Both machines run side by side; the exchange ends when the response has. Objects are pooled by {@link LoopContext}: a finished
 * exchange forgets everything and serves a later request.
 *
 * <p>Extends {@link Timer}: its deadline is the earliest thing that the exchange waits for.
 */
@LoopConfined
@HotPath
public final class Exchange extends Timer {
    private enum RequestState {
        AWAITING_UPSTREAM,
        AWAITING_CONTINUE,
        STREAMING,
        ENDED,
        DISCARDED
    }

    private enum ResponseState {
        AWAITING_HEAD,
        STREAMING,
        ENDED
    }

    /** What the deadline stands for. */
    private enum Wait {
        NOTHING,
        CONNECT,
        CONTINUE,
        REQUEST_STALL,
        FIRST_BYTE,
        RESPONSE_BODY
    }

    private final LoopContext context;
    private final EndpointSet tried = new EndpointSet();
    private final ReplayWindow replay = new ReplayWindow();
    private final ExchangeRecord record = new ExchangeRecord();
    private final RequestIdentity identity = new RequestIdentity();

    private @Nullable DownstreamStream downstream;
    private @Nullable Client client;
    private @Nullable RequestHead request;
    private @Nullable PooledBuffer requestStore;
    private @Nullable Route route;
    private @Nullable FilterState filters;

    private @Nullable UpstreamStream attempt;
    private @Nullable EndpointNode endpoint;

    private RequestState requestState = RequestState.ENDED;
    private ResponseState responseState = ResponseState.ENDED;
    private Wait waiting = Wait.NOTHING;
    private long waitDeadlineNs;
    private long totalDeadlineNs; // 0: none
    private long bodyBytesMax;
    private int interimCount;
    private boolean continueSent;
    private boolean trailersWanted;
    private boolean requestEndSeen;
    private boolean responsePaused;

    Exchange(LoopContext context) {
        this.context = context;
    }

    // ---- from the downstream session -------------------------------------------------------------------------------

    /** Starts with a decoded request whose bytes are in {@code store}. The exchange owns both from here on. */
    public void begin(DownstreamStream from, Client by, RequestHead head, PooledBuffer store) {
        start(from, by);
        request = head;
        requestStore = store;
        record.head(head.headLength());
        requestState = head.bodyKind() == BodyKind.NONE ? RequestState.ENDED : RequestState.AWAITING_UPSTREAM;
        Cause refusal = context.requestPhase().prepare(this, head, by);
        if (refusal == Cause.NONE) {
            proceed(route());
        } else {
            respond(refusal);
        }
    }

    /** Starts with a request that is refused before it is whole: it gets its answer, its counters and its log line. */
    public void beginRefused(DownstreamStream from, Client by, Cause cause, @Nullable Violation violation) {
        start(from, by);
        requestState = RequestState.DISCARDED;
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
        FilterState chain = filters;
        if (chain != null && chain.answer() != null) {
            record.cause(Cause.FILTER_RESPONSE);
            respondWith(chain.answer());
            return;
        }
        UpstreamNode upstream = taken.upstream();
        if (upstream != null) {
            forward(taken, upstream);
        } else if (taken.answer() != null) {
            record.cause(Cause.RESPOND_ACTION);
            respondWith(taken.answer());
        } else {
            redirect(taken);
        }
    }

    private void forward(Route taken, UpstreamNode upstream) {
        long nowNs = context.loop().nowNs();
        bodyBytesMax = taken.bodyBytesMax() >= 0
                ? taken.bodyBytesMax()
                : client().listener().bodyBytesMax();
        if (request().bodyKind() == BodyKind.LENGTH && request().contentLength() > bodyBytesMax) {
            downstream().closeAfterResponse();
            respond(Cause.BODY_TOO_LARGE);
            return;
        }
        if (taken.requestTimeoutNs() > 0) {
            totalDeadlineNs = nowNs + taken.requestTimeoutNs();
        }
        replay.limit(upstream.config().retry().replayBytes());
        upstream.retryBudget().onRequest(nowNs);
        startAttempt(upstream);
    }

    /** Content of the request, without framing; all bytes are taken. Called only while demand is not paused. */
    public void onRequestBody(ByteBuffer bytes) {
        record.onRequestBody(bytes.remaining());
        if (requestState == RequestState.STREAMING) {
            if (record.requestBodyBytes() > bodyBytesMax) {
                refuse(Cause.BODY_TOO_LARGE);
            } else {
                passRequestBody(bytes);
            }
        }
        bytes.position(bytes.limit());
    }

    private void passRequestBody(ByteBuffer bytes) {
        ByteBuffer passed = filters == null ? bytes : filters.onRequestBody(bytes);
        if (passed == null) {
            refuse(Cause.INTERNAL);
            return;
        }
        replay.append(context.loop().buffers(), passed);
        if (!attempt().sendBody(passed)) {
            downstream().pauseRequest();
            if (responseState == ResponseState.AWAITING_HEAD) {
                await(Wait.REQUEST_STALL, route().bodyIdleNs());
            }
        }
    }

    /** The request is complete. */
    public void onRequestEnd(@Nullable FieldSection trailers) {
        requestEndSeen = true;
        if (requestState != RequestState.STREAMING) {
            return;
        }
        requestState = RequestState.ENDED;
        if (filters != null) {
            ByteBuffer last = filters.onRequestEnd();
            if (last == null) {
                refuse(Cause.INTERNAL);
                return;
            }
            attempt().sendBody(last);
        }
        attempt().sendEnd(trailers);
        if (responseState == ResponseState.AWAITING_HEAD) {
            awaitHead();
        }
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
            await(Wait.RESPONSE_BODY, route().bodyIdleNs());
            attempt().resumeResponse();
        }
    }

    /** The client is gone, or has been given up; nothing can be sent to it any more. */
    public void onDownstreamAborted(Cause cause) {
        abandonAttempt();
        record.cause(cause);
        requestState = RequestState.DISCARDED;
        responseState = ResponseState.ENDED;
        finish();
    }

    // ---- from the upstream session ---------------------------------------------------------------------------------

    /** The connection of this attempt is open. */
    public void onUpstreamReady() {
        sendRequest();
    }

    /** An interim response (RFC 9110 §15.2). {@code head} is lent and may be edited in place. */
    public void onInterim(ResponseHead head) {
        if (head.isSwitchingProtocols()) {
            onUpstreamFailed(FailureKind.UPGRADE_UNASKED);
        } else if (++interimCount > upstream().config().limits().interim()) {
            onUpstreamFailed(FailureKind.INTERIM_FLOOD);
        } else if (head.status() == 100) {
            onContinue();
        } else {
            context.responsePhase().prepareInterim(head);
            downstream().sendInterim(head);
        }
    }

    /** The head of the final response. {@code head} is lent and may be edited in place. */
    public void onResponseHead(ResponseHead head) {
        record.responseHead(context.loop().nowNs(), head.status());
        if (requestState == RequestState.AWAITING_CONTINUE) {
            // The client may send the body, or not: where the next request begins can no longer be known (RFC 9110
            // §10.1.1).
            requestState = RequestState.DISCARDED;
            downstream().closeAfterResponse();
            downstream().discardRequest();
        }
        context.responsePhase().prepare(this, head);
        if (filters != null && !filters.onResponseHead(head)) {
            failLocally();
            return;
        }
        boolean changed = filters != null && filters.changesResponseBody() && head.bodyKind() != BodyKind.NONE;
        BodyKind kind = changed ? BodyKind.UNTIL_CLOSE : head.bodyKind();
        int length = downstream().sendHead(head.status(), head.fields(), kind, changed ? -1 : head.contentLength());
        if (length < 0) {
            onUpstreamFailed(FailureKind.HEAD_TOO_LARGE);
            return;
        }
        record.onResponseHeadSent(length);
        responseState = ResponseState.STREAMING;
        await(Wait.RESPONSE_BODY, route().bodyIdleNs());
    }

    /** Content of the response, without framing; all bytes are taken. */
    public void onResponseBody(ByteBuffer bytes) {
        ByteBuffer passed = filters == null ? bytes : filters.onResponseBody(bytes);
        if (passed == null) {
            failLocally();
            return;
        }
        record.onResponseBody(passed.remaining());
        boolean keepsUp = downstream().sendBody(passed);
        bytes.position(bytes.limit());
        if (keepsUp) {
            await(Wait.RESPONSE_BODY, route().bodyIdleNs());
        } else {
            responsePaused = true;
            stopWaiting();
            attempt().pauseResponse();
        }
    }

    /** The response is complete. The upstream session has let go of this exchange before the call. */
    public void onResponseEnd(@Nullable FieldSection trailers) {
        attempt = null;
        endpoint()
                .onAttemptEnded(context.index(), record.attemptNs(context.loop().nowNs()));
        if (filters != null) {
            ByteBuffer last = filters.onResponseEnd();
            if (last == null) {
                breakOff(Cause.INTERNAL);
                return;
            }
            record.onResponseBody(last.remaining());
            downstream().sendBody(last);
        }
        responseState = ResponseState.ENDED;
        stopRequest();
        downstream().sendEnd(trailersWanted ? trailers : null);
        finish();
    }

    /** The origin takes bytes again. */
    public void onUpstreamWritable() {
        if (requestState == RequestState.STREAMING) {
            if (waiting == Wait.REQUEST_STALL) {
                stopWaiting();
            }
            downstream().resumeRequest();
        }
    }

    /** The attempt has failed. */
    public void onUpstreamFailed(FailureKind kind) {
        UpstreamStream failed = attempt;
        Failure failure = new Failure(
                kind,
                failed != null && failed.isReused() ? Failure.Connection.REUSED : Failure.Connection.FRESH,
                failed == null ? Failure.Sent.NOTHING : failed.sent(),
                request().method(),
                replay.isComplete() ? Failure.Body.REPLAYABLE : Failure.Body.GONE);
        dropAttempt();
        stopWaiting();
        endpoint()
                .onAttemptFailed(
                        context.index(), kind, record.attemptNs(context.loop().nowNs()));
        if (responseState == ResponseState.STREAMING) {
            context.accounting().attemptFailed(this, failure);
            breakOff(kind.cause());
            return;
        }
        RetryPolicy.Decision decision = RetryPolicy.decide(failure);
        if (decision == RetryPolicy.Decision.FRESH_CONNECTION && record.takeStaleRetry()) {
            holdRequest();
            UpstreamPool pool = endpoint().pool(context.index());
            pool.closeIdle(); // They are of the same age and likely of the same fate.
            startAttemptAt(endpoint());
            return;
        }
        context.accounting().attemptFailed(this, failure);
        if (decision == RetryPolicy.Decision.GIVE_UP || !retryElsewhere()) {
            respond(kind.cause());
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Override
    protected void onDeadline(long nowNs) {
        if (totalDeadlineNs != 0 && nowNs - totalDeadlineNs >= 0) {
            onUpstreamFailed(FailureKind.EXCHANGE_TIMEOUT);
            return;
        }
        switch (waiting) {
            case NOTHING -> stopWaiting();
            case CONNECT -> onUpstreamFailed(isTryOver(nowNs) ? FailureKind.TRY_TIMEOUT : FailureKind.CONNECT_TIMEOUT);
            case CONTINUE -> startBodyUnasked();
            case REQUEST_STALL, RESPONSE_BODY -> onUpstreamFailed(FailureKind.BODY_TIMEOUT);
            case FIRST_BYTE ->
                onUpstreamFailed(isTryOver(nowNs) ? FailureKind.TRY_TIMEOUT : FailureKind.FIRST_BYTE_TIMEOUT);
        }
    }

    private void await(Wait what, long timeoutNs) {
        waiting = what;
        waitDeadlineNs = context.loop().nowNs() + timeoutNs;
        armEarliest();
    }

    /** Waits for the connection or for the response head, within the attempt's own share of time. */
    private void awaitWithinTry(Wait what, long timeoutNs) {
        waiting = what;
        waitDeadlineNs = context.loop().nowNs() + timeoutNs;
        long perTryNs = route().perTryNs();
        if (perTryNs > 0 && record.attemptStartedNs() + perTryNs - waitDeadlineNs < 0) {
            waitDeadlineNs = record.attemptStartedNs() + perTryNs;
        }
        armEarliest();
    }

    private boolean isTryOver(long nowNs) {
        long perTryNs = route().perTryNs();
        return perTryNs > 0 && nowNs - record.attemptStartedNs() >= perTryNs;
    }

    private void awaitHead() {
        awaitWithinTry(Wait.FIRST_BYTE, route().firstByteNs());
    }

    private void armEarliest() {
        boolean totalFirst = totalDeadlineNs != 0 && totalDeadlineNs - waitDeadlineNs < 0;
        context.loop().timers().arm(this, totalFirst ? totalDeadlineNs : waitDeadlineNs);
    }

    private void stopWaiting() {
        waiting = Wait.NOTHING;
        if (totalDeadlineNs != 0) {
            context.loop().timers().arm(this, totalDeadlineNs);
        } else {
            context.loop().timers().disarm(this);
        }
    }

    // ---- attempts --------------------------------------------------------------------------------------------------

    private void startAttempt(UpstreamNode upstream) {
        int index = upstream.pick(context.index(), context.loop().chance().nextLong(), tried);
        if (index == Balancer.NONE) {
            context.accounting().noEndpoint(upstream);
            respond(Cause.NO_ENDPOINT);
        } else {
            startAttemptAt(upstream.endpoint(index));
        }
    }

    private void startAttemptAt(EndpointNode chosen) {
        endpoint = chosen;
        record.attempt(context.loop().nowNs());
        chosen.onAttemptStarted(context.index());
        UpstreamPool pool = chosen.pool(context.index());
        UpstreamStream idle = pool.takeIdle(this);
        if (idle != null) {
            attempt = idle;
            sendRequest();
            return;
        }
        attempt = pool.open(this);
        if (attempt == null) {
            onUpstreamFailed(chosen.isResolved() ? FailureKind.AT_CAPACITY : FailureKind.DNS_FAILED);
        } else {
            awaitWithinTry(Wait.CONNECT, upstream().config().timeouts().connectNs());
        }
    }

    /** Starts another attempt at another endpoint if attempts, endpoints and budget are left. */
    private boolean retryElsewhere() {
        tried.add(endpoint().index());
        UpstreamNode upstream = upstream();
        if (record.attempts() >= route().attemptsMax() || tried.count() >= EndpointSet.ATTEMPTS_MAX) {
            return false;
        }
        int index = upstream.pick(context.index(), context.loop().chance().nextLong(), tried);
        if (index == Balancer.NONE) {
            return false;
        }
        if (!upstream.retryBudget().tryRetry(context.loop().nowNs())) {
            context.accounting().retryRefused(upstream);
            return false;
        }
        context.accounting().retry(upstream);
        holdRequest();
        startAttemptAt(upstream.endpoint(index));
        return true;
    }

    /** Stops the client's body until the next attempt is ready for it. */
    private void holdRequest() {
        if (requestState == RequestState.STREAMING || requestState == RequestState.AWAITING_CONTINUE) {
            requestState = RequestState.AWAITING_UPSTREAM;
            downstream().pauseRequest();
        }
    }

    private void sendRequest() {
        RequestHead head = request();
        boolean hasBody = head.bodyKind() != BodyKind.NONE;
        boolean changed = hasBody && filters != null && filters.changesRequestBody();
        BodyKind kind = changed ? BodyKind.CHUNKED : head.bodyKind();
        int length = attempt().sendHead(head, upstream().authority(endpoint()), kind, head.contentLength());
        if (length < 0) {
            abandonAttempt();
            respond(Cause.FIELDS_TOO_LARGE);
            return;
        }
        record.requestSent(context.loop().clockNs());
        ByteBuffer kept = replay.bytes();
        if (kept != null) {
            attempt().sendBody(kept);
        }
        if (!hasBody || requestEndSeen) {
            requestState = RequestState.ENDED;
            attempt().sendEnd(null);
            awaitHead();
        } else if (head.expectsContinue() && !continueSent) {
            requestState = RequestState.AWAITING_CONTINUE;
            await(Wait.CONTINUE, client().listener().expectContinueNs());
        } else {
            startBody();
        }
    }

    private void startBody() {
        requestState = RequestState.STREAMING;
        stopWaiting();
        downstream().resumeRequest();
    }

    private void onContinue() {
        if (continueSent) {
            return; // Exactly one 100 reaches the client, and it has been sent.
        }
        continueSent = true;
        downstream().sendContinue();
        if (requestState == RequestState.AWAITING_CONTINUE) {
            startBody();
        }
    }

    /** The origin said nothing in time: the client gets its 100 from the proxy, and the body flows. */
    private void startBodyUnasked() {
        continueSent = true;
        downstream().sendContinue();
        startBody();
    }

    private void dropAttempt() {
        UpstreamStream dropped = attempt;
        attempt = null;
        if (dropped != null) {
            dropped.cancel();
        }
    }

    /** Cancels a running attempt for a reason that is not the endpoint's. */
    private void abandonAttempt() {
        if (attempt != null) {
            dropAttempt();
            endpoint()
                    .onAttemptFailed(
                            context.index(),
                            FailureKind.LOCAL,
                            record.attemptNs(context.loop().nowNs()));
        }
    }

    // ---- answers of the proxy's own, and ends ----------------------------------------------------------------------

    /** Refuses a request while it is being received. */
    private void refuse(Cause cause) {
        abandonAttempt();
        if (responseState == ResponseState.STREAMING) {
            breakOff(cause);
        } else {
            downstream().closeAfterResponse();
            respond(cause);
        }
    }

    /** A filter threw on the way of the response. */
    private void failLocally() {
        abandonAttempt();
        if (responseState == ResponseState.STREAMING) {
            breakOff(Cause.INTERNAL);
        } else {
            respond(Cause.INTERNAL);
        }
    }

    private void respond(Cause cause) {
        record.cause(cause);
        beginOwnResponse();
        context.responder().respond(this, cause);
        finish();
    }

    private void respondWith(@Nullable LocalAnswer answer) {
        assert answer != null;
        beginOwnResponse();
        context.responder().respond(this, answer);
        finish();
    }

    private void redirect(Route taken) {
        record.cause(Cause.REDIRECT_ACTION);
        beginOwnResponse();
        assert taken.redirect() != null;
        context.responder().respond(this, taken.redirect());
        finish();
    }

    private void beginOwnResponse() {
        responseState = ResponseState.ENDED;
        stopRequest();
    }

    private void breakOff(Cause cause) {
        record.cause(cause);
        responseState = ResponseState.ENDED;
        requestState = RequestState.DISCARDED;
        downstream().reset(cause);
        finish();
    }

    private void stopRequest() {
        if (requestState != RequestState.ENDED && requestState != RequestState.DISCARDED) {
            requestState = RequestState.DISCARDED;
            downstream().discardRequest();
        }
    }

    void onFilterFailure(Throwable failure) {
        context.accounting().filterFailed(this, failure);
    }

    private void finish() {
        context.loop().timers().disarm(this);
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
        replay.release();
        tried.clear();
        identity.clear();
        if (requestStore != null) {
            requestStore.release();
        }
        if (request != null) {
            context.giveRequestHead(request);
        }
        requestStore = null;
        request = null;
        downstream = null;
        client = null;
        route = null;
        filters = null;
        endpoint = null;
        attempt = null;
        waiting = Wait.NOTHING;
        totalDeadlineNs = 0;
        interimCount = 0;
        continueSent = false;
        trailersWanted = false;
        requestEndSeen = false;
        responsePaused = false;
    }

    // ---- what the phases set and ask -------------------------------------------------------------------------------

    void route(Route taken) {
        route = taken;
        filters = taken.filters().isEmpty() ? null : new FilterState(this, taken.filters());
    }

    void trailersWanted(boolean offered) {
        trailersWanted = offered;
    }

    @Nullable
    FilterState filters() {
        return filters;
    }

    RequestIdentity identity() {
        return identity;
    }

    ExchangeRecord record() {
        return record;
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
        return endpoint;
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

    private UpstreamNode upstream() {
        UpstreamNode current = route().upstream();
        assert current != null;
        return current;
    }

    private EndpointNode endpoint() {
        EndpointNode current = endpoint;
        assert current != null;
        return current;
    }

    private UpstreamStream attempt() {
        UpstreamStream current = attempt;
        assert current != null;
        return current;
    }
}
