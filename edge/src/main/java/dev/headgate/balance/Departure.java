package dev.headgate.balance;

import dev.headgate.exchange.LoopContext;
import dev.headgate.upstream.EndpointNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How an endpoint goes that has left its upstream's list. The agent's, but for the answers of the loops.
 * <pre>
 *            drain time over               nothing under way              each loop has come by
 *  KEEPING ──────────────────▶ CLOSING ─────────────────────▶ PARTING ───────────────────────────▶ AWAITING_END
 *     └─── may come back ────────┘                                                                       │ nothing under way
 *                                                                                                        ▼
 *                                                                                                      OVER
 * </pre>
 * A loop that has come by after the endpoint is gone begins no attempt with it any more, whatever it has picked before. What is seen to be
 * over then is over for good: its slot can be given away.
 */
final class Departure {
    private enum Step {
        KEEPING,
        CLOSING,
        PARTING,
        AWAITING_END,
        OVER
    }

    private final EndpointNode node;
    private final AtomicInteger loopsPassed = new AtomicInteger();
    private Step step = Step.KEEPING;
    private long keepUntilNs;
    private int loopsTold; // in this step

    Departure(EndpointNode node, long keepUntilNs) {
        this.node = node;
        this.keepUntilNs = keepUntilNs;
    }

    /** Its slot is wanted: it is not kept for longer. */
    void hurry(long nowNs) {
        if (step == Step.KEEPING) {
            keepUntilNs = nowNs;
        }
    }

    /** Whether it does not come back. */
    boolean isParting() {
        return step == Step.PARTING || step == Step.AWAITING_END || step == Step.OVER;
    }

    boolean isOver() {
        return step == Step.OVER;
    }

    /** Makes the steps that are due; answers whether there were any. */
    boolean doWork(List<LoopContext> loops, long nowNs) {
        Step before = step;
        if (step == Step.KEEPING && keepUntilNs - nowNs <= 0) {
            node.stopKeeping();
            become(Step.CLOSING);
        }
        if (step == Step.CLOSING && tellAll(loops, this::closeIdle) && isNothingUnderWay()) {
            node.goAway();
            become(Step.PARTING);
        }
        if (step == Step.PARTING && tellAll(loops, this::pass) && loopsPassed.get() == loops.size()) {
            become(Step.AWAITING_END);
        }
        if (step == Step.AWAITING_END && isNothingUnderWay()) {
            become(Step.OVER);
        }
        return step != before;
    }

    private void become(Step next) {
        step = next;
        loopsTold = 0;
    }

    private interface Telling {
        void on(int loopIndex);
    }

    /** Hands each loop a command, those whose mailbox is full at another try; answers whether all have taken it. */
    private boolean tellAll(List<LoopContext> loops, Telling what) {
        while (loopsTold < loops.size()) {
            LoopContext context = loops.get(loopsTold);
            int index = context.index();
            if (!context.loop().execute(() -> what.on(index))) {
                return false;
            }
            loopsTold++;
        }
        return true;
    }

    private void closeIdle(int loopIndex) {
        if (!node.isListed()) { // It may have come back.
            node.closeIdle(loopIndex);
        }
    }

    private void pass(int loopIndex) {
        node.part(loopIndex);
        loopsPassed.incrementAndGet();
    }

    private boolean isNothingUnderWay() {
        return node.stats().inFlight() == 0 && node.permitsTaken() == 0;
    }
}
