package dev.headgate.exchange;

import dev.headgate.affinity.StickyCookie;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.route.Fallback;
import dev.headgate.tunnel.WebSocketTunnel;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.TriedEndpoints;
import dev.headgate.upstream.UpstreamNode;
import org.jspecify.annotations.Nullable;

/** The tries of one exchange, one after the other, or two at a time: which endpoint each goes to, and whether there is another. Each begins when there is room for it. */
@LoopConfined
@HotPath
final class Attempts {
    /** What has just been answered is over by then, so that the same connection can be used. */
    private static final long AGAIN_NS = 1_000_000;

    private final Exchange exchange;
    private final LoopContext context;
    private final TriedEndpoints tried = new TriedEndpoints();
    private final Attempt first;
    private Attempt current; // the first, unless the second has taken its place
    private @Nullable Hedge hedge; // made at the first need
    private @Nullable UpstreamNode upstream;
    private @Nullable EndpointNode next; // while the time of another attempt is awaited
    private boolean isForHttp1;
    private int attemptsBefore; // at another upstream
    private int retriesHeld; // permits for attempts after the first: one, and one more while there are two at a time
    private int passedOver; // the endpoint that was passed over last when one was picked
    private int subset; // of the upstream's endpoints
    private long key; // what endpoints are picked by
    private @Nullable EndpointNode stuckTo; // the endpoint that the client's cookie names

    Attempts(Exchange exchange, LoopContext context) {
        this.exchange = exchange;
        this.context = context;
        this.first = new Attempt(this, exchange, context);
        this.current = first;
    }

    /** Gives up on the upstream for good: {@link #start} follows for another one. */
    void leaveUpstream() {
        assert !current.isUnderWay() && !current.isWaitingForRoom();
        releaseRetryPermits();
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
        placeAt(index);
    }

    /** @param index what has been picked, or {@link Picker#NONE} */
    private void placeAt(int index) {
        if (index == Picker.NONE) {
            context.accounting().noEndpoint(upstream());
            exchange.unserved(upstream().whyNone(), exchange.requestFlow().isReplayable());
        } else {
            place(upstream().endpoint(index));
        }
    }

    /** Has the attempt begin at {@code wanted}, which may have been tried before: if it waits, then for that one as well. */
    private void place(EndpointNode wanted) {
        tried.remove(wanted);
        current.place(upstream(), wanted);
    }

    /** Where the client was before, if that will do; the cookie that says so is the proxy's, and no origin sees it. */
    private int first(UpstreamNode from) {
        passedOver = Picker.NONE;
        RequestHead head = exchange.request();
        StickyCookie cookie = from.stickyCookie();
        int named = cookie == null ? StickyCookie.NONE : cookie.takeFrom(head.fields());
        stuckTo = named == StickyCookie.NONE ? null : from.endpointOrNull(named);
        key = from.keyOf(head, exchange.identity().client());
        boolean mayStay = stuckTo != null && from.isUsableBySticky(subset, named) && !isRefusedBy(stuckTo);
        return mayStay ? named : pickWilling(from, true);
    }

    /** Picks an endpoint, passing over those of which it is known that they refuse what is asked for: there is nothing to be tried. */
    private int pickWilling(UpstreamNode from, boolean withSpares) {
        passedOver = Picker.NONE;
        int index = pick(from, withSpares);
        while (index != Picker.NONE && isRefusedBy(from.endpoint(index))) {
            passedOver = index;
            if (tried.isFull()) {
                return Picker.NONE;
            }
            tried.add(from.endpoint(index));
            index = pick(from, withSpares);
        }
        return index;
    }

    boolean isRefusedBy(EndpointNode asked) {
        return exchange.asksForWebSocket() && asked.pool(context.index()).refusesWebSockets();
    }

    private int pick(UpstreamNode from, boolean withSpares) {
        long random = context.loop().chance().nextLong();
        EndpointSet without = tried.slots();
        int index = from.pick(subset, context.index(), random, key, without);
        boolean areAllTried = index == Picker.NONE && !without.isEmpty();
        return areAllTried && withSpares ? from.pickSpare(subset, random, without) : index;
    }

