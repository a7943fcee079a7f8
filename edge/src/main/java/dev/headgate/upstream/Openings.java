package dev.headgate.upstream;

import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.UpstreamStream;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a pool that are being opened and may carry many requests. Exchanges wait for one together, so that the first requests
 * after a start do not open a connection each; how many, goes by what the endpoint has shown before.
 */
@LoopConfined
final class Openings {
    private final UpstreamPool pool;
    private final LoopContext context;
    private final Http2Client client;
    private final Http2Connections connections;
    private @Nullable Opening newest;
    private boolean isHttp1; // as the last connection has agreed

    Openings(UpstreamPool pool, LoopContext context, Http2Client client, Http2Connections connections) {
        this.pool = pool;
        this.context = context;
        this.client = client;
        this.connections = connections;
    }

    Protocol protocol() {
        return client.protocol();
    }

    /** Has {@code attempt} wait for a connection; null when there is none to wait for, and none can be opened. */
    @Nullable
    UpstreamStream join(Attempt attempt) {
        Opening opening = withSeat();
        if (opening == null) {
            return null;
        }
        Waiter waiter = new Waiter(attempt);
        opening.add(waiter);
        return waiter;
    }

    /** Has one that has waited in vain wait for another connection. */
    void place(Waiter waiter) {
        pool.onMoved();
        Opening opening = withSeat();
        if (opening == null) {
            waiter.fail(FailureKind.AT_CAPACITY, null, null);
        } else {
            opening.add(waiter);
        }
    }

    /** Has one who wants a WebSocket find one over HTTP/1.1 where that may be spoken: the origin takes none over HTTP/2. */
    void serveWithoutOffer(Waiter waiter) {
        if (protocol() == Protocol.AUTO) {
            pool.serveByHttp1(waiter);
        } else {
            waiter.fail(FailureKind.WEBSOCKET_UNOFFERED, null, null);
        }
    }

    /** Whether WebSockets take connections with HTTP/1.1: where that may be spoken they do, unless the endpoint is known to take them over HTTP/2. */
    boolean areWebSocketsByHttp1() {
        return protocol() == Protocol.AUTO && !pool.offersWebSockets();
    }

    /** Whether no WebSocket can come about, as an open connection has shown. */
    boolean areWebSocketsRefused() {
        return protocol() == Protocol.H2 && connections.isWithoutWebSockets() && connections.isInformed();
    }

    private @Nullable Opening withSeat() {
        for (Opening each = newest; each != null; each = each.next) {
            if (each.hasSeat()) {
                return each;
            }
        }
        return open();
    }

    private @Nullable Opening open() {
        Opening opening = next();
        Connection connection = pool.connect(opening);
        if (connection == null) {
            return null;
        }
        begin(opening, connection);
        return opening;
    }

    private Opening next() {
        int seats = isHttp1 ? 1 : connections.seatsOfNext();
        return new Opening(pool, this, context, seats);
    }

    private void begin(Opening opening, Connection connection) {
        opening.connection(connection, client.connectTimeoutNs());
        opening.next = newest;
        if (newest != null) {
            newest.previous = opening;
        }
        newest = opening;
    }

    /** Opens one that nobody waits for yet, unless there is one on its way; false when none can be opened either. */
    boolean openAhead() {
        if (newest != null) {
            return false;
        }
        Opening opening = next();
        Connection connection = pool.connectAhead(opening);
        if (connection == null) {
            return false;
        }
        opening.isAhead(true);
        begin(opening, connection);
        return true;
    }

    /** Gives up one that nobody waits for; false when there is none. */
    boolean giveUpAhead() {
        for (Opening each = newest; each != null; each = each.next) {
            if (each.mayBeGivenUp()) {
                each.giveUp();
                return true;
            }
        }
        return false;
    }

    /** Whether the last connection has agreed on HTTP/1.1. */
    boolean isHttp1() {
        return isHttp1;
    }

    void remove(Opening opening) {
        if (opening.previous == null) {
            newest = opening.next;
        } else {
            opening.previous.next = opening.next;
        }
        if (opening.next != null) {
            opening.next.previous = opening.previous;
        }
        opening.previous = null;
        opening.next = null;
    }

    /** What a connection has turned out to speak. */
    void onAgreed(boolean isHttp2) {
        isHttp1 = !isHttp2;
    }

    /** A connection has turned out to speak HTTP/2. */
    Http2ClientSession begin(Connection opened, long endNs, int trustEpoch, Opening opening) {
        var session = new Http2ClientSession(connections, client, context, opened, endNs, trustEpoch, opening);
        session.start();
        return session;
    }
}
