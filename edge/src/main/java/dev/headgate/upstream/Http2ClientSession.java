package dev.headgate.upstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Exchange;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint, carrying many exchanges at a time (RFC 9113).
 * <pre>{@code
 *  OPEN ──GOAWAY of the origin, too old, not trusted any more──> RETIRED ──the last exchange has ended──> CLOSED
 *    └──────broken, or no sign of life: GOAWAY is sent───────────────┴──> LINGERING ──the origin closes──────^
 * }</pre>
 * What ends streams is told to their exchanges when the connection's own work is done ({@link #afterEvents}), for an exchange that
 * learns of a failure may do anything: try again here, or give up others. Extends {@link Timer}: the deadline is that of whatever comes
 * first.
 */
@LoopConfined
@HotPath
final class Http2ClientSession extends Timer implements ConnectionHandler, Http2Listener, Runnable {
    private enum State {
        OPEN,
        RETIRED,
        LINGERING,
        CLOSED
    }

    /** Payload of a frame of ours: small enough that other streams get their turn. */
    private static final int FRAME_BYTES_MAX = 16 << 10;
    /** Pending output beyond which requests go to another connection. */
    private static final int PENDING_BYTES_MAX = 128 << 10;

    private static final long LINGER_NS = 1_000_000_000L;
    private static final int STALL_CHECKS = 4; // within the time that a stall may last

    private final Http2Connections connections;
    private final Http2Client client;
    private final LoopContext context;
    private final Connection connection;
    private final FrameOutbox outbox;
    private final Http2Connection http2;
    private final long openedNs;
    private final int trustEpoch;

    // Links of the list of those with room.
    @Nullable
    Http2ClientSession previous;

    @Nullable
    Http2ClientSession next;

    private State state = State.OPEN;
    private @Nullable Opening opening; // while it has to know how many streams there are
    private boolean isListed;
    private boolean isIdle;
    private int active; // streams that exchanges have
    private boolean isLimitNew;
    private boolean isInformed; // counted as open, its origin's settings being known

    private FailureKind endKind = FailureKind.RESET; // of the connection, once it has ended
    private CloseCause localCause = CloseCause.BUDGET_EXCEEDED; // when it is of this side
    private @Nullable TlsFault tlsFault;
    private @Nullable Http2Violation violation; // the last one
    private @Nullable Http2ClientStream firstFailed;
    private @Nullable Http2ClientStream lastFailed;
    private boolean isRunDue;

    private long lastReadNs;
    private long idleSinceNs;
    private boolean isPingAwaited;
    private long pingSentNs;
    private long pings;
    private long stalledSinceNs;
    private long stalledSentBytes;

    /** Over a connection that is open. */
    Http2ClientSession(
            Http2Connections connections,
            Http2Client client,
            LoopContext context,
            Connection opened,
            long openedNs,
            int trustEpoch,
            Opening opening) {
        this.connections = connections;
        this.client = client;
        this.context = context;
        this.connection = opened;
        this.openedNs = openedNs;
        this.trustEpoch = trustEpoch;
        this.opening = opening;
        this.outbox = new FrameOutbox(opened, context.headScratch());
        this.http2 = new Http2Connection(Http2Role.CLIENT, client.limits(), client.scratch(), outbox, this, nowNs());
    }

    /** Takes the connection over, and says the first words. */
    void start() {
        connection.handler(this);
        lastReadNs = nowNs();
        stalledSinceNs = nowNs();
        http2.start(nowNs());
        list();
        armNext();
    }

    // ---- for its pool ----------------------------------------------------------------------------------------------

    long openedNs() {
        return openedNs;
    }

    int trustEpoch() {
        return trustEpoch;
    }

    boolean isOpen() {
        return state == State.OPEN && connection.isOpen();
    }

    boolean isIdle() {
        return isIdle;
    }