    /** Has the client come back to the endpoint that has served it, unless it would anyway. */
    void stick(FieldSection response) {
        StickyCookie cookie = upstream().stickyCookie();
        EndpointNode served = endpoint();
        if (cookie != null && served != stuckTo) {
            cookie.addTo(
                    response,
                    served.index(),
                    HttpsUpgrade.cameByTls(exchange.request().fields()));
        }
    }

    // ---- what attempts ask and tell --------------------------------------------------------------------------------

    int subset() {
        return subset;
    }

    long key() {
        return key;
    }

    EndpointSet tried() {
        return tried.slots();
    }

    void onPending(long timeoutNs) {
        exchange.deadline().await(Wait.ROOM, timeoutNs);
    }

    void onRefused(Cause cause) {
        context.accounting().attemptRefused(upstream(), cause);
        exchange.unserved(cause, exchange.requestFlow().isReplayable());
    }

    void onPendingDeadline() {
        current.leaveQueue();
        onRefused(Cause.PENDING_TIMEOUT);
    }

    void onPlaced(Attempt placed) {
        if (isRival(placed)) {
            hedge().onPlaced();
            return;
        }
        if (exchange.deadline().isAwaiting(Wait.ROOM)) {
            exchange.deadline().stopWaiting();
        }
        if (exchange.requestFlow().isWhole()) {
            armHedge();
        }
        if (placed.isOnIdle()) {
            sendRequest();
        } else if (!placed.isUnderWay()) {
            onFailed(placed, placed.endpoint().pool(context.index()).whyNone(placed));
        } else {
            awaitWithinTry(Wait.CONNECT, upstream().config().timeouts().connectNs());
        }
    }

    void onReady(Attempt ready) {
        if (isRival(ready)) {
            hedge().send();
        } else {
            sendRequest();
        }
    }

    /** The attempt waits for another connection than before, which has yet to be opened. */
    void onMoved(Attempt moved) {
        if (isRival(moved)) {
            hedge().onMoved();
        } else {
            awaitWithinTry(Wait.CONNECT, upstream().config().timeouts().connectNs());
        }
    }

    void onWritable(Attempt writable) {
        if (!isRival(writable)) {
            exchange.requestFlow().onUpstreamWritable(); // The other has all that it gets.
        }
    }

    /** Of two attempts neither may speak for both: hints of one would stand before the answer of the other. */
    void onInterim(Attempt from, ResponseHead head) {
        if (!head.isSwitchingProtocols() && from.isFloodedByInterim()) {
            onFailed(from, FailureKind.INTERIM_FLOOD);
        } else if (!isRacing()) {
            exchange.onInterim(head);
        } else if (head.isSwitchingProtocols()) {
            onFailed(from, FailureKind.UPGRADE_UNASKED);
        }
    }

    void onResponseHead(Attempt from, ResponseHead head) {
        if (isRacing()) {
            if (isDropped(from, head)) {
                return;
            }
            current = hedge().won(from, current);
            exchange.record().requestSent(current.requestSentNs());
        } else {
            disarmHedge();
        }
        exchange.onResponseHead(head);
    }

    // ---- two at a time ---------------------------------------------------------------------------------------------

    private boolean isRacing() {
        Hedge known = hedge;
        return known != null && known.isRacing();
    }

    private boolean isRival(Attempt attempt) {
        return attempt != current;
    }

    private Hedge hedge() {
        Hedge known = hedge;
        if (known == null) {
            known = new Hedge(this, exchange, context);
            hedge = known;
        }
        return known;
    }

    private void armHedge() {
        long afterNs = exchange.route().hedgeAfterNs();
        boolean mayHappenTwice = Method.isIdempotent(exchange.request().method()) && !exchange.asksForWebSocket();
        if (afterNs > 0 && mayHappenTwice) {
            hedge().arm(afterNs);
        }
    }

    private void disarmHedge() {
        if (hedge != null) {
            hedge.disarm();
        }
    }

    private void cancelRival(FailureKind kind) {
        if (hedge != null) {
            hedge.cancel(kind);
        }
    }

