package dev.headgate.tunnel;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.Pending;
import dev.headgate.upstream.UpstreamNode;
import dev.headgate.upstream.UpstreamPool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one tunnel to reach an endpoint, one after the other. No byte has been sent before one of them succeeds, so each failure to
 * connect may be followed by a try elsewhere, as far as attempts and budget go.
 *
 * <p>Extends {@link Timer}: the deadline is that of the try under way.
 */
@LoopConfined
final class Dial extends Timer implements Pending.Attempts {
    /** Hears how it went; one of the two, unless it was cancelled before. */
    interface Outcome {
        void onConnected(Connection far);

        void onFailed(Cause cause);
    }

    private final LoopContext context;
    private final UpstreamNode upstream;
    private final SocketOptions options;
    private final long key;
    private final Outcome outcome;
    private final EndpointSet tried = new EndpointSet();
    private final Pending pending = new Pending(this);
    private @Nullable Attempt reserved; // what the next one will be
    private @Nullable Attempt current; // while it is under way, and once it has succeeded until its connection is gone
    private @Nullable EndpointNode lastEndpoint;
    private int attempts;
    private long attemptStartedNs;
    private long connectedNs; // how long the last try took to connect
    private boolean isHandshakeAwaited;
    private boolean holdsRetry; // a permit for tries after the first

    /** @param key what endpoints are picked by, see {@link UpstreamNode#keyOf} */
    Dial(LoopContext context, UpstreamNode upstream, SocketOptions options, long key, Outcome outcome) {
        this.context = context;
        this.upstream = upstream;
        this.options = options;
        this.key = key;
        this.outcome = outcome;
    }

    void start() {
        upstream.retryBudget().onRequest(context.loop().nowNs());
        int index = pick();
        if (index == Picker.NONE) {
            context.accounting().noEndpoint(upstream);
            outcome.onFailed(Cause.NO_ENDPOINT);
        } else {
            place(upstream.endpoint(index));
        }
    }

    /** How many tries there were. */
    int attempts() {
        return attempts;
    }

    /** Who was tried last. */
    @Nullable
    EndpointNode endpoint() {
        return lastEndpoint;
    }

    /** How long the try that succeeded took; 0 before. */
    long connectedNs() {
        return connectedNs;
    }

    /** Gives up a try that is under way, for a reason that is not the endpoint's. */
    void cancel() {
        end();
        Attempt given = current;
        if (given != null) {
            current = null;
            given.giveUp(FailureKind.LOCAL);
        }
    }

    /** No further try follows. */
    private void end() {
        context.loop().timers().retire(this);
        leaveQueue();
        if (holdsRetry) {
            holdsRetry = false;
            upstream.releaseRetry();
        }
    }

    /** The connection that was made is gone. */
    void onFarGone(long bytesSent, long bytesReceived) {
        Attempt ended = current;
        if (ended != null) {
            current = null;
            ended.pool.closedApart();
            ended.endpoint.onAttemptEnded(context.index(), connectedNs);
            ended.endpoint.metrics().onAttemptEnded(context.index(), 0, bytesSent, bytesReceived);
        }
    }

    private int pick() {
        return upstream.pick(
                UpstreamNode.WHOLE, context.index(), context.loop().chance().nextLong(), key, tried);
    }

    // ---- the way to an endpoint ------------------------------------------------------------------------------------

    private void place(EndpointNode wanted) {
        upstream.queue(context.index()).place(pending, wanted);
    }

