package dev.headgate.upstream;

import dev.headgate.balancer.Jitter;
import dev.headgate.config.UpstreamConfig.RetryDropped;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.FirstWords;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.exchange.UpstreamStream;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.http.h2.Http2RequestOptions.Scheme;
import dev.headgate.secure.UpstreamSecurity;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one endpoint. Idle ones are reused last in, first out, so that the surplus ages and goes; no
 * connection ever changes its loop.
 */
@LoopConfined
@HotPath
public final class UpstreamPool {
    private final EndpointNode endpoint;
    private final LoopContext context;
    private final EndpointLimits limits;
    private final PoolSettings settings;
    private final PendingQueue queue;
    private final @Nullable Http2Connections shared; // where HTTP/2 may be spoken
    private final @Nullable Openings openings; // likewise

    private @Nullable Http1ClientSession newest;
    private @Nullable Http1ClientSession oldest;
    private int idleCount;
    private final @Nullable IdleByClient idleByClient; // where a connection serves one client only
    private @Nullable Preconnects preconnects; // set at once
    private @Nullable Http1ClientSession ahead; // being opened, and nobody has asked for it

    // What attempts lack.
    private EndpointLimits.Lack lack = EndpointLimits.Lack.NOTHING;
    private boolean isConnectionTold; // other loops know that somebody here lacks a connection
    private int connectionLackPass;
    private boolean isRequestTold; // likewise of permits for requests
    private int requestLackPass;

    /** @param client where HTTP/2 may be spoken, otherwise null */
    UpstreamPool(
            EndpointNode endpoint,
            LoopContext context,
            PoolSettings settings,
            PendingQueue queue,
            @Nullable Http2Client client) {
        this.endpoint = endpoint;
        this.limits = endpoint.limits();
        this.context = context;
        this.settings = settings;
        this.queue = queue;
        this.idleByClient = settings.proxyHeaders() == null ? null : new IdleByClient();
        if (client == null) {
            shared = null;
            openings = null;
        } else {
            shared = new Http2Connections(
                    this,
                    context,
                    client,
                    settings.fixedHost() == null ? endpoint.hostText() : settings.fixedHost(),
                    settings.security() == null ? Scheme.HTTP : Scheme.HTTPS);
            openings = new Openings(this, context, client, shared);
        }
    }

    /** Takes a connection that can serve {@code attempt} at once, alive, settled and young enough, or a stream on one; or null. */
    public @Nullable UpstreamStream takeIdle(Attempt attempt) {
        if (shared != null && !attempt.isForHttp1()) {
            Http2ClientStream stream = shared.take(attempt);
            if (stream != null) {
                endpoint.metrics().onPoolHit(context.index());
                return stream;
            }
        }
        return takeIdleHttp1(attempt);
    }

    private @Nullable Http1ClientSession takeIdleHttp1(Attempt attempt) {
        IdleByClient own = idleByClient;
        Http1ClientSession session = own == null ? newest : own.first(attempt);
        while (session != null) {
            Http1ClientSession older = own == null ? session.olderIdle : own.after(session, attempt);
            if (session.isSettled() && takeFromIdle(session)) {
                session.reuseFor(attempt);
                endpoint.metrics().onPoolHit(context.index());
                return session;
            }
            session = older;
        }
        return null;
    }

    /** Takes an idle session out; closes it if it cannot be used. */
    private boolean takeFromIdle(Http1ClientSession session) {
        remove(session);
        if (session.isAlive() && mayBeUsedAgain(session, context.loop().nowNs())) {
            context.loop().timers().disarm(session);
            return true;
        }
        session.closeIdle();
        return false;
    }

    /**
     * Starts to open a connection for {@code attempt}, or has it wait for one that is being opened and can carry it too.
     *
     * @return what reports to the exchange; null when there is none, see {@link #whyNone}
     */
    public @Nullable UpstreamStream open(Attempt attempt) {
        forgetLack();
        UpstreamStream opening = tryOpen(attempt);
        if (opening != null) {
            endpoint.metrics().onPoolMiss(context.index());
        }
        return opening;
    }

