package dev.headgate.testkit.memory;

import dev.headgate.engine.io.Pollable;
import org.jspecify.annotations.Nullable;

/** What a poller knows of a socket. */
abstract class MemoryKey {
    private @Nullable MemoryPoller poller;
    private @Nullable Pollable pollable;
    private int interest;
    private int appliedInterest; // what the system would know
    private boolean isQueued; // the poller looks at it next time

    /** Bits of {@link dev.headgate.engine.io.Ops}. */
    abstract int readyOps();

    final void attach(MemoryPoller to, Pollable told, int ops) {
        poller = to;
        pollable = told;
        interest = ops;
        appliedInterest = ops;
        touched();
    }

    final void detach() {
        poller = null;
        pollable = null;
    }

    /** Replaces the set of ops that the poller reports. */
    public final void interest(int ops) {
        interest = ops;
        touched();
    }

    /** Something changed: the poller has to look. */
    final void touched() {
        MemoryPoller mine = poller;
        if (mine != null && !isQueued) {
            isQueued = true;
            mine.queue(this);
        }
    }

    final boolean isReady() {
        return poller != null && (readyOps() & interest) != 0;
    }

    final boolean isAttachedTo(MemoryPoller one) {
        return poller == one;
    }

    final void unqueue() {
        isQueued = false;
    }

    /** Answers whether the system has to be told of another interest. */
    final boolean applyInterest() {
        boolean differs = interest != appliedInterest;
        appliedInterest = interest;
        return differs;
    }

    final void tell() {
        Pollable told = pollable;
        if (told == null) {
            return;
        }
        try {
            told.onReady(readyOps() & interest);
        } catch (Throwable failure) {
            told.onReadyFailed(failure);
        }
    }
}
