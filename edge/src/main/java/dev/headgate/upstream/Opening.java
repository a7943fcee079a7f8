package dev.headgate.upstream;

import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being opened and may come to carry many requests, with the exchanges that wait for it.
 * <pre>{@code
 *  CONNECTING ──open, HTTP/2──> AWAITING_SETTINGS ──how many streams there are is known──> DONE
 *      │  └──────open, HTTP/1.1: one of those who wait gets it, the others get their own──────^
 *      └──────── failed, or too late: all fail ──────────────────────────────────────────────┘
 * }</pre>
 * While nothing is known of how many streams an endpoint allows, one request goes out at once and the others wait for the origin's first
 * settings: what is sent above its limit would only be refused. So does who wants a WebSocket, which only an origin takes that says so
 * (RFC 8441 §3). Extends {@link Timer}: the deadline is that of the connection.
 */
@LoopConfined
final class Opening extends Timer implements ConnectionHandler {
    private enum State {
        CONNECTING,
        AWAITING_SETTINGS,
        DONE
    }

    private static final String HTTP_2 = "h2";

    private final UpstreamPool pool;
    private final Openings openings;
    private final LoopContext context;
    private final int seats;
    private final long beganNs;
    private final long endNs; // from when on the connection is too old to be used
    private final int trustEpoch;

    // Links of the list of openings.
    @Nullable
    Opening previous;

    @Nullable
    Opening next;

    private State state = State.CONNECTING;
    private @Nullable Connection connection;
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int waiting;
    private int seated;
    private boolean isAhead; // nobody had asked for it when it was begun; until it is open

    /** @param seats how many exchanges may wait for it, those that have got it counted */
    Opening(UpstreamPool pool, Openings openings, LoopContext context, int seats) {
        this.pool = pool;
        this.openings = openings;
        this.context = context;
        this.seats = seats;
        this.beganNs = context.loop().nowNs();
        this.endNs = pool.drawEndNs();
        this.trustEpoch = pool.trustEpoch(); // before it is connected, so that it is never taken for newer than it is
    }

    /** The connection has begun to be opened. */
    void connection(Connection begun, long timeoutNs) {
        connection = begun;
        context.loop().timers().arm(this, beganNs + timeoutNs);
    }

    /** Whether it is begun ahead of anybody who wants it. */
    void isAhead(boolean isSo) {
        isAhead = isSo;
    }

    /** Whether nobody misses it. */
    boolean mayBeGivenUp() {
        return isAhead && first == null;
    }

    void giveUp() {
        isAhead = false;
        pool.preconnects().onTaken();
        context.loop().timers().retire(this);
        done();
        abort();
    }

    private void abort() {
        Connection begun = connection;
        assert begun != null;
        begun.abort();
    }

    boolean hasSeat() {
        return seated + waiting < seats;
    }

    /** Whether somebody waits. */
    boolean isWaitedFor() {
        return first != null;
    }

    boolean isHandshaking() {
        return state == State.CONNECTING && connection instanceof SecureConnection secure && secure.isHandshaking();
    }

    /** Takes in one that waits; there must be a seat. */
    void add(Waiter waiter) {
        waiter.opening(this);
        waiter.next = null;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        waiting++;
    }

    /** One waits no more. */
    void remove(Waiter waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiting--;
        waiter.opening(null);
    }

