package dev.headgate.upstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint, carrying many exchanges at a time (RFC 9113).
 * <pre>{@code
 *  OPEN ──GOAWAY of the origin, too old, not trusted any more──> RETIRED ──the last exchange has ended──> CLOSED
 *    └──────broken, or no sign of life: GOAWAY is sent───────────────┴──> LINGERING ──the origin closes──────^
 * }</pre>
 * Here is what becomes of the connection; its frames are {@link Http2ClientEvents}, and what its streams ask of it is {@link Http2ClientLink}.
 * What ends streams is told to their exchanges when the connection's own work is done ({@link #afterEvents}). Extends {@link Timer}: the
 * deadline is that of whatever comes first.
 */
@LoopConfined
@HotPath
final class Http2ClientSession extends Timer implements ConnectionHandler, Runnable {
    private enum State {
        OPEN,
        RETIRED,
        LINGERING,
        CLOSED
    }

    /** Pending output beyond which requests go to another connection. */
    private static final int PENDING_BYTES_MAX = 128 << 10;

    private static final long LINGER_NS = 1_000_000_000L;

    private final Http2Connections connections;
    private final Http2Client client;
    private final LoopContext context;
    private final Connection connection;
    private final FrameOutbox outbox;
    private final Http2Connection http2;
    private final Http2ClientLink link;
    private final SignsOfLife life;
    private final ConnectionEnd end = new ConnectionEnd();
    private final FailedStreams failed = new FailedStreams();
    private final long endNs; // from when on it is too old for further requests
    private final long idleTimeoutNs;
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
    private boolean hasServed; // anybody
    private int active; // streams that exchanges have
    private boolean isLimitNew;
    private boolean isInformed; // counted as open, its origin's settings being known

    private boolean hasUnsent; // what may be sent again though it is not idempotent, and must not leave here any more
    private boolean isRunDue;
    private long idleUntilNs; // at the end of its age at the latest: then it is of no use

    /** Over a connection that is open. */
    Http2ClientSession(
            Http2Connections connections,
            Http2Client client,
            LoopContext context,
            Connection opened,
            long endNs,
            int trustEpoch,
            Opening opening) {
        this.connections = connections;
        this.client = client;
        this.context = context;
        this.connection = opened;
        this.endNs = endNs;
        this.idleTimeoutNs = connections.drawIdleTimeoutNs();
        this.trustEpoch = trustEpoch;
        this.opening = opening;
        this.outbox = new FrameOutbox(opened, context.frameScratch());
        this.http2 = new Http2Connection(
                Http2Role.CLIENT, client.limits(), client.scratch(), outbox, new Http2ClientEvents(this), nowNs());
        this.link = new Http2ClientLink(connections, context, opened, outbox, http2);
        this.life = new SignsOfLife(client.settings(), opened, nowNs());
    }

    /** Takes the connection over, and says the first words. */
    void start() {
        connection.handler(this);
        connections.onOpened();
        http2.start(nowNs());
        list();
        armNext();
    }

    // ---- for its pool ----------------------------------------------------------------------------------------------

