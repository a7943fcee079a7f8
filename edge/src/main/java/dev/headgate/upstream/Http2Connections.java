package dev.headgate.upstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.LoopContext;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2RequestOptions.Scheme;
import dev.headgate.http.h2.Http2RequestOptions.Trailers;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one loop to one endpoint that have room for a request. The one that was full last comes first: so few
 * connections are kept full, whose frames leave together and whose compression tables know most, while the surplus gets no requests, ages and
 * goes.
 */
@LoopConfined
@HotPath
final class Http2Connections {
    private static final String WEBSOCKET = "websocket";

    private final UpstreamPool pool;
    private final LoopContext context;
    private final Http2Client client;
    private final Http2RequestOptions[] options;
    private final Http2RequestOptions[] webSocketOptions;

    private @Nullable Http2ClientSession front;
    private @Nullable Http2ClientSession back;
    private int idleCount;
    private int openCount; // those that take requests, be they full
    private int informedCount; // open ones whose settings are known

    // As the last connection has said.
    private int peerStreamsMax; // 0: unknown
    private boolean isWithoutWebSockets;

    /** @param authority what the endpoint is called when it does not get the client's own word */
    Http2Connections(UpstreamPool pool, LoopContext context, Http2Client client, String authority, Scheme scheme) {
        this.pool = pool;
        this.context = context;
        this.client = client;
        this.options = new Http2RequestOptions[] {
            new Http2RequestOptions(scheme, null, null, Trailers.UNSAID),
            new Http2RequestOptions(scheme, null, null, Trailers.TAKEN),
            new Http2RequestOptions(scheme, authority, null, Trailers.UNSAID),
            new Http2RequestOptions(scheme, authority, null, Trailers.TAKEN)
        };
        this.webSocketOptions = new Http2RequestOptions[] {
            new Http2RequestOptions(scheme, null, WEBSOCKET, Trailers.UNSAID),
            new Http2RequestOptions(scheme, authority, WEBSOCKET, Trailers.UNSAID)
        };
    }

    /** What requests say beside their heads. */
    Http2RequestOptions options(boolean withAuthority, boolean takesTrailers) {
        return options[(withAuthority ? 2 : 0) + (takesTrailers ? 1 : 0)];
    }

    /** The same for a WebSocket. */
    Http2RequestOptions webSocketOptions(boolean withAuthority) {
        return webSocketOptions[withAuthority ? 1 : 0];
    }

    /** A stream on a connection that has one to spare, and is known to take WebSockets if it is to be one; or null. */
    @Nullable
    Http2ClientStream take(Attempt attempt) {
        Http2ClientSession session = find(attempt.asksForWebSocket());
        return session == null ? null : session.take(attempt, true);
    }

    /** Whether there is such a stream for a WebSocket. */
    boolean hasWebSocketToSpare() {
        return find(true) != null;
    }

    private @Nullable Http2ClientSession find(boolean isForWebSocket) {
        long nowNs = context.loop().nowNs();
        Http2ClientSession session = front;
        while (session != null) {
            Http2ClientSession next = session.next;
            if (!isFresh(session, nowNs)) {
                session.retire();
            } else if (session.hasRoom() && (!isForWebSocket || session.offersWebSockets())) {
                return session;
            }
            session = next;
        }
        return null;
    }

    private boolean isFresh(Http2ClientSession session, long nowNs) {
        return session.isOpen() && session.lastsLongerThan(nowNs) && session.trustEpoch() == pool.trustEpoch();
    }

    /** How many may wait for the next connection. */
    int seatsOfNext() {
        int ours = client.settings().streams();
        return peerStreamsMax == 0 ? ours : Math.min(ours, peerStreamsMax);
    }

    /** How many requests a connection takes before its origin has said how many there may be. */
    int streamsUntilSettings() {
        return peerStreamsMax == 0 ? 1 : seatsOfNext();
    }

    /** An origin has said how many streams it allows, and whether they can be WebSockets. */
    void onSettings(int streamsMax, boolean offersWebSockets) {
        peerStreamsMax = Math.max(1, streamsMax);
        isWithoutWebSockets = !offersWebSockets;
        pool.webSocketsOffered(offersWebSockets);
    }

    /** Whether it was last heard here that the endpoint takes no WebSockets. */
    boolean isWithoutWebSockets() {
        return isWithoutWebSockets;
    }

    /** Whether there is a connection by which that is known. */
    boolean isInformed() {
        return informedCount > 0;
    }

    /** Whether there is one that takes requests, be it full at the moment. */
    boolean isAnyOpen() {
        return openCount > 0;
    }

    void onOpened() {
        openCount++;
    }

    /**
     * One takes no more requests.
     *
     * @param wasOfUse unless its origin has ended it before anybody used it
     */
    void onOpenEnded(boolean wasOfUse) {
        openCount--;
        if (!wasOfUse) {
            pool.preconnects().onLost();
        }
    }

    /** The settings of a connection's origin are known. */
    void onInformed() {
        informedCount++;
    }

    /** Such a connection takes no more requests. */
    void onInformedEnded() {
        informedCount--;
    }

    // ---- the list --------------------------------------------------------------------------------------------------

    /** The session has room again. */
    void add(Http2ClientSession session) {
        session.previous = null;
        session.next = front;
        if (front == null) {
            back = session;
        } else {
            front.previous = session;
        }
        front = session;
    }

    void remove(Http2ClientSession session) {
        if (session.previous == null) {
            front = session.next;
        } else {
            session.previous.next = session.next;
        }
        if (session.next == null) {
            back = session.previous;
        } else {
            session.next.previous = session.previous;
        }
        session.previous = null;
        session.next = null;
    }

    // ---- idle ones -------------------------------------------------------------------------------------------------

    /** The session has no requests any more; false when it cannot be kept, and is to be closed. */
    boolean keepIdle(Http2ClientSession session) {
        long nowNs = context.loop().nowNs();
        if (pool.idleMax() == 0 || context.isStopping() || !isFresh(session, nowNs) || pool.isOwed()) {
            return false;
        }
        if (idleCount >= pool.idleMax() && !closeOldestIdleBut(session)) {
            return false;
        }
        idleCount++;
        return true;
    }

    void onIdleEnded() {
        idleCount--;
    }

    long drawIdleTimeoutNs() {
        return pool.drawIdleTimeoutNs();
    }

    /** Closes the connection that has been idle for longest, if there is one. */
    boolean closeOldestIdle() {
        return closeOldestIdleBut(null);
    }

    private boolean closeOldestIdleBut(@Nullable Http2ClientSession except) {
        for (Http2ClientSession each = back; each != null; each = each.previous) {
            if (each != except && each.isIdle()) {
                each.retire();
                return true;
            }
        }
        return false;
    }

    /** Closes every idle connection: one of them has just proved stale. */
    void closeIdle() {
        Http2ClientSession session = front;
        while (session != null) {
            Http2ClientSession next = session.next;
            if (session.isIdle()) {
                session.retire();
            }
            session = next;
        }
    }

    /** A connection that is open may have room for another request. */
    void onRoom(Http2ClientSession session) {
        pool.onRoom(session);
    }

    void onClosed() {
        pool.onClosed();
    }
}
