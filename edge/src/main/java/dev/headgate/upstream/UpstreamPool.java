package dev.headgate.upstream;

import dev.headgate.config.UpstreamConfig.RetryDropped;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
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
        long nowNs = context.loop().nowNs();
        Http1ClientSession session = newest;
        while (session != null) {
            Http1ClientSession older = session.olderIdle;
            if (!session.isSettled()) {
                session = older;
                continue;
            }
            remove(session);
            if (session.isAlive() && mayBeUsedAgain(session, nowNs)) {
                context.loop().timers().disarm(session);
                session.reuseFor(attempt);
                endpoint.metrics().onPoolHit(context.index());
                return session;
            }
            session.closeIdle();
            session = older;
        }
        return null;
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
        return isRefused ? FailureKind.WEBSOCKET_UNOFFERED : whyNoConnection();
    }

    /** Why there is no connection to be had: no permit is left, or the endpoint has no address. */
    FailureKind whyNoConnection() {
        return isFull() ? FailureKind.AT_CAPACITY : FailureKind.DNS_FAILED;
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

    /** Closes the connection that has been idle for longest, if there is one. */
    boolean closeOneIdle() {
        Http1ClientSession victim = oldest;
        if (victim != null && victim.isSettled()) {
            remove(victim);
            victim.closeIdle();
            return true;
        }
        return shared != null && shared.closeOldestIdle();
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
            waiter.fail(whyNoConnection(), null, null);
        } else {
            attempt.onUpstreamMoved(opening);
        }
    }

    private @Nullable Http1ClientSession openAlone(Attempt attempt) {
        SocketAddress address = endpoint.nextAddress();
        if (address == null || !tryTakePermit()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        Http1ClientSession session = new Http1ClientSession(this, context, attempt);
        session.connection(connectForHttp1(address, session));
        return session;
    }

    /** Starts to open a connection that many may come to use; null when the endpoint has no address or no permit is left. */
    @Nullable
    Connection connect(Opening opening) {
        SocketAddress address = endpoint.nextAddress();
        if (address == null || !tryTakePermit()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        return connect(address, opening);
    }

    private Connection connectForHttp1(SocketAddress address, ConnectionHandler handler) {
        UpstreamSecurity security = settings.security();
        return security == null
                ? context.loop().connect(address, settings.socketOptions(), handler)
                : security.connectForHttp1(
                        context.loop(),
                        address,
                        settings.socketOptions(),
                        endpoint.serverHost(),
                        endpoint.index(),
                        handler);
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
                        endpoint.index(),
                        handler);
    }

    /**
     * Starts to open a connection that is none of the pool's, for a tunnel. It counts against the endpoint's permits all the same.
     *
     * @return the connection, not yet open; {@link #closedApart} follows when it is gone, be it without having been open. Null when the
     *     endpoint has no address or no permit is left
     */
    public @Nullable Connection openApart(SocketOptions options, ConnectionHandler handler) {
        forgetLack();
        SocketAddress address = endpoint.nextAddress();
        if (address == null || !tryTakePermit()) {
            return null;
        }
        endpoint.metrics().onConnectionOpened(context.index());
        UpstreamSecurity security = settings.security();
        return security == null
                ? context.loop().connect(address, options, handler)
                : security.connectForAnyProtocol(
                        context.loop(), address, options, endpoint.serverHost(), endpoint.index(), handler);
    }

    /** A connection that {@link #openApart} has opened is gone. */
    public void closedApart() {
        limits.releaseConnection();
        endpoint.metrics().onConnectionClosed(context.index());
    }

    private boolean mayBeUsedAgain(Http1ClientSession session, long nowNs) {
        return session.isYoungerThan(settings.ageNs(), nowNs) && session.trustEpoch() == trustEpoch();
    }

    /** Whether a connection that was opened then may be used again. */
    boolean isYoung(long openedNs, long nowNs) {
        return nowNs - openedNs < settings.ageNs();
    }

    int idleMax() {
        return settings.idleMax();
    }

    long idleTimeoutNs() {
        return settings.idleTimeoutNs();
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
        if (settings.idleMax() == 0 || context.isStopping() || !mayBeUsedAgain(session, nowNs) || isOwed()) {
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
        idleCount++;
        context.loop().timers().arm(session, nowNs + settings.idleTimeoutNs());
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
        idleCount--;
    }

    /** A connection is gone. */
    void onClosed() {
        limits.releaseConnection();
        endpoint.metrics().onConnectionClosed(context.index());
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
     * @param dropped what is read of a response that nobody wants
     * @param security null when connections are plain
     * @param fixedHost the host that all endpoints are called by, or null when each has its own
     */
    record PoolSettings(
            int idleMax,
            long ageNs,
            long idleTimeoutNs,
            SocketOptions socketOptions,
            ResponseHeadDecoder headDecoder,
            Http1Limits limits,
            RetryDropped dropped,
            @Nullable UpstreamSecurity security,
            @Nullable String fixedHost) {}
}