    private @Nullable UpstreamStream tryOpen(Attempt attempt) {
        if (openings == null || attempt.isForHttp1()) {
            return openAlone(attempt);
        }
        boolean isForWebSocket = attempt.asksForWebSocket();
        if (isForWebSocket && openings.areWebSocketsRefused()) {
            return null;
        }
        return isForWebSocket && openings.areWebSocketsByHttp1() ? openAlone(attempt) : openings.join(attempt);
    }

    /** Whether it is known, without asking, that no WebSocket can come about. */
    public boolean refusesWebSockets() {
        if (shared == null || openings == null || !openings.areWebSocketsRefused()) {
            return false;
        }
        // By none that is too old to be asked, nor where an older connection has the offer that the newest has not.
        return !shared.hasWebSocketToSpare() && openings.areWebSocketsRefused();
    }

    /** Why {@link #open} has just given nothing. */
    public FailureKind whyNone(Attempt attempt) {
        boolean isRefused = openings != null && attempt.asksForWebSocket() && openings.areWebSocketsRefused();
        return isRefused ? FailureKind.WEBSOCKET_UNOFFERED : FailureKind.AT_CAPACITY;
    }

    /** Whether {@link #open} or {@link #openApart} has just given nothing because there are as many connections as there may be. */
    public boolean isFull() {
        return lack != EndpointLimits.Lack.NOTHING;
    }

    EndpointLimits.Lack lack() {
        return lack;
    }

    void forgetLack() {
        lack = EndpointLimits.Lack.NOTHING;
    }

    private boolean tryTakePermit() {
        lack = limits.takeConnection(context.index(), queue.sinceNs());
        return lack == EndpointLimits.Lack.NOTHING;
    }

    // ---- what is lacking -------------------------------------------------------------------------------------------

    /** Somebody waits for a connection; false when other loops can know that already. */
    boolean connectionIsLacking(int pass) {
        connectionLackPass = pass;
        boolean isNew = !isConnectionTold;
        if (isNew) {
            isConnectionTold = true;
            limits.connectionWaiters().add(context.index());
        }
        return isNew;
    }

    /** The same of a permit for a request. */
    boolean requestIsLacking(int pass) {
        requestLackPass = pass;
        boolean isNew = !isRequestTold;
        if (isNew) {
            isRequestTold = true;
            limits.requestWaiters().add(context.index());
        }
        return isNew;
    }

    /** The endpoint does not come back. */
    void part() {
        closeIdle();
        queue.forget(this);
    }

    /** Takes back what was told and not found lacking in this pass; answers how many things that were. */
    int untell(int pass) {
        int untold = 0;
        if (isConnectionTold && connectionLackPass != pass) {
            isConnectionTold = false;
            limits.connectionWaiters().remove(context.index());
            untold++;
        }
        if (isRequestTold && requestLackPass != pass) {
            isRequestTold = false;
            limits.requestWaiters().remove(context.index());
            untold++;
        }
        return untold;
    }

    /** There is room on a connection that many share. */
    void onRoom(Http2ClientSession session) {
        if (!limits.connectionWaiters().isAnyone()) {
            return;
        }
        if (queue.owesBusy(limits)) {
            session.retire();
        } else {
            queue.wake();
        }
    }

    /** Closes the connection that has been idle for longest, if there is one, or gives up one that is being opened ahead. */
    boolean closeOneIdle() {
        Http1ClientSession victim = oldest;
        if (victim != null && victim.isSettled()) {
            remove(victim);
            victim.closeIdle();
            return true;
        }
        return (shared != null && shared.closeOldestIdle()) || giveUpAhead();
    }

    private boolean giveUpAhead() {
        Http1ClientSession opening = ahead;
        if (opening == null) {
            return openings != null && openings.giveUpAhead();
        }
        ahead = null;
        preconnects().onTaken();
        opening.giveUp();
        return true;
    }