    @Override
    public int subset() {
        return UpstreamNode.WHOLE;
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
    public boolean isRefusedBy(EndpointNode endpoint) {
        return false;
    }

    @Override
    public boolean tryConnect(EndpointNode endpoint) {
        Attempt attempt = new Attempt(endpoint);
        reserved = attempt;
        return attempt.open() || !attempt.pool.isFull();
    }

    @Override
    public void onPending(long timeoutNs) {
        arm(timeoutNs);
    }

    @Override
    public void onRefused(Cause cause) {
        end();
        context.accounting().pendingRefused(upstream, cause);
        outcome.onFailed(cause);
    }

    private void leaveQueue() {
        if (pending.isWaiting()) {
            upstream.queue(context.index()).leave(pending);
        }
    }

    @Override
    public void onPlaced(EndpointNode endpoint) {
        Attempt attempt = reserved;
        assert attempt != null;
        reserved = null;
        current = attempt;
        attempts++;
        lastEndpoint = endpoint;
        attemptStartedNs = context.loop().nowNs();
        isHandshakeAwaited = false;
        endpoint.onAttemptStarted(context.index(), attemptStartedNs);
        endpoint.metrics().onAttemptStarted(context.index());
        if (attempt.connection == null) {
            onFailed(attempt, FailureKind.DNS_FAILED, null);
        } else {
            arm(upstream.config().timeouts().connectNs());
        }
    }

    private void arm(long timeoutNs) {
        context.loop().timers().arm(this, context.loop().nowNs() + timeoutNs);
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (pending.isWaiting()) {
            onRefused(Cause.PENDING_TIMEOUT);
            return;
        }
        Attempt late = current;
        if (late == null) {
            return;
        }
        if (!late.isHandshaking()) {
            onFailed(late, FailureKind.CONNECT_TIMEOUT, null);
        } else if (isHandshakeAwaited) {
            onFailed(late, FailureKind.TLS_TIMEOUT, null);
        } else {
            isHandshakeAwaited = true;
            arm(upstream.config().timeouts().handshakeNs());
        }
    }

    private void onConnected(Connection far) {
        end();
        long nowNs = context.loop().nowNs();
        connectedNs = nowNs - attemptStartedNs;
        EndpointNode reached = lastEndpoint;
        assert reached != null;
        reached.onConnected(context.index(), connectedNs, nowNs);
        upstream.onConnected(reached);
        outcome.onConnected(far);
    }

    private void onFailed(Attempt failed, FailureKind kind, @Nullable TlsFault fault) {
        current = null;
        context.loop().timers().disarm(this);
        failed.giveUp(kind);
        upstream.onFailure(failed.endpoint, kind);
        context.accounting().attemptFailed(upstream, failed.endpoint, kind, fault);
        boolean isElsewhereOfUse = kind.isBeforeConnect() || kind == FailureKind.RESET;
        if (!isElsewhereOfUse || !retryAfter(failed.endpoint)) {
            end();
            outcome.onFailed(kind.cause());
        }
    }

    private boolean retryAfter(EndpointNode failed) {
        if (attempts >= upstream.config().retry().attempts() || tried.count() >= EndpointSet.ATTEMPTS_MAX) {
            return false;
        }
        tried.add(failed.index());
        int index = pick();
        if (index == Picker.NONE) {
            return false;
        }
        holdsRetry = holdsRetry || upstream.tryTakeRetry();
        if (!holdsRetry || !upstream.retryBudget().tryRetry(context.loop().nowNs())) {
            context.accounting().retryRefused(upstream);
            return false;
        }
        context.accounting().retry(upstream);
        place(upstream.endpoint(index));
        return true;
    }

    /** One try: it hears of its connection until that is open. */
    private final class Attempt implements ConnectionHandler {
        private final EndpointNode endpoint;
        private final UpstreamPool pool;
        private @Nullable Connection connection;

        Attempt(EndpointNode endpoint) {
            this.endpoint = endpoint;
            this.pool = endpoint.pool(context.index());
        }

        /** Answers false when the endpoint has no address, or it or its upstream all the connections that it may have. */
        boolean open() {
            connection = pool.openApart(options, this);
            return connection != null;
        }

        boolean isHandshaking() {
            return connection instanceof SecureConnection secure && secure.isHandshaking();
        }

        void giveUp(FailureKind kind) {
            long nowNs = context.loop().nowNs();
            endpoint.onAttemptFailed(context.index(), kind, nowNs - attemptStartedNs, nowNs);
            endpoint.metrics().onAttemptEnded(context.index(), 0, 0, 0);
            Connection begun = connection;
            if (begun != null) {
                begun.abort(); // Ignored when it is what has failed.
            }
        }

        @Override
        public void onOpen(Connection opened) {
            if (current == this) {
                onConnected(opened);
            }
        }

        @Override
        public void onBytes(Connection from, ByteBuffer bytes) {
            bytes.position(bytes.limit()); // Of one that was given up.
        }

        @Override
        public void onClosed(Connection from, CloseCause cause) {
            pool.closedApart();
            if (current == this) {
                SecureConnection secure = from instanceof SecureConnection of ? of : null;
                TlsFailure failure = secure == null ? null : secure.failure();
                TlsFault fault =
                        secure == null || failure == null ? null : new TlsFault(failure, secure.failureDetail());
                onFailed(this, kindOf(cause, failure), fault);
            }
        }
    }

    private static FailureKind kindOf(CloseCause cause, @Nullable TlsFailure failure) {
        return switch (cause) {
            case CONNECT_REFUSED -> FailureKind.CONNECT_REFUSED;
            case CONNECT_FAILED -> FailureKind.CONNECT_FAILED;
            case RESET, CLOSED, ABORTED, TRUNCATED -> FailureKind.RESET;
            case TRANSPORT_FAILED -> failure == null ? FailureKind.RESET : FailureKind.ofHandshake(failure);
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> FailureKind.LOCAL;
        };
    }
}