    /** Whether a request can go out here at once. */
    boolean hasRoom() {
        return mayTake() && connection.isOpen() && connection.pendingWriteBytes() < PENDING_BYTES_MAX;
    }

    private boolean mayTake() {
        int most = isLimitKnown() ? client.settings().streams() : connections.streamsUntilSettings();
        return state == State.OPEN && active < most && http2.mayRequest();
    }

    /** Whether the origin has said how many streams there are. */
    boolean isLimitKnown() {
        return http2.isPeerSettingsSeen();
    }

    /** Whether the origin allows no stream at all. */
    boolean isClosedToRequests() {
        return http2.peerStreamsMax() == 0;
    }

    /** Whether the origin is known to take extended CONNECT (RFC 8441 §3). */
    boolean offersWebSockets() {
        return http2.isExtendedConnectOffered();
    }

    /** A stream for an exchange; there must be room. */
    Http2ClientStream take(Exchange exchange, boolean isReused) {
        Http2ClientStream taken = client.takeStream();
        taken.reserve(this, exchange, isReused);
        active++;
        if (isIdle) {
            isIdle = false;
            connections.onIdleEnded();
        }
        if (active == 1) {
            lastReadNs = nowNs(); // Silence was in order until now.
            armNext();
        }
        list();
        return taken;
    }

    /** Takes no further requests, and closes with the last that is under way. */
    void retire() {
        if (state == State.OPEN) {
            leaveOpen(State.RETIRED);
            list();
            settle();
        }
    }

    /** Closes or becomes idle if there is nothing under way. */
    void settle() {
        if (active > 0 || isOver() || state == State.OPEN && (isIdle || isWaitedFor())) {
            return;
        }
        if (state == State.OPEN && !http2.isDrained() && connections.keepIdle(this)) {
            isIdle = true;
            idleSinceNs = nowNs();
            armNext();
        } else {
            close();
        }
    }

    private boolean isWaitedFor() {
        return opening != null && opening.isWaitedFor();
    }

    private void list() {
        boolean belongs = mayTake();
        if (belongs == isListed) {
            return;
        }
        isListed = belongs;
        if (belongs) {
            connections.add(this);
        } else {
            connections.remove(this);
        }
    }

    // ---- for its streams -------------------------------------------------------------------------------------------

    Http2RequestOptions options(boolean withAuthority, boolean takesTrailers) {
        return connections.options(withAuthority, takesTrailers);
    }

    Http2RequestOptions webSocketOptions(boolean withAuthority) {
        return connections.webSocketOptions(withAuthority);
    }

    /** The connection that carries all streams. */
    Connection transport() {
        return connection;
    }

    long putBytes() {
        return outbox.putBytes();
    }

    long sentBytes() {
        return connection.sentBytes();
    }

    BufferPool buffers() {
        return context.loop().buffers();
    }

    ByteBuffer responseStore() {
        return context.responseStore();
    }

    void defer(Runnable action) {
        context.loop().defer(action);
    }

    @Nullable
    Http2Stream request(RequestHead head, Http2RequestOptions options, long contentLength, StreamEnd end) {
        return http2.request(head, options, contentLength, end, nowNs());
    }

    /** How much content may go out in a frame now. */
    int sendableBytes(Http2Stream stream) {
        return outbox.isCongested() ? 0 : Math.min(FRAME_BYTES_MAX, http2.sendableBytes(stream));
    }

    /** Sends {@code length} bytes of {@code bytes} as a frame. */
    void sendData(Http2Stream stream, ByteBuffer bytes, int length, StreamEnd end) {
        http2.beginData(stream, length, end);
        int limit = bytes.limit();
        bytes.limit(bytes.position() + length);
        outbox.payload(bytes);
        bytes.limit(limit);
    }

    /** Ends a stream by a frame of its own. */
    void sendEnd(Http2Stream stream) {
        http2.beginData(stream, 0, StreamEnd.END);
    }

    boolean sendTrailers(Http2Stream stream, FieldSection trailers) {
        return http2.sendTrailers(stream, trailers);
    }

