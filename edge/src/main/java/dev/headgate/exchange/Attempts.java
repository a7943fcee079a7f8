package dev.headgate.exchange;

import dev.headgate.affinity.StickyCookie;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.route.Fallback;
import dev.headgate.tunnel.WebSocketTunnel;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.Pending;
import dev.headgate.upstream.UpstreamNode;
import dev.headgate.upstream.UpstreamPool;
import org.jspecify.annotations.Nullable;

/** The tries of one exchange, one after the other: which endpoint, on which connection, and whether there is another. Each begins when there is room for it. */
@LoopConfined
@HotPath
final class Attempts implements Pending.Attempts {
    /** What has just been answered is over by then, so that the same connection can be used. */
    private static final long AGAIN_NS = 1_000_000;

    private static final int OK = 200;

    private final Exchange exchange;
    private final LoopContext context;
    private final EndpointSet tried = new EndpointSet();
    private final Pending pending = new Pending(this);
    private @Nullable UpstreamNode upstream;
    private @Nullable EndpointNode endpoint;
    private @Nullable UpstreamStream stream;
    private @Nullable EndpointNode next; // while the time of another attempt is awaited
    private boolean isForHttp1;
    private boolean isOutcomeDue; // what a call has come to shows in its trailers
    private int attemptsBefore; // at another upstream
    private boolean isOnIdle; // the stream is one of a connection that was open already
    private boolean holdsRetry; // a permit for attempts after the first
    private int passedOver; // the endpoint that was passed over last when one was picked
    private int headBytesSent;
    private int subset; // of the upstream's endpoints
    private long key; // what endpoints are picked by
    private int stuckTo = StickyCookie.NONE; // the endpoint that the client's cookie names

    Attempts(Exchange exchange, LoopContext context) {
        this.exchange = exchange;
        this.context = context;
    }

    /** Gives up on the upstream for good: {@link #start} follows for another one. */
    void leaveUpstream() {
        assert stream == null && !pending.isWaiting();
        releaseRetryPermit();
        attemptsBefore = exchange.record().attempts();
        RetryMark.take(exchange.request().fields());
        tried.clear();
        isForHttp1 = false;
        next = null;
    }

    void start(UpstreamNode chosen) {
        upstream = chosen;
        subset = exchange.route().subset();
        int index = first(chosen);
        if (index == Picker.NONE) {
            index = passedOver; // It says why there is none.
        }
        if (index == Picker.NONE) {
            context.accounting().noEndpoint(chosen);
            exchange.unserved(Cause.NO_ENDPOINT, exchange.requestFlow().isReplayable());
        } else {
            place(chosen.endpoint(index));
        }
    }

    /** Where the client was before, if that will do; the cookie that says so is the proxy's, and no origin sees it. */
    private int first(UpstreamNode from) {
        passedOver = Picker.NONE;
        RequestHead head = exchange.request();
        StickyCookie cookie = from.stickyCookie();
        stuckTo = cookie == null ? StickyCookie.NONE : cookie.takeFrom(head.fields());
        key = from.keyOf(head, exchange.identity().client());
        boolean mayStay = stuckTo != StickyCookie.NONE
                && from.isUsableBySticky(subset, stuckTo)
                && !isRefusedBy(from.endpoint(stuckTo));
        return mayStay ? stuckTo : pickWilling(from);
    }

    /** Picks an endpoint, passing over those of which it is known that they refuse what is asked for: there is nothing to be tried. */
    private int pickWilling(UpstreamNode from) {
        passedOver = Picker.NONE;
        int index = pick(from);
        while (index != Picker.NONE && isRefusedBy(from.endpoint(index))) {
            passedOver = index;
            if (tried.count() == EndpointSet.ATTEMPTS_MAX) {
                return Picker.NONE;
            }
            tried.add(index);
            index = pick(from);
        }
        return index;
    }

    @Override
    public boolean isRefusedBy(EndpointNode asked) {
        return exchange.asksForWebSocket() && asked.pool(context.index()).refusesWebSockets();
    }

    private int pick(UpstreamNode from) {
        return from.pick(subset, context.index(), context.loop().chance().nextLong(), key, tried);
    }

    /** Has the client come back to the endpoint that has served it, unless it would anyway. */
    void stick(FieldSection response) {
        StickyCookie cookie = upstream().stickyCookie();
        int served = endpoint().index();
        if (cookie != null && served != stuckTo) {
            cookie.addTo(
                    response, served, HttpsUpgrade.cameByTls(exchange.request().fields()));
        }
    }