    /** An endpoint for a second attempt beside the first; null when there is none, or no attempt is left. */
    @Nullable
    EndpointNode another() {
        return nextEndpoint(false, false);
    }

    /** Whether the client belongs to the endpoint that is asked, for another one may not know it. */
    boolean isHeld() {
        return endpoint() == stuckTo || upstream().sticksBy(key);
    }

    /** Takes what a second attempt costs: {@link #onOneLeft} follows, or {@link #hedgeNotMade}. */
    boolean takesHedgeToken() {
        boolean mayBegin = upstream().tryTakeRetry();
        boolean isTaken =
                mayBegin && upstream().retryBudget().tryRetry(context.loop().nowNs());
        if (isTaken) {
            retriesHeld++;
            return true;
        }
        if (mayBegin) {
            upstream().releaseRetry();
        }
        context.accounting().hedgeRefused(upstream());
        return false;
    }

    /** There was no room for a second attempt: it has cost nothing. */
    void hedgeNotMade() {
        releaseOneRetry();
        upstream().retryBudget().onUnused(context.loop().nowNs());
    }

    /**
     * There are not two attempts any more.
     *
     * @param isSecond which one is left: the second is a retry, and holds a permit as long as any would
     */
    void onOneLeft(boolean isSecond) {
        if (!isSecond || retriesHeld > 1) {
            releaseOneRetry();
        }
    }

    /** Drops an answer that would be followed by another attempt, if there were not one already. What the fallback alone lists is an end of both. */
    private boolean isDropped(Attempt from, ResponseHead head) {
        RetryRules rules = exchange.route().retryRules();
        int grpcStatus = grpcStatusOf(head);
        boolean isByGrpcStatus = rules.answers().holdOnGrpcStatus(grpcStatus);
        if (!holdsOn(rules.answers(), head.status(), grpcStatus)
                || askedWaitNs(head) > rules.retryAfterMaxNs()
                || !RetryPolicy.mayFollowAnswer(exchange.request().method(), body(), isByGrpcStatus, rules)) {
            return false;
        }
        exchange.record().responseHead(context.loop().nowNs(), head.status());
        judge(from, head, grpcStatus, isByGrpcStatus);
        from.discard();
        exchange.record().responseDropped();
        tried.add(from.endpoint());
        goOnWithout(from);
        return true;
    }

    private void goOnWithout(Attempt gone) {
        if (gone == current) {
            exchange.deadline().stopWaiting();
        }
        current = hedge().goOnWithout(gone, current);
        if (current.isSent()) {
            exchange.record().requestSent(current.requestSentNs());
        }
    }

    // ---- the request -----------------------------------------------------------------------------------------------

    /** The connection is open, or was taken from the pool. */
    private void sendRequest() {
        if (!sendHead(current)) {
            abandon();
            exchange.respond(Cause.FIELDS_TOO_LARGE);
            return;
        }
        exchange.record().requestSent(current.requestSentNs());
        exchange.requestFlow().onHeadSent(current.stream());
    }

    /** Sends the head of the request; false when there is no room for it. */
    boolean sendHead(Attempt attempt) {
        RequestHead head = exchange.request();
        FilterState filters = exchange.filters();
        boolean hasContent = head.bodyKind() != BodyKind.NONE;
        boolean changed = hasContent && filters != null && filters.changesRequestBody();
        BodyKind kind = changed ? BodyKind.CHUNKED : head.bodyKind();
        if (head.expectsContinue() && !exchange.requestFlow().isContinueAwaited()) {
            head.fields().removeAll(Field.EXPECT); // The content follows at once: there is nothing to be told.
        }
        mark(attempt, head);
        byte @Nullable [] authority = upstream().authority(attempt.endpoint(), head);
        int length = attempt.stream().sendHead(head, authority, kind, head.contentLength());
        if (length >= 0) {
            attempt.headSent(length);
        }
        return length >= 0;
    }

    /** How many attempts this upstream has seen. */
    private int count() {
        return exchange.record().attempts() - attemptsBefore;
    }