    /** Closes an idle connection, if there is one, for which nobody waits here. */
    void closeUnlessWanted() {
        if (!isConnectionTold) {
            closeOneIdle();
        }
    }

    /** One that has waited seeks another connection. */
    void onMoved() {
        queue.onMoved();
    }

    /** Gives one who has waited for HTTP/2 a connection with HTTP/1.1. */
    void serveByHttp1(Waiter waiter) {
        forgetLack();
        queue.onMoved();
        Attempt attempt = waiter.attempt();
        Http1ClientSession idle = takeIdleHttp1(attempt);
        if (idle != null) {
            attempt.onUpstreamReady(idle);
            return;
        }
        Http1ClientSession opening = openAlone(attempt);
        if (opening == null) {
            waiter.fail(FailureKind.AT_CAPACITY, null, null);
        } else {
            attempt.onUpstreamMoved(opening);
        }
    }

    private @Nullable Http1ClientSession openAlone(Attempt attempt) {
        if (!tryTakePermit()) {
            return takeAhead(attempt);
        }
        endpoint.metrics().onConnectionOpened(context.index());
        Http1ClientSession session = new Http1ClientSession(this, attempt);
        session.connection(connectForHttp1(endpoint.nextAddress(), session, firstWords(session, attempt)));
        return session;
    }

    private byte @Nullable [] firstWords(Http1ClientSession session, Attempt attempt) {
        ProxyHeaders headers = settings.proxyHeaders();
        if (headers == null) {
            return null;
        }
        session.bindTo(attempt);
        return headers.of(attempt);
    }

    // ---- opened ahead ----------------------------------------------------------------------------------------------

    void preconnects(Preconnects own) {
        preconnects = own;
    }

    /** What is kept ready here. */
    Preconnects preconnects() {
        Preconnects own = preconnects;
        assert own != null;
        return own;
    }

    /** How many connections are ready: idle ones, or with HTTP/2 one that is open. */
    int ready() {
        Http2Connections multiplexed = shared;
        return multiplexed == null || isHttp1() ? idleCount : multiplexed.isAnyOpen() ? 1 : 0;
    }

    /** How many are to be: by HTTP/2 one carries many requests. */
    int readyMax(int wanted) {
        return Math.min(isHttp1() ? wanted : Math.min(wanted, 1), settings.idleMax());
    }

    private boolean isHttp1() {
        return openings == null || openings.isHttp1();
    }

