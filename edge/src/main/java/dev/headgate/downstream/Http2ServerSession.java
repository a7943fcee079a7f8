package dev.headgate.downstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Cause;
import dev.headgate.forward.PeerAddress;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.listener.ListenerNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of a client (RFC 9113), on which requests are served side by side. The protocol is {@link Http2Connection}'s, a request is
 * its {@link Http2ServerStream}'s; here are the connection's events, its deadlines and its end.
 * <pre>{@code
 *  SERVING ──drain, idle or old──> DRAINING ──GOAWAY twice, no streams left──> LINGERING ──> CLOSED
 *     └────────────fault of the client: GOAWAY────────────────────────────────────^   any ──> CLOSED
 * }</pre>
 * What has to wait for the end of another call is on the list of what is due, and happens behind the read pass, or in the loop's deferred
 * queue.
 */
@LoopConfined
@HotPath
final class Http2ServerSession extends ServerSession implements Http2Listener, Runnable {
    private enum State {
        SERVING,
        DRAINING,
        LINGERING,
        CLOSED
    }

    /** A client that does not answer our ping within this time has had its round trip. */
    private static final long ROUND_TRIP_MAX_NS = 1_000_000_000L;

    private static final byte[] WEBSOCKET = {'w', 'e', 'b', 's', 'o', 'c', 'k', 'e', 't'};

    private static final long DRAIN_PING = 0x68656164_67617465L;
    private static final long LIFE_PING = DRAIN_PING + 1;

    private final Http2Scratch scratch;
    private final FrameOutbox outbox;
    private final Http2Connection http2;
    private final long acceptedNs;

    private State state = State.SERVING;
    private int requests;
    private boolean isStopped; // with its loop

    // Streams with something to do, in order.
    private @Nullable Http2ServerStream firstDue;
    private @Nullable Http2ServerStream lastDue;
    private boolean isDeferred;
    private boolean isReading;

    // Deadlines; what they are counted from.
    private boolean isHeadAwaited = true; // the preface, to begin with
    private long headSinceNs;
    private long idleSinceNs;
    private long drainSinceNs;
    private boolean isDrainPingOut;
    private boolean isStalled;
    private long stalledSinceNs;
    private long stalledPendingBytes;
    private long heardNs;
    private boolean isLifePingOut;
    private long lifePingNs;

    Http2ServerSession(ServerLoop shared, ListenerNode listener, Connection connection, PeerAddress peer) {
        super(shared, listener, connection, peer);
        acceptedNs = context().loop().nowNs();
        headSinceNs = acceptedNs;
        idleSinceNs = acceptedNs;
        heardNs = acceptedNs;
        scratch = context().http2Scratch(listener.http2().limits().heads());
        outbox = new FrameOutbox(connection, context().frameScratch());
        http2 = new Http2Connection(
                Http2Role.SERVER_WITH_EXTENDED_CONNECT, listener.http2().limits(), scratch, outbox, this, acceptedNs);
    }

    Http2Connection http2() {
        return http2;
    }

    /** The connection that carries all streams. */
    Connection transport() {
        return connection;
    }