    /** Tells the origin which retry it is, where it is one and the origin is to know. */
    private void mark(Attempt attempt, RequestHead head) {
        if (!upstream().config().retry().isMarked()) {
            return;
        }
        int retries = exchange.retriesBefore() + attempt.number() - attemptsBefore - 1;
        if (retries > 0) {
            RetryMark.put(head.fields(), retries);
        } else if (hedge != null) {
            RetryMark.take(head.fields()); // The second attempt may have been the first to send it.
        }
    }

    /** The request is sent: the response head must come in time. */
    void awaitHead() {
        armHedge();
        awaitWithinTry(Wait.RESPONSE_HEAD, exchange.route().firstByteNs());
    }

    private void awaitWithinTry(Wait what, long timeoutNs) {
        exchange.deadline().awaitUntil(what, withinTry(current, context.loop().nowNs() + timeoutNs));
    }

    /** The sooner of {@code deadlineNs} and the end of the attempt's own share of time. */
    long withinTry(Attempt attempt, long deadlineNs) {
        long perTryNs = exchange.route().perTryNs();
        long tryDeadlineNs = attempt.startedNs() + perTryNs;
        return perTryNs > 0 && tryDeadlineNs - deadlineNs < 0 ? tryDeadlineNs : deadlineNs;
    }

    /** How an attempt has failed that has waited for this too long; null when it has come further than that, and TLS is to be waited for. */
    @Nullable
    FailureKind timeoutOf(Attempt attempt, Wait what, long nowNs) {
        long perTryNs = exchange.route().perTryNs();
        if (perTryNs > 0 && nowNs - attempt.startedNs() >= perTryNs) {
            return FailureKind.TRY_TIMEOUT;
        }
        return switch (what) {
            case CONNECT -> attempt.stream().isHandshaking() ? null : FailureKind.CONNECT_TIMEOUT;
            case HANDSHAKE -> FailureKind.TLS_TIMEOUT;
            default -> FailureKind.FIRST_BYTE_TIMEOUT;
        };
    }

    /** What the attempt waits for has not come: its connection, TLS, or the head of its response. */
    void onAttemptDeadline(Wait what, long nowNs) {
        FailureKind kind = timeoutOf(current, what, nowNs);
        if (kind == null) {
            awaitWithinTry(Wait.HANDSHAKE, upstream().config().timeouts().handshakeNs());
        } else {
            onFailed(current, kind);
        }
    }

    /** What grants a WebSocket is here. */
    void onHead(int status) {
        disarmHedge();
        current.onHead(status);
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
        if (!exchange.isCall() && rules.answers().isEmpty() && replaced.isEmpty()) {
            current.onHead(head.status());
            return false;
        }
        int grpcStatus = grpcStatusOf(head);
        boolean isByGrpcStatus = rules.answers().holdOnGrpcStatus(grpcStatus) || replaced.holdOnGrpcStatus(grpcStatus);
        int status = judge(current, head, grpcStatus, isByGrpcStatus);
        boolean maySendAgain = !exchange.isInterimSent()
                && RetryPolicy.mayFollowAnswer(exchange.request().method(), body(), isByGrpcStatus, rules);
        if (maySendAgain
                && holdsOn(rules.answers(), head.status(), grpcStatus)
                && retryAfterAnswer(rules, head, status)) {
            return true;
        }
        return holdsOn(replaced, head.status(), grpcStatus) && exchange.replacesAnswer(maySendAgain);
    }

    /** What a call is answered with, where the head says so; −1 for none. */
    private int grpcStatusOf(ResponseHead head) {
        return exchange.isCall() ? Grpc.statusIn(head.fields()) : -1;
    }

    /** Counts an answer, and gives the HTTP status that it stands for. */
    private int judge(Attempt from, ResponseHead head, int grpcStatus, boolean isByGrpcStatus) {
        int status = isByGrpcStatus ? Grpc.httpStatusOf(grpcStatus) : head.status();
        if (exchange.isCall()) {
            from.onHeadOfCall(head.status(), grpcStatus);
        } else {
            from.onHead(status);
        }
        return status;
    }

    private static boolean holdsOn(AnswerConditions conditions, int status, int grpcStatus) {
        return conditions.holdOnGrpcStatus(grpcStatus) || conditions.holdOnStatus(status);
    }