    /** Whether it takes further requests, by its age. */
    boolean lastsLongerThan(long nowNs) {
        return nowNs - endNs < 0;
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
    Http2ClientStream take(Attempt attempt, boolean isReused) {
        Http2ClientStream taken = client.takeStream();
        taken.reserve(this, attempt, isReused);
        hasServed = true;
        active++;
        if (isIdle) {
            isIdle = false;
            connections.onIdleEnded();
        }
        if (active == 1) {
            life.onBusy(nowNs());
            armNext();
        }
        list();
        return taken;
    }

    /** Takes no further requests, and closes with the last that is under way. */
    void retire() {
        retire(By.US);
    }

    /** The same, because the origin wants it. */
    void retireForOrigin() {
        retire(By.ORIGIN);
    }

    private void retire(By who) {
        if (state != State.OPEN) {
            return;
        }
        leaveOpen(State.RETIRED, who);
        list();
        if (isWaitedFor()) {
            runSoon(); // Those who wait may be looking for a connection in this very call.
        } else {
            settle();
        }
    }

    /** Who wants a connection to take no more requests. */
    private enum By {
        US,
        ORIGIN
    }

    /** Closes or becomes idle if there is nothing under way. */
    void settle() {
        if (active > 0 || isOver() || state == State.OPEN && (isIdle || isWaitedFor())) {
            return;
        }
        if (state == State.OPEN && !http2.isDrained() && connections.keepIdle(this)) {
            isIdle = true;
            idleUntilNs = nowNs() + Math.min(idleTimeoutNs, endNs - nowNs());
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

    /** By which they send, and give credit. */
    Http2ClientLink link() {
        return link;
    }

    /** An exchange has let go of its stream, which is over or given up. */
    void release(Http2ClientStream ended, @Nullable Http2Stream known) {
        if (known != null) {
            http2.release(known);
        }
        client.give(ended);
        active--;
        list();
        if (active > 0 && state == State.OPEN) {
            connections.onRoom(this);
        } else {
            settle();
        }
    }

    /** How a tunnel ends whose end is this side's doing. */
    CloseCause localCause() {
        return end.localCause();
    }

    /** A stream fails in the middle of a call of its exchange, who learns of it behind that call. */
    void failSoon(Http2ClientStream broken, FailureKind kind) {
        Http2Stream known = broken.streamOrNull();
        broken.onClosed();
        if (known != null) {
            http2.reset(known, ErrorCode.INTERNAL_ERROR);
            http2.release(known);
        }
        fail(broken, kind, null, null);
        runSoon();
    }

    private void runSoon() {
        if (!isRunDue) {
            isRunDue = true;
            context.loop().defer(this);
        }
    }

    @Override
    public void run() {
        isRunDue = false;
        tellFailures();
        settle();
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (isOver()) {
            bytes.position(bytes.limit());
            return;
        }
        if (life.onBytes(nowNs())) {
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
        // Among a slow upload a read need never see the output drained; what still waits is a few KiB.
        http2.onOutputDrained();
        serveTurns();
        if (state == State.OPEN) {
            connections.onRoom(this);
        }
    }

    @Override
    public void onEnd(Connection from) {
        if (isOver()) {
            from.close();
            return;
        }
        end.by(FailureKind.CLOSED);
        http2.onTransportClosed();
        over(State.CLOSED, By.ORIGIN);
        if (hasUnsent) {
            from.abort();
        } else {
            from.close();
        }
        tellFailures();
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        context.loop().timers().retire(this);
        outbox.close();
        if (!isOver()) {
            end.by(cause, connection);
            http2.onTransportClosed();
        }
        over(State.CLOSED, By.ORIGIN);
        connections.onClosed();
        tellFailures();
    }

    // ---- what the origin's frames say
    // --------------------------------------------------------------------------------

    /** A stream is over, and the connection may forget it. */
    void forget(Http2Stream stream) {
        http2.release(stream);
    }

    /** A stream fails with the connection. */
    void failByEnd(Http2ClientStream ended) {
        boolean isCut = end.kind() == FailureKind.CLOSED && ended.isHeadSeen();
        fail(ended, isCut ? FailureKind.TRUNCATED : end.kind(), end.tlsFault(), brokenRule());
        if (ended.isUnsent(connection.sentBytes())) {
            ended.wasUnsent();
            hasUnsent = true;
        }
    }

    private @Nullable String brokenRule() {
        Http2Violation broken = http2.violation();
        return broken == null ? null : broken.token();
    }

    /** A stream has failed, who learns of it behind all events. */
    void fail(Http2ClientStream broken, FailureKind kind, @Nullable TlsFault fault, @Nullable String rule) {
        broken.fail(kind, fault, rule);
        active--;
        failed.add(broken);
    }

    /** The origin has said what it allows, or something else than before. */
    void onSettings() {
        isLimitNew = true;
    }

    void onViolation(Http2Violation broken, int streamId) {
        client.metrics().onHttp2Violation(context.index(), broken.ordinal());
        if (streamId == 0) {
            end.by(FailureKind.PROTOCOL_BROKEN);
        }
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
        if (state == State.OPEN) {
            connections.onRoom(this);
        }
    }

    // ---- turns and failures ----------------------------------------------------------------------------------------

    private void serveTurns() {
        while (!outbox.isCongested()) {
            Http2Stream stream = http2.nextToSend();
            if (stream == null || !Http2ClientEvents.of(stream).onTurn(stream)) {
                return;
            }
        }
    }

    private void tellFailures() {
        if (failed.isEmpty()) {
            return;
        }
        list();
        failed.tell(client);
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
        } else if (isIdle && nowNs - idleUntilNs >= 0) {
            close();
        } else {
            armNext();
        }
    }

    private void checkLife(long nowNs) {
        if (life.isMissed(nowNs)) {
            giveUp(ErrorCode.NO_ERROR);
            return;
        }
        if (life.isPingDue(nowNs)) {
            http2.ping(life.takePing(nowNs));
        }
        armNext();
    }

    /** Sets the deadline to whatever comes first. */
    private void armNext() {
        long nowNs = nowNs();
        long inNs = Long.MAX_VALUE >> 2;
        if (http2.isAwaitingSettingsAck()) {
            inNs = http2.awaitingSettingsAckSinceNs() + client.settings().settingsTimeoutNs() - nowNs;
        }
        if (active > 0) {
            inNs = Math.min(inNs, life.nextNs(nowNs));
        } else if (isIdle) {
            inNs = Math.min(inNs, idleUntilNs - nowNs);
        }
        context.loop().timers().arm(this, nowNs + Math.max(0, inNs));
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    private boolean isOver() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    /** The origin gives no sign of life. */
    private void giveUp(int errorCode) {
        end.by(FailureKind.UNRESPONSIVE);
        http2.fail(errorCode);
        linger();
        tellFailures();
    }

    /**
     * Sends what has been said last, and reads on for a while: closing at once could destroy it on its way. Not where requests wait before it that
     * may go elsewhere now: this origin would have them, too.
     */
    private void linger() {
        over(State.LINGERING, By.ORIGIN);
        if (hasUnsent) {
            connection.abort();
            return;
        }
        outbox.flush();
        connection.shutdownOutput();
        context.loop().timers().arm(this, nowNs() + LINGER_NS);
    }

    /** Closes in good order; there is nothing under way. */
    private void close() {
        end.by(FailureKind.GOING_AWAY); // for those who have waited for it
        http2.finishDrain();
        outbox.flush();
        over(State.CLOSED, By.US);
        connection.close();
        context.loop().timers().arm(this, nowNs() + LINGER_NS);
    }

    private void over(State last, By who) {
        leaveOpen(last, who);
        list();
        if (isIdle) {
            isIdle = false;
            connections.onIdleEnded();
        }
        Opening waitedFor = opening;
        opening = null;
        if (waitedFor != null) {
            waitedFor.failAll(end.kind(), end.tlsFault(), brokenRule());
        }
    }

    private void leaveOpen(State next, By who) {
        if (state == State.OPEN) {
            connections.onOpenEnded(hasServed || who == By.US);
        }
        state = next;
        if (isInformed) {
            isInformed = false;
            connections.onInformedEnded();
        }
    }

    private long nowNs() {
        return context.loop().nowNs();
    }
}