    // ---- the way to an endpoint ------------------------------------------------------------------------------------

    private void place(EndpointNode wanted) {
        upstream().queue(context.index()).place(pending, wanted);
    }

    @Override
    public int subset() {
        return subset;
    }

    @Override
    public long key() {
        return key;
    }

    @Override
    public EndpointSet tried() {
        return tried;
    }

    @Override
    public boolean tryConnect(EndpointNode candidate) {
        UpstreamPool pool = candidate.pool(context.index());
        UpstreamStream idle = pool.takeIdle(exchange);
        isOnIdle = idle != null;
        stream = idle != null ? idle : pool.open(exchange);
        return stream != null || !pool.isFull();
    }

    @Override
    public void onPending(long timeoutNs) {
        exchange.deadline().await(Wait.ROOM, timeoutNs);
    }

    @Override
    public void onRefused(Cause cause) {
        context.accounting().pendingRefused(upstream(), cause);
        exchange.unserved(cause, exchange.requestFlow().isReplayable());
    }

    void onPendingDeadline() {
        leaveQueue();
        onRefused(Cause.PENDING_TIMEOUT);
    }

    private void leaveQueue() {
        if (pending.isWaiting()) {
            upstream().queue(context.index()).leave(pending);
        }
    }

    @Override
    public void onPlaced(EndpointNode chosen) {
        endpoint = chosen;
        long nowNs = context.loop().nowNs();
        exchange.record().attempt(nowNs);
        headBytesSent = 0;
        chosen.onAttemptStarted(context.index(), nowNs);
        chosen.metrics().onAttemptStarted(context.index());
        if (exchange.deadline().isAwaiting(Wait.ROOM)) {
            exchange.deadline().stopWaiting();
        }
        if (isOnIdle) {
            sendRequest();
        } else if (stream == null) {
            onFailed(chosen.pool(context.index()).whyNone(exchange));
        } else {
            awaitWithinTry(Wait.CONNECT, upstream().config().timeouts().connectNs());
        }
    }

    void onReady(UpstreamStream ready) {
        stream = ready;
        sendRequest();
    }

    /** The attempt waits for another connection than before, which has yet to be opened. */
    void onMoved(UpstreamStream moved) {
        stream = moved;
        awaitWithinTry(Wait.CONNECT, upstream().config().timeouts().connectNs());
    }

    /** The connection is open, or was taken from the pool. */
    private void sendRequest() {
        RequestHead head = exchange.request();
        FilterState filters = exchange.filters();
        boolean hasContent = head.bodyKind() != BodyKind.NONE;
        boolean changed = hasContent && filters != null && filters.changesRequestBody();
        BodyKind kind = changed ? BodyKind.CHUNKED : head.bodyKind();
        if (head.expectsContinue() && !exchange.requestFlow().isContinueAwaited()) {
            head.fields().removeAll(Field.EXPECT); // The content follows at once: there is nothing to be told.
        }
        mark(head);
        byte @Nullable [] authority = upstream().authority(endpoint(), head);
        int length = stream().sendHead(head, authority, kind, head.contentLength());
        if (length < 0) {
            abandon();
            exchange.respond(Cause.FIELDS_TOO_LARGE);
            return;
        }
        headBytesSent = length;
        exchange.record().requestSent(context.loop().clockNs());
        exchange.requestFlow().onHeadSent(stream());
    }

    /** How many attempts this upstream has seen. */
    private int count() {
        return exchange.record().attempts() - attemptsBefore;
    }

    /** Tells the origin which retry it is, where it is one and the origin is to know. */
    private void mark(RequestHead head) {
        int retries = exchange.retriesBefore() + count() - 1;
        if (retries > 0 && upstream().config().retry().isMarked()) {
            RetryMark.put(head.fields(), retries);
        }
    }

    /** The request is sent: the response head must come in time. */
    void awaitHead() {
        awaitWithinTry(Wait.RESPONSE_HEAD, exchange.route().firstByteNs());
    }

    private void awaitWithinTry(Wait what, long timeoutNs) {
        long deadlineNs = context.loop().nowNs() + timeoutNs;
        long perTryNs = exchange.route().perTryNs();
        long tryDeadlineNs = exchange.record().attemptStartedNs() + perTryNs;
        boolean tryFirst = perTryNs > 0 && tryDeadlineNs - deadlineNs < 0;
        exchange.deadline().awaitUntil(what, tryFirst ? tryDeadlineNs : deadlineNs);
    }

