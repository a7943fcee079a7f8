package dev.headgate.testkit.sim;

import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Level-triggered readiness for the sockets of one loop. */
final class SimPoller implements Poller {
    private static final long NS_PER_MS = 1_000_000;

    private final SimIo io;
    private final int number;
    private final SimChance chance;
    private final List<Watched> registered = new ArrayList<>(); // each knows its index
    private final List<Watched> gone = new ArrayList<>(); // closed since the last poll
    private List<Watched> candidates = new ArrayList<>(); // may be ready; each once
    private final List<Watched> batch = new ArrayList<>();
    private @Nullable SimRunner waiter;
    private long deadlineNs = -1; // of the wait under way
    private boolean isWoken;
    private boolean isClosed;

    SimPoller(SimIo io, int number) {
        this.io = io;
        this.number = number;
        this.chance = io.simulator().chance().fork();
    }

    void add(Watched watched) {
        watched.index = registered.size();
        registered.add(watched);
        changed(watched);
    }

    /** {@code watched} has been closed; the next poll lets go of it. */
    void onGone(Watched watched) {
        gone.add(watched);
    }

    /** Something about {@code watched} is different: it may be ready now. */
    void changed(Watched watched) {
        if (!watched.isCandidate && watched.watchedReadyOps() != 0) {
            watched.isCandidate = true;
            candidates.add(watched);
        }
        if (watched.isCandidate && watched.watchedReadyOps() != 0) {
            wakeWaiter();
        }
    }

    private void wakeWaiter() {
        if (waiter != null) {
            waiter.wake();
        }
    }

    @Override
    public int poll(long timeoutNs) {
        assert !isClosed;
        waiter = io.current();
        io.assertLoop();
        freeClosed();
        collect();
        if (!batch.isEmpty() || isWoken || timeoutNs <= 0 || isTimedOut()) {
            isWoken = false;
            deadlineNs = -1;
            return tell();
        }
        sleep(timeoutNs);
        throw new SimRunner.WouldWait();
    }

    private boolean isTimedOut() {
        return deadlineNs >= 0 && io.simulator().nowNs() >= deadlineNs;
    }

    private void sleep(long timeoutNs) {
        if (timeoutNs == FOREVER) {
            return;
        }
        long nowNs = io.simulator().nowNs();
        if (deadlineNs < 0) {
            deadlineNs = nowNs + ((timeoutNs - 1) / NS_PER_MS + 1) * NS_PER_MS;
        }
        SimRunner sleeper = waiter;
        if (sleeper != null) {
            sleeper.runIn(deadlineNs - nowNs);
        }
    }

    private void freeClosed() {
        for (Watched watched : gone) {
            Watched last = registered.removeLast();
            if (last != watched) {
                registered.set(watched.index, last);
                last.index = watched.index;
            }
            watched.freeDescriptor();
        }
        gone.clear();
    }

    private void collect() {
        batch.clear();
        List<Watched> again = new ArrayList<>();
        for (Watched watched : candidates) {
            watched.batchOps = watched.isGone() ? 0 : watched.watchedReadyOps();
            watched.isCandidate = watched.batchOps != 0;
            if (watched.isCandidate) {
                again.add(watched);
                batch.add(watched);
            }
        }
        candidates = again;
        if (!registered.isEmpty() && chance.oneIn(io.faults().spuriousOneIn())) {
            addSpurious(registered.get(chance.nextInt(registered.size())));
        }
        if (io.faults().reorders()) {
            shuffle();
        }
    }

    private void addSpurious(Watched watched) {
        int ops = watched.interest();
        if (ops != 0 && !watched.isCandidate && !watched.isGone()) {
            io.simulator().trace("spurious", watched.number(), ops);
            watched.batchOps = ops;
            batch.add(watched);
        }
    }

    private void shuffle() {
        for (int i = batch.size() - 1; i > 0; i--) {
            int j = chance.nextInt(i + 1);
            Watched moved = batch.get(i);
            batch.set(i, batch.get(j));
            batch.set(j, moved);
        }
    }

    private int tell() {
        int told = 0;
        for (int i = 0; i < batch.size(); i++) {
            Watched watched = batch.get(i);
            if (watched.isGone()) {
                continue; // Closed earlier in this batch.
            }
            io.simulator().trace("ready", watched.number(), watched.batchOps);
            Pollable pollable = watched.pollable();
            try {
                pollable.onReady(watched.batchOps);
            } catch (Throwable failure) {
                pollable.onReadyFailed(failure);
            }
            told++;
        }
        return told;
    }

    @Override
    public void wakeup() {
        if (!isClosed) {
            io.simulator().trace("wakeup", number, 0);
            isWoken = true;
            wakeWaiter();
        }
    }

    @Override
    public void close() {
        freeClosed();
        if (!registered.isEmpty()) {
            io.simulator().violated("I4: poller closed with open sockets: " + registered.size());
        }
        isClosed = true;
    }
}
