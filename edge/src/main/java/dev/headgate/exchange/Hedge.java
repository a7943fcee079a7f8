package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;

/**
 * A second attempt beside one that takes long, at another endpoint: whose head comes first serves, and the other is cancelled. There is one per
 * exchange at the most, and never of a request that may not take effect twice.
 * <pre>{@code
 *  IDLE ──attempt begins──> DUE ──time──> RACING ──good head of either──> SPENT
 *                            │               └──either fails: the other goes on alone ─^
 *                            └──head, failure: the attempt is over──> IDLE; nobody to ask, no token ──> SPENT
 * }</pre>
 * The timer is that of the time until it is due, and of what the second attempt waits for while there are two.
 */
@LoopConfined
@HotPath
final class Hedge extends Timer {
    private enum State {
        IDLE,
        DUE,
        RACING,
        SPENT
    }

    private final Attempts attempts;
    private final Exchange exchange;
    private final LoopContext context;
    private final Attempt rival;
    private State state = State.IDLE;
    private Wait waiting = Wait.NOTHING;
    private long waitDeadlineNs;
    private boolean staleRetryTaken;

    Hedge(Attempts attempts, Exchange exchange, LoopContext context) {
        this.attempts = attempts;
        this.exchange = exchange;
        this.context = context;
        this.rival = new Attempt(attempts, exchange, context);
    }

    boolean isRacing() {
        return state == State.RACING;
    }

    /** An attempt of a request that may take effect twice begins, or has sent its request: from now on its time counts, unless it does already. */
    void arm(long afterNs) {
        if (state == State.IDLE) {
            state = State.DUE;
            context.loop().timers().arm(this, context.loop().nowNs() + afterNs);
        }
    }

    /** The attempt is over, or has its head: no second one is due. */
    void disarm() {
        if (state == State.DUE) {
            state = State.IDLE;
            context.loop().timers().disarm(this);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (state == State.DUE) {
            state = State.SPENT;
            start();
        } else if (state == State.RACING && nowNs - waitDeadlineNs >= 0) {
            onWaitOver(nowNs);
        } else if (state == State.RACING) {
            context.loop().timers().arm(this, waitDeadlineNs);
        }
    }

    private void start() {
        boolean isSafe = exchange.isAwaitingResponse()
                && !exchange.isInterimSent()
                && exchange.requestFlow().isWhole();
        EndpointNode other = isSafe && !attempts.isHeld() ? attempts.another() : null;
        if (other == null || !attempts.takesHedgeToken()) {
            return;
        }
        state = State.RACING;
        UpstreamNode upstream = attempts.upstream();
        if (rival.tryPlace(upstream, other)) {
            context.accounting().hedge(upstream);
        } else {
            state = State.SPENT;
            attempts.hedgeNotMade();
        }
    }

    /** The second attempt has begun. */
    void onPlaced() {
        if (rival.isOnIdle()) {
            send();
        } else if (!rival.isUnderWay()) {
            attempts.onFailed(rival, rival.endpoint().pool(context.index()).whyNone(rival));
        } else {
            await(Wait.CONNECT, attempts.upstream().config().timeouts().connectNs());
        }
    }

    /** Its connection is open. */
    void send() {
        if (!attempts.sendHead(rival)) {
            attempts.onFailed(rival, FailureKind.LOCAL);
            return;
        }
        exchange.requestFlow().sendWhole(rival.stream());
        await(Wait.RESPONSE_HEAD, exchange.route().firstByteNs());
    }

    /** The one more try on a fresh connection that a stale pooled one costs the second attempt. */
    boolean takeStaleRetry() {
        boolean taken = !staleRetryTaken;
        staleRetryTaken = true;
        return taken;
    }

    /** Makes the second attempt once more, by the token that it has; false when there is no room for it, and the first one is to go on alone. */
    boolean tryAnew() {
        EndpointNode wanted = rival.endpoint();
        return wanted.isListed() && rival.tryPlace(attempts.upstream(), wanted);
    }

    void onMoved() {
        await(Wait.CONNECT, attempts.upstream().config().timeouts().connectNs());
    }

    private void await(Wait what, long timeoutNs) {
        waiting = what;
        waitDeadlineNs = attempts.withinTry(rival, context.loop().nowNs() + timeoutNs);
        context.loop().timers().arm(this, waitDeadlineNs);
    }

    private void onWaitOver(long nowNs) {
        FailureKind kind = attempts.timeoutOf(rival, waiting, nowNs);
        if (kind == null) {
            await(Wait.HANDSHAKE, attempts.upstream().config().timeouts().handshakeNs());
        } else {
            attempts.onFailed(rival, kind);
        }
    }

    /**
     * One of the two has the head of a final response that will do, or has it taken for the client: the other is cancelled.
     *
     * @param current the first attempt
     * @return the one that is left
     */
    Attempt won(Attempt winner, Attempt current) {
        end();
        attempts.onOneLeft(winner == rival);
        if (winner == current) {
            rival.lost();
            return current;
        }
        current.lost();
        context.accounting().hedgeWon(attempts.upstream());
        exchange.requestFlow().onSentWhole();
        return winner;
    }

    /**
     * One of the two has come to nothing: the other goes on, as if it were the only one.
     *
     * @param current the first attempt
     * @return the one that is left
     */
    Attempt goOnWithout(Attempt gone, Attempt current) {
        end();
        attempts.onOneLeft(gone != rival);
        if (gone == rival) {
            return current;
        }
        if (rival.isSent()) {
            exchange.requestFlow().onSentWhole();
        } else {
            exchange.requestFlow().hold();
        }
        exchange.deadline().awaitUntil(waiting, waitDeadlineNs);
        return rival;
    }

    /** The exchange ends, or nothing more of it is wanted: if there are two, the second comes to what the first does. */
    void cancel(FailureKind kind) {
        if (state == State.RACING) {
            rival.failed(kind);
            attempts.onOneLeft(false);
        }
        end();
    }

    private void end() {
        state = State.SPENT;
        context.loop().timers().disarm(this);
    }

    void forget() {
        assert state != State.RACING : "the second attempt is not over";
        disarm();
        state = State.IDLE;
        waiting = Wait.NOTHING;
        staleRetryTaken = false;
        rival.forget();
    }
}