    private boolean isTryOver(long nowNs) {
        long perTryNs = exchange.route().perTryNs();
        return perTryNs > 0 && nowNs - exchange.record().attemptStartedNs() >= perTryNs;
    }

    void onConnectDeadline(long nowNs) {
        if (isTryOver(nowNs)) {
            onFailed(FailureKind.TRY_TIMEOUT);
        } else if (stream().isHandshaking()) {
            awaitWithinTry(Wait.HANDSHAKE, upstream().config().timeouts().handshakeNs());
        } else {
            onFailed(FailureKind.CONNECT_TIMEOUT);
        }
    }

    void onHandshakeDeadline(long nowNs) {
        onFailed(isTryOver(nowNs) ? FailureKind.TRY_TIMEOUT : FailureKind.TLS_TIMEOUT);
    }

    void onHeadDeadline(long nowNs) {
        onFailed(isTryOver(nowNs) ? FailureKind.TRY_TIMEOUT : FailureKind.FIRST_BYTE_TIMEOUT);
    }

    /** The head of the final response is here, or what grants a WebSocket. */
    void onHead(int status) {
        onHeadSeen(status);
        upstream().onOutcome(endpoint(), EndpointNode.outcomeOf(status));
    }

    private void onHeadSeen(int status) {
        long nowNs = context.loop().nowNs();
        endpoint().onResponseHead(context.index(), status, exchange.record().attemptNs(nowNs), nowNs);
    }

    /** The same of a call, whose status may be in its trailers. */
    private void onHeadOfCall(int status, int grpcStatus) {
        isOutcomeDue = status == OK && grpcStatus < 0;
        if (isOutcomeDue) {
            onHeadSeen(status);
        } else {
            onHead(Grpc.isServerFault(grpcStatus) ? Grpc.httpStatusOf(grpcStatus) : status);
        }
    }

    /** What a call has come to, by what is behind its messages. */
    private void onCallEnded(@Nullable FieldSection trailers) {
        isOutcomeDue = false;
        int status = trailers == null ? -1 : Grpc.statusIn(trailers);
        if (!Grpc.isServerFault(status)) {
            upstream().onOutcome(endpoint(), Outcome.SUCCESS);
            return;
        }
        long nowNs = context.loop().nowNs();
        endpoint().onErrorTrailers(context.index(), exchange.record().attemptNs(nowNs), nowNs);
        upstream().onOutcome(endpoint(), EndpointNode.outcomeOf(Grpc.httpStatusOf(status)));
    }

    /**
     * The head of the final response is here.
     *
     * @return whether the response is dropped, for another attempt follows
     */
    boolean isFollowed(ResponseHead head) {
        RetryRules rules = exchange.route().retryRules();
        Fallback fallback = exchange.route().fallback();
        AnswerConditions replaced = fallback == null ? AnswerConditions.NONE : fallback.answers();
        boolean isCall = exchange.isCall();
        if (!isCall && rules.answers().isEmpty() && replaced.isEmpty()) {
            onHead(head.status());
            return false;
        }
        int grpcStatus = isCall ? Grpc.statusIn(head.fields()) : -1;
        boolean isByGrpcStatus = rules.answers().holdOnGrpcStatus(grpcStatus) || replaced.holdOnGrpcStatus(grpcStatus);
        int status = isByGrpcStatus ? Grpc.httpStatusOf(grpcStatus) : head.status();
        if (isCall && !isByGrpcStatus) {
            onHeadOfCall(status, grpcStatus);
        } else {
            onHead(status);
        }
        boolean maySendAgain = !exchange.isInterimSent()
                && RetryPolicy.mayFollowAnswer(exchange.request().method(), body(), isByGrpcStatus, rules);
        if (maySendAgain
                && holdsOn(rules.answers(), head.status(), grpcStatus)
                && retryAfterAnswer(rules, head, status)) {
            return true;
        }
        return holdsOn(replaced, head.status(), grpcStatus) && exchange.replacesAnswer(maySendAgain);
    }

    private static boolean holdsOn(AnswerConditions conditions, int status, int grpcStatus) {
        return conditions.holdOnGrpcStatus(grpcStatus) || conditions.holdOnStatus(status);
    }