    /** Drops the response for another attempt, if all that it takes is there: otherwise it is as good as any. */
    private boolean retryAfterAnswer(RetryRules rules, ResponseHead head, int status) {
        long askedNs = askedWaitNs(head);
        if (askedNs > rules.retryAfterMaxNs()) {
            return false;
        }
        EndpointNode chosen = nextEndpoint(RetryPolicy.isPassing(status), true);
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

    /** How long an answer asks to wait with another attempt. */
    private long askedWaitNs(ResponseHead head) {
        return RetryAfter.waitNs(
                head.fields(), exchange.isCall(), context.loop().wallMs());
    }

    void dropResponse() {
        current.discard();
        exchange.record().responseDropped();
        exchange.deadline().stopWaiting();
    }

    /** The response is complete and the upstream session has let go already. */
    void onEnded(@Nullable FieldSection trailers) {
        current.ended(trailers);
    }

    /** The attempt has led to a tunnel, and is not over before that is: what balances by requests in flight has to see it. */
    WebSocketTunnel.Attempt becomeTunnel() {
        TunnelEnd end = current.becomeTunnel();
        long durationNs = current.ageNs();
        context.accounting().attemptSwitched(exchange, durationNs);
        return new WebSocketTunnel.Attempt(
                upstream(),
                endpoint(),
                end,
                durationNs,
                current.headBytesSent(),
                exchange.record().bytesOut());
    }

    /** The exchange cannot go on with what it has. */
    void fail(FailureKind kind) {
        cancelRival(kind);
        onFailed(current, kind);
    }

    /** The attempt has failed: the other one goes on, or another one follows, or the client learns of it. */
    void onFailed(Attempt gone, FailureKind kind) {
        UpstreamStream failed = gone.streamOrNull();
        Failure failure = new Failure(
                kind,
                failed != null && failed.isReused() ? Failure.Connection.REUSED : Failure.Connection.FRESH,
                failed == null ? Failure.Sent.NOTHING : failed.sent(),
                exchange.request().method(),
                body());
        TlsFault fault = failed == null ? null : failed.tlsFault();
        String violation = failed == null ? null : failed.violation();
        gone.failed(kind);
        if (isRacing()) {
            onOneFailed(gone, failure, fault, violation);
            return;
        }
        disarmHedge();
        exchange.deadline().stopWaiting();
        if (kind == FailureKind.AT_CAPACITY) {
            placeAgain();
            return;
        }
        if (!exchange.isAwaitingResponse()) {
            context.accounting().attemptFailed(exchange, endpoint(), failure, fault, violation);
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
            placeIfListed(endpoint());
            return;
        }
        context.accounting().attemptFailed(exchange, endpoint(), failure, fault, violation);
        boolean mayGoElsewhere = decision == RetryPolicy.Decision.NEXT_ENDPOINT
                || decision == RetryPolicy.Decision.FRESH_CONNECTION
                        && exchange.route().retryRules().holdsOn(kind);
        if (!mayGoElsewhere || !retryElsewhere(kind)) {
            exchange.unserved(
                    kind.cause(),
                    RetryPolicy.mayBeSentAgain(failure, exchange.route().retryRules()));
        }
    }

    /** One of two has failed: the other goes on. What its connection alone is to blame for is no failure of its endpoint, which may be asked again. */
    private void onOneFailed(Attempt gone, Failure failure, @Nullable TlsFault fault, @Nullable String violation) {
        RetryPolicy.Decision decision =
                RetryPolicy.decide(failure, exchange.route().retryRules());
        boolean isWithdrawn = failure.kind() == FailureKind.AT_CAPACITY;
        boolean isStale = decision == RetryPolicy.Decision.FRESH_CONNECTION
                && (isRival(gone) ? hedge().takeStaleRetry() : exchange.record().takeStaleRetry());
        boolean isOverHttp1 = decision == RetryPolicy.Decision.OVER_HTTP_1
                && upstream().config().speaksHttp1();
        if (isWithdrawn) {
            exchange.record().attemptWithdrawn(); // Nothing was tried.
        }
        if (isStale) {
            gone.endpoint().pool(context.index()).closeIdle();
            if (isRival(gone) && hedge().tryAnew()) {
                return;
            }
        }
        if (isWithdrawn || isStale || isOverHttp1) {
            tried.remove(gone.endpoint());
        } else {
            context.accounting().attemptFailed(exchange, gone.endpoint(), failure, fault, violation);
            tried.add(gone.endpoint());
        }
        goOnWithout(gone);
    }

    /** A connection that it has waited for had no room, and another is not to be had: nothing was tried. */
    private void placeAgain() {
        exchange.record().attemptWithdrawn();
        placeIfListed(endpoint());
    }

    boolean isForHttp1() {
        return isForHttp1;
    }

    private void retryAfresh() {
        exchange.requestFlow().hold();
        endpoint().pool(context.index()).closeIdle(); // They are of the same age, and likely of the same fate.
        placeIfListed(endpoint());
    }

    /** Where it has left meanwhile, another endpoint takes its place. */
    private void placeIfListed(EndpointNode wanted) {
        if (wanted.isListed()) {
            place(wanted);
        } else {
            placeAt(pickWilling(upstream(), true));
        }
    }

    /** Starts another attempt if attempts, endpoints, time and budget are left. */
    private boolean retryElsewhere(FailureKind kind) {
        EndpointNode chosen = nextEndpoint(kind.isUnseen(), true);
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
     * if {@code sameWillDo}; where all that are preferred are tried, those that stand by will if {@code withSpares}.
     */
    private @Nullable EndpointNode nextEndpoint(boolean sameWillDo, boolean withSpares) {
        // What is a retry already is tried once: those before have attempts left.
        int attemptsMax = exchange.retriesBefore() > 0 ? 1 : exchange.route().attemptsMax();
        if (count() >= attemptsMax || tried.isFull()) {
            return null;
        }
        tried.add(endpoint());
        int index = pickWilling(upstream(), withSpares);
        if (index == Picker.NONE) {
            return sameWillDo && endpoint().isListed() ? endpoint() : null;
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
        return next != null || current.isWaitingForRoom();
    }

    void onBackoffOver() {
        EndpointNode chosen = next;
        assert chosen != null;
        next = null;
        exchange.deadline().stopWaiting();
        placeIfListed(chosen);
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

    /** Held until the exchange is done with the upstream, however many attempts there are after the first. */
    private boolean takesRetryPermit() {
        if (retriesHeld == 0 && upstream().tryTakeRetry()) {
            retriesHeld = 1;
        }
        return retriesHeld > 0;
    }

    private void releaseOneRetry() {
        retriesHeld--;
        upstream().releaseRetry();
    }

    private void releaseRetryPermits() {
        while (retriesHeld > 0) {
            releaseOneRetry();
        }
    }

    /** Cancels a running attempt, or the wait for one, for a reason that is not the endpoint's. */
    void abandon() {
        cancelRival(FailureKind.LOCAL);
        current.leaveQueue();
        if (next != null) {
            next = null;
            exchange.deadline().stopWaiting();
        }
        if (current.isUnderWay()) {
            current.failed(FailureKind.LOCAL);
        }
    }

    private Failure.Body body() {
        return exchange.requestFlow().isReplayable() ? Failure.Body.REPLAYABLE : Failure.Body.GONE;
    }

    void forget() {
        current.leaveQueue();
        releaseRetryPermits();
        first.forget();
        current = first;
        if (hedge != null) {
            hedge.forget();
        }
        tried.clear();
        attemptsBefore = 0;
        isForHttp1 = false;
        stuckTo = null;
        upstream = null;
        next = null;
    }

    /** Where the last attempt is, or has been. */
    @Nullable
    EndpointNode endpointOrNull() {
        return current.endpointOrNull();
    }

    UpstreamNode upstream() {
        UpstreamNode current = upstream;
        assert current != null;
        return current;
    }

    private EndpointNode endpoint() {
        return current.endpoint();
    }

    /** The running attempt's; of two, that of the first. */
    UpstreamStream stream() {
        return current.stream();
    }
}