    void awaitTurn(Http2Stream stream) {
        http2.awaitTurn(stream, nowNs());
    }

    void endTurns(Http2Stream stream) {
        http2.endTurns(stream);
    }

    void reset(Http2Stream stream, int errorCode) {
        http2.reset(stream, errorCode);
    }

    void consumed(Http2Stream stream, int bytes) {
        http2.consumed(stream, bytes);
    }

    void buffered(Http2Stream stream, int bytes) {
        http2.buffered(stream, bytes);
    }

    /** An exchange has let go of its stream, which is over or given up. */
    void release(Http2ClientStream ended, @Nullable Http2Stream known) {
        if (known != null) {
            http2.release(known);
        }
        client.give(ended);
        active--;
        list();
        settle();
    }

    /** A stream fails in the middle of a call of its exchange, who learns of it behind that call. */
    void failSoon(Http2ClientStream failed, FailureKind kind) {
        Http2Stream known = failed.streamOrNull();
        failed.onClosed();
        if (known != null) {
            http2.reset(known, ErrorCode.INTERNAL_ERROR);
            http2.release(known);
        }
        fail(failed, kind, null, null);
        if (!isRunDue) {
            isRunDue = true;
            defer(this);
        }
    }

    @Override
    public void run() {
        isRunDue = false;
        tellFailures();
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (isOver()) {
            bytes.position(bytes.limit());
            return;
        }
        lastReadNs = nowNs();
        if (isPingAwaited) {
            isPingAwaited = false;
            armNext();
        }
        if (outbox.isDrained()) {
            http2.onOutputDrained();
        }
        if (!http2.receive(bytes, nowNs()) && !isOver()) {
            linger();
        }
        afterEvents();
    }

    private void afterEvents() {
        serveTurns();
        tellFailures();
        if (isLimitNew) {
            isLimitNew = false;
            onLimit();
        }
        if (!isOver()) {
            list();
        }
    }

    @Override
    public void onWritable(Connection from) {
        outbox.onWritable();
        serveTurns();
    }

    @Override
    public void onEnd(Connection from) {
        if (isOver()) {
            from.close();
            return;
        }
        endKind = FailureKind.CLOSED;
        http2.onTransportClosed();
        over(State.CLOSED);
        from.close();
        tellFailures();
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        context.loop().timers().retire(this);
        outbox.close();
        if (!isOver()) {
            endKind = failureOf(cause);
            localCause = cause;
            http2.onTransportClosed();
        }
        over(State.CLOSED);
        connections.onClosed();
        tellFailures();
    }

    private FailureKind failureOf(CloseCause cause) {
        return switch (cause) {
            case CONNECT_REFUSED, CONNECT_FAILED, RESET, CLOSED, ABORTED -> FailureKind.RESET;
            case TRUNCATED -> FailureKind.CLOSED;
            case TRANSPORT_FAILED -> tlsFailure();
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> FailureKind.LOCAL;
        };
    }

    /** How a tunnel ends whose end is this side's doing. */
    CloseCause localCause() {
        return localCause;
    }

    private FailureKind tlsFailure() {
        SecureConnection secure = connection instanceof SecureConnection of ? of : null;
        TlsFailure failure = secure == null ? null : secure.failure();
        if (secure == null || failure == null) {
            return FailureKind.RESET;
        }
        tlsFault = new TlsFault(failure, secure.failureDetail());
        return FailureKind.ofOpenTls(failure);
    }