    /** Drops the response for another attempt, if all that it takes is there: otherwise it is as good as any. */
    private boolean retryAfterAnswer(RetryRules rules, ResponseHead head, int status) {
        long askedNs = RetryAfter.waitNs(
                head.fields(), exchange.isCall(), context.loop().wallMs());
        if (askedNs > rules.retryAfterMaxNs()) {
            return false;
        }
        EndpointNode chosen = nextEndpoint(RetryPolicy.isPassing(status));
        if (chosen == null) {
            return false;
        }
        long delayNs = backoffNs();
        if (chosen == endpoint()) {
            delayNs = Math.max(Math.max(delayNs, askedNs), AGAIN_NS);
        }
        if (!exchange.deadline().leaves(delayNs) || !takesRetryToken()) {
            return false;
        }
        dropResponse();
        startAfter(chosen, delayNs);
        return true;
    }

    void dropResponse() {
        UpstreamStream dropped = stream();
        stream = null;
        isOutcomeDue = false;
        dropped.discard();
        context.accounting().answerDropped(upstream());
        long durationNs = exchange.record().attemptNs(context.loop().nowNs());
        endpoint().onAttemptEnded(context.index(), durationNs);
        context.accounting().attemptEnded(exchange, endpoint(), headBytesSent, durationNs);
        exchange.record().responseDropped();
        exchange.deadline().stopWaiting();
    }

    /** The response is complete and the upstream session has let go already. */
    void onEnded(@Nullable FieldSection trailers) {
        stream = null;
        if (isOutcomeDue) {
            onCallEnded(trailers);
        }
        long durationNs = exchange.record().attemptNs(context.loop().nowNs());
        endpoint().onAttemptEnded(context.index(), durationNs);
        context.accounting().attemptEnded(exchange, endpoint(), headBytesSent, durationNs);
    }

    /** The attempt has led to a tunnel, and is not over before that is: what balances by requests in flight has to see it. */
    WebSocketTunnel.Attempt becomeTunnel() {
        TunnelEnd end = stream().becomeTunnel();
        stream = null;
        long durationNs = exchange.record().attemptNs(context.loop().nowNs());
        context.accounting().attemptSwitched(exchange, durationNs);
        return new WebSocketTunnel.Attempt(
                upstream(),
                endpoint(),
                end,
                durationNs,
                headBytesSent,
                exchange.record().bytesOut());
    }

    /** The attempt has failed: another one follows, or the client learns of it. */
    void onFailed(FailureKind kind) {
        UpstreamStream failed = stream;
        Failure failure = new Failure(
                kind,
                failed != null && failed.isReused() ? Failure.Connection.REUSED : Failure.Connection.FRESH,
                failed == null ? Failure.Sent.NOTHING : failed.sent(),
                exchange.request().method(),
                body());
        TlsFault fault = failed == null ? null : failed.tlsFault();
        String violation = failed == null ? null : failed.violation();
        drop();
        exchange.deadline().stopWaiting();
        onAttemptFailed(kind);
        if (kind == FailureKind.AT_CAPACITY) {
            placeAgain();
            return;
        }
        if (!exchange.isAwaitingResponse()) {
            context.accounting().attemptFailed(exchange, failure, fault, violation);
            exchange.cutShort(kind.cause());
            return;
        }
        RetryPolicy.Decision decision =
                RetryPolicy.decide(failure, exchange.route().retryRules());
        if (decision == RetryPolicy.Decision.FRESH_CONNECTION
                && exchange.record().takeStaleRetry()
                && takesRetryToken()) {
            retryAfresh();
            return;
        }
        if (decision == RetryPolicy.Decision.OVER_HTTP_1 && upstream().config().speaksHttp1() && takesRetryToken()) {
            isForHttp1 = true;
            exchange.requestFlow().hold();
            place(endpoint());
            return;
        }
        context.accounting().attemptFailed(exchange, failure, fault, violation);
        boolean mayGoElsewhere = decision == RetryPolicy.Decision.NEXT_ENDPOINT
                || decision == RetryPolicy.Decision.FRESH_CONNECTION
                        && exchange.route().retryRules().holdsOn(kind);
        if (!mayGoElsewhere || !retryElsewhere(kind)) {
            exchange.unserved(
                    kind.cause(),
                    RetryPolicy.mayBeSentAgain(failure, exchange.route().retryRules()));
        }
    }

    /** A connection that it has waited for had no room, and another is not to be had: nothing was tried. */
    private void placeAgain() {
        exchange.record().attemptWithdrawn();
        place(endpoint());
    }

    boolean isForHttp1() {
        return isForHttp1;
    }

    private void retryAfresh() {
        exchange.requestFlow().hold();
        endpoint().pool(context.index()).closeIdle(); // They are of the same age, and likely of the same fate.
        place(endpoint());
    }