    private @Nullable Waiter poll() {
        Waiter polled = first;
        if (polled != null) {
            remove(polled);
        }
        return polled;
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onOpen(Connection opened) {
        context.loop().timers().retire(this);
        boolean isHttp2 = openings.protocol() == Protocol.H2;
        if (opened instanceof SecureConnection secure) {
            boolean isAgreed = HTTP_2.equals(secure.applicationProtocol());
            if (isHttp2 && !isAgreed) {
                failAll(
                        FailureKind.TLS_HANDSHAKE,
                        new TlsFault(TlsFailure.PROTOCOL_MISMATCH, "the origin does not choose h2"),
                        null);
                opened.abort();
                return;
            }
            isHttp2 = isAgreed;
        }
        openings.onAgreed(isHttp2);
        if (isAhead) {
            isAhead = false;
            pool.onAheadOpen();
        }
        if (isHttp2) {
            state = State.AWAITING_SETTINGS;
            Http2ClientSession session = openings.begin(opened, endNs, trustEpoch, this);
            seat(session);
            session.settle();
        } else {
            done();
            serveHttp1(new Http1ClientSession(pool, opened, endNs, trustEpoch));
        }
    }

    private void serveHttp1(Http1ClientSession session) {
        Waiter taker = poll();
        if (taker == null) {
            session.awaitFirst();
        } else {
            session.serve(taker.attempt());
        }
        moveAll();
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        bytes.position(bytes.limit()); // Only what has failed and is not gone yet comes here.
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        context.loop().timers().retire(this);
        pool.onClosed();
        if (state != State.DONE) {
            TlsFault fault = cause == CloseCause.TRANSPORT_FAILED ? tlsFault(from) : null;
            failAll(failureOf(cause, fault), fault, null);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (state == State.CONNECTING && !isHandshaking()) { // A handshake has a deadline of its own.
            failAll(FailureKind.CONNECT_TIMEOUT, null, null);
            abort();
        }
    }

    // ---- what becomes of those who wait ----------------------------------------------------------------------------

    /** Gives streams to those who wait, as many as there are. */
    void seat(Http2ClientSession session) {
        for (Waiter waiter = next(session); waiter != null; waiter = next(session)) {
            remove(waiter);
            seated++;
            Attempt attempt = waiter.attempt();
            attempt.onUpstreamReady(session.take(attempt, false));
        }
        if (state == State.DONE) {
            return;
        }
        if (session.isLimitKnown()) {
            done();
            if (!session.offersWebSockets()) {
                turnAwayWebSockets();
            }
            if (session.isClosedToRequests()) {
                failAll(FailureKind.STREAM_REFUSED, null, null); // No other connection would have any either.
            } else {
                moveAll();
            }
        }
    }

    /** The first who can be seated. */
    private @Nullable Waiter next(Http2ClientSession session) {
        Waiter waiter = session.hasRoom() ? first : null;
        while (waiter != null && waiter.isForWebSocket() && !session.offersWebSockets()) {
            waiter = waiter.next;
        }
        return waiter;
    }

    private void turnAwayWebSockets() {
        for (Waiter waiter = firstWebSocket(); waiter != null; waiter = firstWebSocket()) {
            remove(waiter);
            openings.serveWithoutOffer(waiter);
        }
    }

    private @Nullable Waiter firstWebSocket() {
        Waiter waiter = first;
        while (waiter != null && !waiter.isForWebSocket()) {
            waiter = waiter.next;
        }
        return waiter;
    }

    /** The connection has ended before those who wait got it. */
    void failAll(FailureKind kind, @Nullable TlsFault fault, @Nullable String violation) {
        done();
        if (isAhead) {
            isAhead = false;
            tellFailure(kind, fault);
        }
        for (Waiter waiter = poll(); waiter != null; waiter = poll()) {
            waiter.fail(kind, fault, violation);
        }
    }

    private void tellFailure(FailureKind kind, @Nullable TlsFault fault) {
        if (first == null) {
            pool.onAheadFailed(kind, fault);
        } else {
            pool.preconnects().onFailedForOthers(); // Who waits tells of it.
        }
    }

    /** Has those who still wait find another connection. */
    private void moveAll() {
        for (Waiter waiter = poll(); waiter != null; waiter = poll()) {
            openings.place(waiter);
        }
    }

    private void done() {
        if (state != State.DONE) {
            state = State.DONE;
            openings.remove(this);
        }
    }

    private static @Nullable TlsFault tlsFault(Connection from) {
        SecureConnection secure = from instanceof SecureConnection of ? of : null;
        TlsFailure failure = secure == null ? null : secure.failure();
        return secure == null || failure == null ? null : new TlsFault(failure, secure.failureDetail());
    }

    private static FailureKind failureOf(CloseCause cause, @Nullable TlsFault fault) {
        return switch (cause) {
            case CONNECT_REFUSED -> FailureKind.CONNECT_REFUSED;
            case CONNECT_FAILED -> FailureKind.CONNECT_FAILED;
            case RESET, CLOSED, ABORTED -> FailureKind.RESET;
            case TRUNCATED -> FailureKind.CLOSED;
            case TRANSPORT_FAILED -> fault == null ? FailureKind.RESET : FailureKind.ofHandshake(fault.failure());
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> FailureKind.LOCAL;
        };
    }
}
