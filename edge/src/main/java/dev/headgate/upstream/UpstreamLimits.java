package dev.headgate.upstream;

import dev.headgate.balancer.breaker.LimitSettings;
import dev.headgate.balancer.breaker.Limits;
import dev.headgate.balancer.breaker.Permits;
import dev.headgate.balancer.breaker.WaitingLoops;
import dev.headgate.config.BreakerConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What an upstream is asked for at most, over all loops, and which loops wait for it.
 *
 * <p>Whoever has waited longest comes first, on whichever loop: of what becomes free, the loop that it waits on is told, and no other loop
 * takes it while that one waits. A loop that has been told and finds no use for it tells the next.
 */
@AnyThread
@HotPath
final class UpstreamLimits {
    private static final long NOBODY = 0;

    // Loops do not write next to each other: processors fetch lines in pairs.
    private static final int STRIDE = 16;

    private final Limits limits;
    private final boolean boundsRequests;
    private final boolean followsLists;
    private final WaitingLoops requestWaiters; // loops that lack a permit for a request
    private final AtomicLongArray oldest; // by loop: since when its oldest waits, or NOBODY
    private final Queue[] queues; // by loop; set before traffic
    private final long pendingNs;
    private final long handOverNs;

    /** Where those wait who are on one loop. */
    interface Queue {
        /** Something that somebody there waits for may be there. */
        void wake();

        /** Whether it is about to look. */
        boolean isWoken();
    }

    UpstreamLimits(UpstreamConfig config, int loopCount) {
        BreakerConfig breaker = config.breaker();
        this.limits = new Limits(
                new LimitSettings(breaker.connections(), breaker.pending(), breaker.requests(), breaker.retries()),
                loopCount);
        this.boundsRequests =
                breaker.requests() != Permits.UNLIMITED || config.concurrency().isPresent();
        this.followsLists = !config.files().isEmpty();
        this.requestWaiters = new WaitingLoops(loopCount);
        this.oldest = new AtomicLongArray((loopCount + 1) * STRIDE);
        this.queues = new Queue[loopCount];
        this.pendingNs = config.timeouts().pendingNs();
        this.handOverNs = pendingNs / 8;
    }

    void attach(Queue queue, int loop) {
        queues[loop] = queue;
    }

    int loopCount() {
        return queues.length;
    }

    Permits connections() {
        return limits.connections();
    }

    Permits pending() {
        return limits.pending();
    }

    Permits retries() {
        return limits.retries();
    }

    /** The longest wait. */
    long pendingNs() {
        return pendingNs;
    }

    /** How much longer others have to have waited for a connection that is of use here to be given up for them. */
    long handOverNs() {
        return handOverNs;
    }

    // ---- requests

    /**
     * Takes a permit for an attempt.
     *
     * @param sinceNs since when whoever wants it waits
     */
    @LoopConfined
    boolean tryTakeRequest(int loop, long sinceNs) {
        if (!boundsRequests) {
            return true;
        }
        if (!mayTake(requestWaiters, loop, sinceNs) || !limits.requests().tryTake(loop)) {
            return false;
        }
        if (requestWaiters.isAnotherThan(loop)) {
            giveSpareRequestsBack(loop);
        }
        return true;
    }

    @LoopConfined
    void releaseRequest(int loop) {
        if (!boundsRequests) {
            return;
        }
        limits.requests().release(loop);
        if (requestWaiters.isAnyone()) {
            giveSpareRequestsBack(loop);
        }
    }

    /** Somebody waits: what this loop has to spare may be of use there. */
    @LoopConfined
    void giveSpareRequestsBack(int loop) {
        limits.requests().giveSpareBack(loop);
        wakeOldest(requestWaiters);
    }

    boolean isRequestLeft() {
        return !boundsRequests || limits.requests().isAnyLeft();
    }

    /** Whether what endpoints are asked for at most may change while they stay. */
    boolean followsLists() {
        return followsLists;
    }

    Limits all() {
        return limits;
    }

    WaitingLoops requestWaiters() {
        return requestWaiters;
    }

    // ---- who waits

    /** The oldest of the loop waits since {@code sinceNs}. */
    void oldestWaits(int loop, long sinceNs) {
        oldest.set(index(loop), sinceNs == NOBODY ? 1 : sinceNs);
    }

    void nobodyWaits(int loop) {
        oldest.set(index(loop), NOBODY);
    }

    private static int index(int loop) {
        return (loop + 1) * STRIDE;
    }

    /**
     * Whether one who waits on {@code loop} since {@code sinceNs} may take what {@code waiters} wait for. If not, the one who comes first is
     * told that there may be something to be had.
     */
    boolean mayTake(WaitingLoops waiters, int loop, long sinceNs) {
        if (!waiters.isAnotherThan(loop)) {
            return true;
        }
        int other = first(waiters, loop, Told.OR_NOT);
        if (other == WaitingLoops.NONE || !isBefore(other, loop, sinceNs)) {
            return true;
        }
        queues[other].wake();
        return false;
    }

    private boolean isBefore(int other, int loop, long sinceNs) {
        long ahead = oldest.get(index(other)) - sinceNs;
        return ahead < 0 || ahead == 0 && other < loop; // whoever asks, one of them is first
    }

    /**
     * Whether a connection that is of use on {@code loop} is to be given up for another loop.
     *
     * @param isNeeded whether somebody waits on {@code loop}
     * @param sinceNs since when
     */
    boolean isOwed(WaitingLoops waiters, int loop, boolean isNeeded, long sinceNs) {
        if (!waiters.isAnotherThan(loop)) {
            return false;
        }
        int other = first(waiters, loop, Told.OR_NOT);
        return other != WaitingLoops.NONE && (!isNeeded || oldest.get(index(other)) + handOverNs - sinceNs < 0);
    }

    /** Something has become free: tells the one loop that comes first of those that have not been told yet. */
    void wakeOldest(WaitingLoops waiters) {
        int first = first(waiters, WaitingLoops.NONE, Told.NOT_YET);
        if (first != WaitingLoops.NONE) {
            queues[first].wake();
        }
    }

    private enum Told {
        NOT_YET,
        OR_NOT
    }

    /** The loop other than {@code except} whose oldest waits for longest, or none. */
    private int first(WaitingLoops waiters, int except, Told told) {
        int first = WaitingLoops.NONE;
        long firstSinceNs = 0;
        for (int loop = waiters.next(0); loop != WaitingLoops.NONE; loop = waiters.next(loop + 1)) {
            long sinceNs = oldest.get(index(loop));
            boolean isWaiting = loop != except && sinceNs != NOBODY && (told == Told.OR_NOT || !queues[loop].isWoken());
            if (isWaiting && (first == WaitingLoops.NONE || sinceNs - firstSinceNs < 0)) {
                first = loop;
                firstSinceNs = sinceNs;
            }
        }
        return first;
    }

    /** Something has changed that may be of use to any who wait. */
    void wakeAll() {
        for (int loop = 0; loop < queues.length; loop++) {
            if (oldest.get(index(loop)) != NOBODY) {
                queues[loop].wake();
            }
        }
    }
}