    /** Starts another attempt if attempts, endpoints, time and budget are left. */
    private boolean retryElsewhere(FailureKind kind) {
        EndpointNode chosen = nextEndpoint(kind.isUnseen());
        if (chosen == null) {
            return false;
        }
        long delayNs = chosen == endpoint() ? backoffNs() : 0; // Another one has done nothing to be spared for.
        if (!exchange.deadline().leaves(delayNs) || !takesRetryToken()) {
            return false;
        }
        startAfter(chosen, delayNs);
        return true;
    }

    /**
     * The endpoint for one more attempt, or null when there is none or no attempt is left. Where there is no other, the same one will do
     * if {@code sameWillDo}.
     */
    private @Nullable EndpointNode nextEndpoint(boolean sameWillDo) {
        // What is a retry already is tried once: those before have attempts left.
        int attemptsMax = exchange.retriesBefore() > 0 ? 1 : exchange.route().attemptsMax();
        if (count() >= attemptsMax || tried.count() >= EndpointSet.ATTEMPTS_MAX) {
            return null;
        }
        tried.add(endpoint().index());
        int index = pickWilling(upstream());
        if (index == Picker.NONE) {
            return sameWillDo ? endpoint() : null;
        }
        return upstream().endpoint(index);
    }

    private long backoffNs() {
        return exchange.route()
                .retryRules()
                .backoff()
                .delayNs(count(), context.loop().chance().nextLong());
    }

    private void startAfter(EndpointNode chosen, long delayNs) {
        exchange.requestFlow().hold();
        if (delayNs > 0) {
            next = chosen;
            exchange.deadline().await(Wait.RETRY, delayNs);
        } else {
            place(chosen);
        }
    }

    /** Whether no attempt is under way: the first one, or the next one, has yet to start. */
    boolean isBetween() {
        return next != null || pending.isWaiting();
    }

    void onBackoffOver() {
        EndpointNode chosen = next;
        assert chosen != null;
        next = null;
        exchange.deadline().stopWaiting();
        place(chosen);
    }

    private boolean takesRetryToken() {
        boolean taken = takesRetryPermit()
                && upstream().retryBudget().tryRetry(context.loop().nowNs());
        if (taken) {
            context.accounting().retry(upstream());
        } else {
            context.accounting().retryRefused(upstream());
        }
        return taken;
    }

    /** Held until the exchange ends: there is one attempt at a time. */
    private boolean takesRetryPermit() {
        holdsRetry = holdsRetry || upstream().tryTakeRetry();
        return holdsRetry;
    }

    private void releaseRetryPermit() {
        if (holdsRetry) {
            holdsRetry = false;
            upstream().releaseRetry();
        }
    }

    /** Cancels a running attempt, or the wait for one, for a reason that is not the endpoint's. */
    void abandon() {
        leaveQueue();
        if (stream != null) {
            drop();
            onAttemptFailed(FailureKind.LOCAL);
        }
    }

    private Failure.Body body() {
        return exchange.requestFlow().isReplayable() ? Failure.Body.REPLAYABLE : Failure.Body.GONE;
    }

    private void onAttemptFailed(FailureKind kind) {
        isOutcomeDue = false;
        long nowNs = context.loop().nowNs();
        long durationNs = exchange.record().attemptNs(nowNs);
        endpoint().onAttemptFailed(context.index(), kind, durationNs, nowNs);
        upstream().onFailure(endpoint(), kind);
        context.accounting().attemptEnded(exchange, endpoint(), headBytesSent, durationNs);
    }

    private void drop() {
        UpstreamStream dropped = stream;
        stream = null;
        if (dropped != null) {
            dropped.cancel();
        }
    }

    void forget() {
        leaveQueue();
        releaseRetryPermit();
        tried.clear();
        attemptsBefore = 0;
        isForHttp1 = false;
        isOutcomeDue = false;
        stuckTo = StickyCookie.NONE;
        upstream = null;
        endpoint = null;
        stream = null;
        next = null;
    }

    @Nullable
    EndpointNode endpointOrNull() {
        return endpoint;
    }

    UpstreamNode upstream() {
        UpstreamNode current = upstream;
        assert current != null;
        return current;
    }

    private EndpointNode endpoint() {
        EndpointNode current = endpoint;
        assert current != null;
        return current;
    }

    /** The running attempt. */
    UpstreamStream stream() {
        UpstreamStream current = stream;
        assert current != null;
        return current;
    }
}
