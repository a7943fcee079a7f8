package dev.headgate.exchange;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;

/** The one deadline of an exchange: what it waits for now, or the end of its time as a whole, whichever comes first. */
@LoopConfined
@HotPath
final class ExchangeDeadline extends Timer {
    /** What an exchange can wait for. */
    enum Wait {
        NOTHING,
        /** An endpoint to have room for an attempt. */
        ROOM,
        /** The connection to the endpoint. */
        CONNECT,
        /** The TLS handshake with it. The connection itself gives up first; this keeps to the time of a try. */
        HANDSHAKE,
        /** The origin's word on {@code Expect: 100-continue}. */
        CONTINUE,
        /** The origin to take more of the request. */
        REQUEST_STALL,
        /** A temporary file to take more of the request. */
        REPLAY_FILE,
        /** The time to start another attempt. */
        RETRY,
        /** The head of the final response. */
        RESPONSE_HEAD,
        /** More of the response's content. */
        RESPONSE_BODY
    }

    private final Exchange exchange;
    private final EventLoop loop;
    private Wait waiting = Wait.NOTHING;
    private long waitDeadlineNs;
    private long totalDeadlineNs;
    private boolean hasTotal;

    ExchangeDeadline(Exchange exchange, EventLoop loop) {
        this.exchange = exchange;
        this.loop = loop;
    }

    /** Bounds the exchange as a whole. */
    void total(long timeoutNs) {
        hasTotal = true;
        totalDeadlineNs = loop.nowNs() + timeoutNs;
    }

    void await(Wait what, long timeoutNs) {
        awaitUntil(what, loop.nowNs() + timeoutNs);
    }

    void awaitUntil(Wait what, long deadlineNs) {
        waiting = what;
        waitDeadlineNs = deadlineNs;
        boolean totalFirst = hasTotal && totalDeadlineNs - deadlineNs < 0;
        loop.timers().arm(this, totalFirst ? totalDeadlineNs : deadlineNs);
    }

    /** Whether the exchange has more time left than that. */
    boolean leaves(long timeNs) {
        return !hasTotal || totalDeadlineNs - loop.nowNs() > timeNs;
    }

    boolean isAwaiting(Wait what) {
        return waiting == what;
    }

    /** Waits for nothing but the end of the exchange's time. */
    void stopWaiting() {
        waiting = Wait.NOTHING;
        if (hasTotal) {
            loop.timers().arm(this, totalDeadlineNs);
        } else {
            loop.timers().disarm(this);
        }
    }

    /** The exchange is over. */
    void end() {
        waiting = Wait.NOTHING;
        hasTotal = false;
        loop.timers().disarm(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        assert exchange.isRunning();
        if (hasTotal && nowNs - totalDeadlineNs >= 0) {
            exchange.onTotalDeadline();
        } else if (waiting == Wait.NOTHING || nowNs - waitDeadlineNs < 0) {
            stopWaiting();
        } else {
            exchange.onWaitDeadline(waiting, nowNs);
        }
    }
}