    FrameOutbox outbox() {
        return outbox;
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onOpen(Connection opened) {
        meet(opened);
        http2.start(context().loop().nowNs());
        rearm();
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (state == State.LINGERING || state == State.CLOSED) {
            bytes.position(bytes.limit());
            return;
        }
        heardNs = context().loop().nowNs();
        isLifePingOut = false;
        if (outbox.isDrained()) {
            http2.onOutputDrained();
        }
        isReading = true;
        boolean goesOn = http2.receive(bytes, context().loop().nowNs());
        isReading = false;
        if (goesOn) {
            noteHead(bytes.hasRemaining() || http2.isWithinHead());
            run();
        } else {
            end();
        }
    }

    /** Since when the client owes the rest of something: absolute, so that single bytes do not extend it. */
    private void noteHead(boolean isAwaited) {
        if (isAwaited && !isHeadAwaited) {
            headSinceNs = context().loop().nowNs();
        }
        isHeadAwaited = isAwaited;
    }

    @Override
    public void onWritable(Connection from) {
        isStalled = false;
        outbox.onWritable();
        // Among a slow download a read need never see the output drained; what still waits is a few KiB.
        http2.onOutputDrained();
        if (state == State.SERVING || state == State.DRAINING) {
            run();
        }
    }

    /** A client that takes no more gets no more. */
    @Override
    public void onOutputBroken(Connection from) {
        from.abort();
    }

    /** Without its side a client can neither open windows nor acknowledge anything: it is taken to be gone. */
    @Override
    public void onEnd(Connection from) {
        if (http2.streamCount() > 0) {
            connection.abort();
        } else {
            closeNow();
        }
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        state = State.CLOSED;
        leave();
        outbox.close();
        isStopped = cause == CloseCause.LOOP_STOPPED;
        http2.onTransportClosed();
        run(); // Those that are on the list go back to their pool.
    }

    // ---- what is due -----------------------------------------------------------------------------------------------

    /** {@code stream} has something to do that cannot be done within the current call. */
    void due(Http2ServerStream stream) {
        if (!stream.isDue) {
            stream.isDue = true;
            stream.nextDue = null;
            if (lastDue == null) {
                firstDue = stream;
            } else {
                lastDue.nextDue = stream;
            }
            lastDue = stream;
        }
        defer();
    }

    private void defer() {
        if (!isReading && !isDeferred) {
            isDeferred = true;
            context().loop().defer(this);
        }
    }

    /** Does what is due, and gives those a turn that wait to send. */
    @Override
    public void run() {
        isDeferred = false;
        // Who becomes due meanwhile has a turn of its own, behind what other connections have to do.
        Http2ServerStream last = lastDue;
        Http2ServerStream next = firstDue;
        while (next != null) {
            firstDue = next.nextDue;
            if (firstDue == null) {
                lastDue = null;
            }
            boolean isLast = next == last;
            next.isDue = false;
            next.nextDue = null;
            next.onDue();
            next = isLast ? null : firstDue;
        }
        if (state == State.SERVING || state == State.DRAINING) {
            giveTurns();
            settle();
        }
    }

    private void giveTurns() {
        while (!outbox.isCongested()) {
            Http2Stream next = http2.nextToSend();
            if (next == null) {
                return;
            }
            of(next).onTurn();
        }
    }

    private void settle() {
        if (http2.isFailed()) {
            end();
        } else if (state == State.DRAINING && http2.isDrained()) {
            linger();
        } else {
            rearm();
        }
    }

    private static Http2ServerStream of(Http2Stream stream) {
        Object owner = stream.attachment();
        assert owner != null;
        return (Http2ServerStream) owner;
    }

    // ---- events of the protocol ------------------------------------------------------------------------------------

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        countRequest();
        Http2ServerStream serving = shared.takeStream();
        serving.start(this, stream);
        boolean isConnect = control.hasProtocol();
        if (isConnect && !isWebSocket(head, control)) {
            serving.refuse(Cause.PROTOCOL_UNSUPPORTED, head, end);
            return;
        }
        RequestHead own = scratch.swapRequest(context().takeRequestHead());
        Cause refusal = serving.hold(own, end, isConnect);
        if (refusal == Cause.NONE) {
            due(serving);
        } else {
            serving.refuse(refusal, own, end);
            context().giveRequestHead(own);
        }
    }

    /** Every request counts, whatever becomes of it; a connection that has had its share takes no more. */
    private void countRequest() {
        requests++;
        if (requests >= listener.requestsPerConnection()
                || http2.isPeersIdsUsedUp()
                || context().loop().nowNs() - acceptedNs >= listener.connectionAgeNs()) {
            startDrain();
        }
    }