    /** Opens a connection that nobody has asked for yet, unless somebody waits for its permit; false when none is to be had. */
    boolean openAhead() {
        if (limits.connectionWaiters().isAnyone()) {
            return false;
        }
        if (openings != null) {
            return openings.openAhead();
        }
        if (!tryTakePermitAhead()) {
            return false;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        Http1ClientSession session = new Http1ClientSession(this, null);
        ahead = session;
        session.awaitOpening(connectForHttp1(endpoint.nextAddress(), session, null), settings.connectTimeoutNs());
        return true;
    }

    /** Leaves what attempts lack as it is. */
    private boolean tryTakePermitAhead() {
        return limits.takeConnection(context.index(), context.loop().nowNs()) == EndpointLimits.Lack.NOTHING;
    }

    /** The same for one that many may come to use. */
    @Nullable
    Connection connectAhead(Opening opening) {
        if (!tryTakePermitAhead()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        return connect(endpoint.nextAddress(), opening);
    }

    /** Has {@code attempt} go on with the connection that is being opened ahead: there is no permit for another. */
    private @Nullable Http1ClientSession takeAhead(Attempt attempt) {
        Http1ClientSession opening = ahead;
        if (opening == null) {
            return null;
        }
        ahead = null;
        forgetLack();
        preconnects().onTaken();
        opening.takeFor(attempt);
        return opening;
    }

    /** The connection that was being opened ahead is open. */
    void onAheadOpen() {
        ahead = null;
        preconnects().onOpen();
    }

    /** It is not, and never will be. */
    void onAheadFailed(FailureKind kind, @Nullable TlsFault fault) {
        ahead = null;
        preconnects().onFailed(kind, fault);
    }

    // ---- connecting ------------------------------------------------------------------------------------------------

    /** Starts to open a connection that many may come to use; null when no permit is left. */
    @Nullable
    Connection connect(Opening opening) {
        if (!tryTakePermit()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        return connect(endpoint.nextAddress(), opening);
    }

    private Connection connectForHttp1(SocketAddress address, ConnectionHandler handler, byte @Nullable [] firstWords) {
        UpstreamSecurity security = settings.security();
        return security == null
                ? connectPlain(address, settings.socketOptions(), handler, firstWords)
                : security.connectForHttp1(
                        context.loop(),
                        address,
                        settings.socketOptions(),
                        endpoint.serverHost(),
                        endpoint.sessionKey(),
                        handler,
                        firstWords);
    }

    private Connection connectPlain(
            SocketAddress address, SocketOptions options, ConnectionHandler handler, byte @Nullable [] firstWords) {
        return context.loop()
                .connect(address, options, firstWords == null ? handler : new FirstWords(firstWords, handler));
    }

    private Connection connect(SocketAddress address, ConnectionHandler handler) {
        UpstreamSecurity security = settings.security();
        return security == null
                ? context.loop().connect(address, settings.socketOptions(), handler)
                : security.connect(
                        context.loop(),
                        address,
                        settings.socketOptions(),
                        endpoint.serverHost(),
                        endpoint.sessionKey(),
                        handler,
                        null);
    }

    /**
     * Starts to open a connection that is none of the pool's, for a tunnel. It counts against the endpoint's permits all the same.
     *
     * @param client whose tunnel it is
     * @param serverName what the client has asked for by TLS; null for nothing
     * @return the connection, not yet open; {@link #closedApart} follows when it is gone, be it without having been open. Null when no
     *     permit is left
     */
    public @Nullable Connection openApart(
            SocketOptions options, Connection client, @Nullable String serverName, ConnectionHandler handler) {
        forgetLack();
        if (!tryTakePermit()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        SocketAddress address = endpoint.nextAddress();
        ProxyHeaders headers = settings.proxyHeaders();
        byte[] firstWords = headers == null ? null : headers.of(client, serverName);
        UpstreamSecurity security = settings.security();
        return security == null
                ? connectPlain(address, options, handler, firstWords)
                : security.connectForAnyProtocol(
                        context.loop(),
                        address,
                        options,
                        endpoint.serverHost(),
                        endpoint.sessionKey(),
                        handler,
                        firstWords);
    }

    /** A connection that {@link #openApart} has opened is gone. */
    public void closedApart() {
        limits.releaseConnection();
        endpoint.metrics().onConnectionClosed(context.index());
    }

    private boolean mayBeUsedAgain(Http1ClientSession session, long nowNs) {
        return session.lastsLongerThan(nowNs) && session.trustEpoch() == trustEpoch();
    }

    /** Until when a connection that is begun now may be used; each a little shorter than the limit, so that those opened together do not end together. */
    long drawEndNs() {
        return context.loop().nowNs() + shortened(settings.ageNs());
    }

    /** How long a connection stays open unused; likewise. */
    long drawIdleTimeoutNs() {
        return shortened(settings.idleTimeoutNs());
    }

    private long shortened(long lengthNs) {
        int percent = settings.jitterPercent();
        return percent == 0
                ? lengthNs
                : Jitter.below(lengthNs, percent, context.loop().chance().nextLong());
    }

    /** How many connections are kept that nobody uses. */
    int idleMax() {
        return endpoint.keepsIdle() ? settings.idleMax() : 0;
    }

    /** Which origins are believed at the moment, see {@link UpstreamSecurity#trustEpoch}. */
    int trustEpoch() {
        UpstreamSecurity security = settings.security();
        return security == null ? 0 : security.trustEpoch();
    }

    /** Whether the endpoint was last heard, on whichever loop, to take WebSockets over HTTP/2. */
    boolean offersWebSockets() {
        return endpoint.offersWebSockets();
    }

    /** A connection with HTTP/2 has told whether the endpoint takes WebSockets. */
    void webSocketsOffered(boolean isOffered) {
        endpoint.webSocketsOffered(isOffered);
    }

    /** Closes every idle connection: one of them has just proved stale. */
    public void closeIdle() {
        if (shared != null) {
            shared.closeIdle();
        }
        Http1ClientSession session = newest;
        while (session != null) {
            remove(session);
            session.closeIdle();
            session = newest;
        }
    }

    /**
     * Takes a session back whose exchange is complete; false when there is no room, it is too old, or another loop waits for its permit: the
     * caller closes it.
     */
    boolean give(Http1ClientSession session) {
        long nowNs = context.loop().nowNs();
        if (idleMax() == 0 || context.isStopping() || !mayBeUsedAgain(session, nowNs) || isOwed()) {
            return false;
        }
        if (idleCount == settings.idleMax()) {
            evictOldest();
        }
        session.olderIdle = newest;
        session.newerIdle = null;
        if (newest == null) {
            oldest = session;
        } else {
            newest.newerIdle = session;
        }
        newest = session;
        if (idleByClient != null) {
            idleByClient.add(session);
        }
        idleCount++;
        context.loop().timers().arm(session, session.idleUntilNs(nowNs));
        return true;
    }

    /** Whether a connection that becomes idle is to be closed, for another loop waits; if not, whoever waits here is told. */
    boolean isOwed() {
        if (!limits.connectionWaiters().isAnyone()) {
            return false;
        }
        boolean isOwed = queue.owes(limits);
        if (!isOwed) {
            queue.wake();
        }
        return isOwed;
    }

    void remove(Http1ClientSession session) {
        Http1ClientSession newer = session.newerIdle;
        Http1ClientSession older = session.olderIdle;
        if (newer == null && newest != session) {
            return; // not in the list
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.olderIdle = older;
        }
        if (older == null) {
            oldest = newer;
        } else {
            older.newerIdle = newer;
        }
        session.newerIdle = null;
        session.olderIdle = null;
        if (idleByClient != null) {
            idleByClient.remove(session);
        }
        idleCount--;
    }

    /** A connection is gone. */
    void onClosed() {
        limits.releaseConnection();
        endpoint.metrics().onConnectionClosed(context.index());
    }

    LoopContext context() {
        return context;
    }

    ResponseHeadDecoder headDecoder() {
        return settings.headDecoder();
    }

    RetryDropped dropped() {
        return settings.dropped();
    }

    Http1Limits limits() {
        return settings.limits();
    }

    private void evictOldest() {
        Http1ClientSession victim = oldest;
        if (victim != null) {
            remove(victim);
            victim.closeIdle();
        }
    }

    /**
     * What the pools of one upstream share.
     *
     * @param idleMax idle connections kept per endpoint and loop; the oldest goes first
     * @param ageNs age past which a connection is not used again
     * @param idleTimeoutNs time after which an idle connection is closed
     * @param jitterPercent up to how much of both each connection's own is shorter
     * @param dropped what is read of a response that nobody wants
     * @param security null when connections are plain
     * @param fixedHost the host that all endpoints are called by, or null when each has its own
     * @param connectTimeoutNs how long connecting may take where no exchange waits for it
     * @param proxyHeaders what connections begin with; null for nothing
     */
    record PoolSettings(
            int idleMax,
            long ageNs,
            long idleTimeoutNs,
            int jitterPercent,
            SocketOptions socketOptions,
            ResponseHeadDecoder headDecoder,
            Http1Limits limits,
            RetryDropped dropped,
            @Nullable UpstreamSecurity security,
            @Nullable String fixedHost,
            long connectTimeoutNs,
            @Nullable ProxyHeaders proxyHeaders) {}
}