    // ---- events of streams -----------------------------------------------------------------------------------------

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        of(stream).onInterim(head);
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        of(stream).onResponse(head, end);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        of(stream).onData(stream, content);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        of(stream).onEnd(trailers);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        Http2ClientStream ended = of(stream);
        http2.release(stream);
        if (!ended.onClosed()) {
            return; // The whole response is here, and only its client is slow (RFC 9113 §8.1).
        }
        switch (by) {
            case PEER -> fail(ended, ofReset(errorCode), null, null);
            case GOAWAY -> fail(ended, ofGoAway(errorCode), null, null);
            case FAULT -> failByFault(ended);
            case CONNECTION -> failByEnd(ended);
        }
    }

    private static FailureKind ofReset(int errorCode) {
        return switch (errorCode) {
            case ErrorCode.REFUSED_STREAM -> FailureKind.STREAM_REFUSED;
            case ErrorCode.HTTP_1_1_REQUIRED -> FailureKind.HTTP_1_1_REQUIRED;
            default -> FailureKind.STREAM_RESET;
        };
    }

    private static FailureKind ofGoAway(int errorCode) {
        return errorCode == ErrorCode.HTTP_1_1_REQUIRED ? FailureKind.HTTP_1_1_REQUIRED : FailureKind.GOING_AWAY;
    }

    private void failByFault(Http2ClientStream ended) {
        Http2Violation broken = violation;
        assert broken != null;
        fail(ended, FailureKind.ofResponse(broken, ended.isHeadSeen()), null, broken.token());
    }

    private void failByEnd(Http2ClientStream ended) {
        boolean isCut = endKind == FailureKind.CLOSED && ended.isHeadSeen();
        fail(ended, isCut ? FailureKind.TRUNCATED : endKind, tlsFault, brokenRule());
        if (ended.isUnsent(connection.sentBytes())) {
            ended.wasUnsent();
        }
    }

    private @Nullable String brokenRule() {
        Http2Violation broken = http2.violation();
        return broken == null ? null : broken.token();
    }

    @Override
    public void onWindowOpened(Http2Stream stream) {} // Turns are served behind all events.

    // ---- events of the protocol ------------------------------------------------------------------------------------

    @Override
    public void onSettings() {
        isLimitNew = true;
    }

    @Override
    public void onSettingsAcknowledged() {}

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        retire();
    }

    @Override
    public void onPingAcknowledged(long opaque) {} // Any byte is a sign of life.

    @Override
    public void onViolation(Http2Violation broken, int streamId) {
        violation = broken;
        client.metrics().onHttp2Violation(context.index(), broken.ordinal());
        if (streamId == 0) {
            endKind = FailureKind.PROTOCOL_BROKEN;
        }
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        throw new AssertionError("a client gets no requests");
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation broken, StreamEnd end) {
        throw new AssertionError("a client gets no requests");
    }

    private void onLimit() {
        if (!isInformed && state == State.OPEN) {
            isInformed = true;
            connections.onInformed();
        }
        connections.onSettings(http2.peerStreamsMax(), http2.isExtendedConnectOffered());
        list();
        Opening waitedFor = opening;
        opening = null;
        if (waitedFor != null) {
            waitedFor.seat(this);
            settle();
        }
    }

    // ---- turns and failures ----------------------------------------------------------------------------------------

    private void serveTurns() {
        while (!outbox.isCongested()) {
            Http2Stream stream = http2.nextToSend();
            if (stream == null || !of(stream).onTurn(stream)) {
                return;
            }
        }
    }

    private void fail(Http2ClientStream failed, FailureKind kind, @Nullable TlsFault fault, @Nullable String rule) {
        failed.fail(kind, fault, rule);
        active--;
        if (lastFailed == null) {
            firstFailed = failed;
        } else {
            lastFailed.next = failed;
        }
        lastFailed = failed;
    }

    private void tellFailures() {
        if (firstFailed == null) {
            return;
        }
        list();
        for (Http2ClientStream failed = firstFailed; failed != null; failed = firstFailed) {
            firstFailed = failed.next;
            failed.next = null;
            if (firstFailed == null) {
                lastFailed = null;
            }
            failed.tellFailure();
            failed.forget();
            client.give(failed);
        }
        settle();
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Override
    protected void onDeadline(long nowNs) {
        if (isOver()) {
            connection.abort();
        } else if (http2.isAwaitingSettingsAck()
                && nowNs - http2.awaitingSettingsAckSinceNs()
                        >= client.settings().settingsTimeoutNs()) {
            giveUp(ErrorCode.SETTINGS_TIMEOUT);
        } else if (active > 0) {
            checkLife(nowNs);
        } else if (isIdle && nowNs - idleSinceNs >= connections.idleTimeoutNs()) {
            close();
        } else {
            armNext();
        }
    }

    private void checkLife(long nowNs) {
        if (isStalled(nowNs)
                || isPingAwaited && nowNs - pingSentNs >= client.settings().pingTimeoutNs()) {
            giveUp(ErrorCode.NO_ERROR);
            return;
        }
        long pingIntervalNs = client.settings().pingIntervalNs();
        if (pingIntervalNs > 0 && !isPingAwaited && nowNs - lastReadNs >= pingIntervalNs) {
            isPingAwaited = true;
            pingSentNs = nowNs;
            http2.ping(++pings);
        }
        armNext();
    }

    private boolean isStalled(long nowNs) {
        if (connection.pendingWriteBytes() == 0 || connection.sentBytes() != stalledSentBytes) {
            stalledSinceNs = nowNs;
            stalledSentBytes = connection.sentBytes();
            return false;
        }
        return nowNs - stalledSinceNs >= client.settings().sendStallNs();
    }

    /** Sets the deadline to whatever comes first. */
    private void armNext() {
        long nowNs = nowNs();
        long inNs = Long.MAX_VALUE >> 2;
        if (http2.isAwaitingSettingsAck()) {
            inNs = http2.awaitingSettingsAckSinceNs() + client.settings().settingsTimeoutNs() - nowNs;
        }
        if (active > 0) {
            inNs = Math.min(inNs, client.settings().sendStallNs() / STALL_CHECKS);
            long pingIntervalNs = client.settings().pingIntervalNs();
            if (isPingAwaited) {
                inNs = Math.min(inNs, pingSentNs + client.settings().pingTimeoutNs() - nowNs);
            } else if (pingIntervalNs > 0) {
                inNs = Math.min(inNs, lastReadNs + pingIntervalNs - nowNs);
            }
        } else if (isIdle) {
            inNs = Math.min(inNs, idleSinceNs + connections.idleTimeoutNs() - nowNs);
        }
        context.loop().timers().arm(this, nowNs + Math.max(0, inNs));
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    private boolean isOver() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    /** The origin gives no sign of life. */
    private void giveUp(int errorCode) {
        endKind = FailureKind.UNRESPONSIVE;
        http2.fail(errorCode);
        linger();
        tellFailures();
    }

    /** Sends what has been said last, and reads on for a while: closing at once could destroy it on its way. */
    private void linger() {
        over(State.LINGERING);
        outbox.flush();
        connection.shutdownOutput();
        context.loop().timers().arm(this, nowNs() + LINGER_NS);
    }

    /** Closes in good order; there is nothing under way. */
    private void close() {
        http2.finishDrain();
        outbox.flush();
        over(State.CLOSED);
        connection.close();
        context.loop().timers().arm(this, nowNs() + LINGER_NS);
    }

    private void over(State last) {
        leaveOpen(last);
        list();
        if (isIdle) {
            isIdle = false;
            connections.onIdleEnded();
        }
        Opening waitedFor = opening;
        opening = null;
        if (waitedFor != null) {
            waitedFor.failAll(endKind, tlsFault, brokenRule());
        }
    }

    private void leaveOpen(State next) {
        state = next;
        if (isInformed) {
            isInformed = false;
            connections.onInformedEnded();
        }
    }

    private long nowNs() {
        return context.loop().nowNs();
    }

    private static Http2ClientStream of(Http2Stream stream) {
        Object attached = stream.attachment();
        assert attached != null;
        return (Http2ClientStream) attached;
    }
}