    private static boolean isWebSocket(RequestHead head, RequestControl control) {
        return FieldSyntax.equalsIgnoreCase(
                head.bytes(), control.protocolOffset(), control.protocolLength(), WEBSOCKET);
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        countRequest();
        Http2ServerStream refused = shared.takeStream();
        refused.start(this, stream);
        refused.refuse(Cause.ofRequest(violation), head, end);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        of(stream).onData(content);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        of(stream).onEnd(trailers);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        of(stream).onReset(by == ResetBy.CONNECTION ? causeOfEnd() : Cause.CLIENT_ABORTED);
    }

    private Cause causeOfEnd() {
        if (isStopped) {
            return Cause.STOPPED;
        }
        return isStalled ? Cause.CLIENT_STALLED : Cause.CLIENT_ABORTED;
    }

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        context().accounting().clientFault(this, violation);
    }

    @Override
    public void onPingAcknowledged(long opaque) {
        if (isDrainPingOut && opaque == DRAIN_PING) {
            finishDrain();
        }
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        startDrain(); // No stream of ours is out; the client opens no more.
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** A stream has been let go. */
    void onStreamEnded() {
        if (http2.streamCount() > 0) {
            return;
        }
        idleSinceNs = context().loop().nowNs();
        if (state == State.SERVING) {
            rearm();
        } else if (state == State.DRAINING) {
            defer();
        }
    }

    /** The transport does not keep up, which is looked at from here on. */
    void onCongested() {
        if (!isStalled) {
            rearm();
        }
    }

    /** A stream was reset for not moving, and the connection has not moved either. */
    void onStalled() {
        http2.fail(ErrorCode.ENHANCE_YOUR_CALM);
        defer();
    }

    @Override
    void drainConnection() {
        startDrain();
        defer();
    }

    /** Takes those requests that are on their way, and then no more (RFC 9113 §6.8). */
    private void startDrain() {
        if (state != State.SERVING) {
            return;
        }
        state = State.DRAINING;
        drainSinceNs = context().loop().nowNs();
        isDrainPingOut = true;
        http2.startDrain();
        http2.ping(DRAIN_PING);
    }

    private void finishDrain() {
        isDrainPingOut = false;
        http2.finishDrain();
        defer();
    }

    @Override
    void cutOff() {
        // The streams' ends are told by frames: an orderly close passes for nothing else.
    }

    /** The connection has failed, or has been failed: the client is told, and nothing more is read. */
    private void end() {
        if (state != State.LINGERING && state != State.CLOSED) {
            linger();
        }
        run();
    }

    /** Closing a socket with unread bytes makes the system send a reset, which can destroy what is on its way. */
    private void linger() {
        state = State.LINGERING;
        outbox.flush();
        connection.shutdownOutput();
        arm(listener.lingerNs());
    }

    /** Closes once everything is sent, for which the client has the same time as ever. */
    private void closeNow() {
        state = State.CLOSED;
        outbox.flush();
        connection.close();
        awaitOutput();
    }

    private void awaitOutput() {
        long pending = connection.pendingWriteBytes();
        if (pending == 0) {
            return;
        }
        if (!isStalled) {
            isStalled = true;
            stalledSinceNs = context().loop().nowNs();
            stalledPendingBytes = pending;
        }
        arm(stalledSinceNs + listener.sendStallNs() - context().loop().nowNs());
    }

    // ---- deadlines -------------------------------------------------------------------------------------------------

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case SERVING, DRAINING -> onServingDeadline(nowNs);
            case LINGERING -> closeNow();
            case CLOSED -> onOutputDeadline(nowNs);
        }
    }

    private void onServingDeadline(long nowNs) {
        if (isStalled && isOver(stalledSinceNs, listener.sendStallNs(), nowNs)) {
            onSendDeadline(nowNs);
        } else if (http2.isAwaitingSettingsAck()
                && isOver(http2.awaitingSettingsAckSinceNs(), listener.http2().settingsNs(), nowNs)) {
            fail(Http2Violation.SETTINGS_UNACKNOWLEDGED);
        } else if (isHeadAwaited && isOver(headSinceNs, listener.headerTimeoutNs(), nowNs)) {
            fail(Http2Violation.HEAD_TIMEOUT);
        } else if (isDrainPingOut && isOver(drainSinceNs, ROUND_TRIP_MAX_NS, nowNs)) {
            finishDrain();
        } else if (isLifePingOut && isOver(lifePingNs, listener.http2().pingTimeoutNs(), nowNs)) {
            connection.abort();
        } else if (isSignAwaited() && isOver(heardNs, listener.http2().pingIntervalNs(), nowNs)) {
            isLifePingOut = true;
            lifePingNs = nowNs;
            http2.ping(LIFE_PING);
        } else if (http2.streamCount() == 0 && isOver(idleSinceNs, idleTimeoutNs(), nowNs)) {
            startDrain();
            finishDrain();
        }
        if (connection.isOpen()) {
            settle();
        }
    }

    /** Whether a client that says nothing would be asked for a sign of life: its requests can wait for long, and it be gone. */
    private boolean isSignAwaited() {
        return !isLifePingOut && listener.http2().pingIntervalNs() > 0 && http2.streamCount() > 0;
    }

    /** Keep-alive counts between requests: the first one has the time of a head at least. */
    private long idleTimeoutNs() {
        return requests == 0 ? Math.max(listener.headerTimeoutNs(), listener.keepAliveNs()) : listener.keepAliveNs();
    }

    private static boolean isOver(long sinceNs, long timeoutNs, long nowNs) {
        return nowNs - sinceNs >= timeoutNs;
    }

    private void fail(Http2Violation violation) {
        onViolation(violation, 0);
        http2.fail(violation.errorCode());
    }

    private void onOutputDeadline(long nowNs) {
        if (!isStalled || onSendDeadline(nowNs)) {
            awaitOutput();
        }
    }

    /** The client has had its time; returns whether it has taken something in it, and has it again. */
    private boolean onSendDeadline(long nowNs) {
        long pending = connection.pendingWriteBytes();
        if (pending >= stalledPendingBytes) {
            connection.abort();
            return false;
        }
        stalledPendingBytes = pending;
        stalledSinceNs = nowNs;
        return true;
    }

    /** Sets the deadline for what is due first of all that is awaited. */
    private void rearm() {
        long nowNs = context().loop().nowNs();
        if (outbox.isCongested() && !isStalled) {
            isStalled = true;
            stalledSinceNs = nowNs;
            stalledPendingBytes = connection.pendingWriteBytes();
        }
        long leftNs = Long.MAX_VALUE;
        if (isStalled) {
            leftNs = stalledSinceNs + listener.sendStallNs() - nowNs;
        }
        if (http2.isAwaitingSettingsAck()) {
            leftNs = Math.min(
                    leftNs,
                    http2.awaitingSettingsAckSinceNs() + listener.http2().settingsNs() - nowNs);
        }
        if (isHeadAwaited) {
            leftNs = Math.min(leftNs, headSinceNs + listener.headerTimeoutNs() - nowNs);
        }
        if (isDrainPingOut) {
            leftNs = Math.min(leftNs, drainSinceNs + ROUND_TRIP_MAX_NS - nowNs);
        }
        if (isLifePingOut) {
            leftNs = Math.min(leftNs, lifePingNs + listener.http2().pingTimeoutNs() - nowNs);
        } else if (isSignAwaited()) {
            leftNs = Math.min(leftNs, heardNs + listener.http2().pingIntervalNs() - nowNs);
        }
        if (http2.streamCount() == 0) {
            leftNs = Math.min(leftNs, idleSinceNs + idleTimeoutNs() - nowNs);
        }
        if (leftNs == Long.MAX_VALUE) {
            context().loop().timers().disarm(this);
        } else {
            arm(leftNs);
        }
    }
}
