package dev.headgate.upstream;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Finds attempts on one upstream the permits and the connection that they need, and has those wait for which there are none.
 *
 * <p>An attempt goes to the endpoint that was picked for it. When that has all that it may have, it is passed over for another that has room;
 * only when none has does the attempt wait, for whichever has room first. Who has waited longest comes first, until the oldest has waited for
 * half of the time that it may: from then on the newest does. Then not all can be served in time, and it is better to serve some at once than
 * all too late.
 *
 * <p>Each loop has a queue of its own. When it cannot go on, it adds its loop to the {@link dev.headgate.balancer.breaker.WaitingLoops} of
 * each thing that it lacks, tries again, and has a {@link Search} go from loop to loop, so that each learns that somebody waits: those close
 * idle connections, and give back permits that they have to spare. {@link #wake} is called by whoever has made room.
 */
@LoopConfined
@HotPath
public final class PendingQueue implements Runnable, UpstreamLimits.Queue {
    private static final long US = 1000;
    private static final int PICKS_MAX = 4; // before all endpoints are looked at, whatever their policy says
    private static final int SERVED_MAX = 64; // in a row

    private enum Beginning {
        BEGUN,
        NO_ROOM,
        /** By the circuit breaker. */
        NOT_ADMITTED
    }

    private final UpstreamNode upstream;
    private final UpstreamLimits limits;
    private final @Nullable CircuitGuard guard;
    private final LoopContext context;
    private final int loop;
    private final EndpointSet passedOver = new EndpointSet(); // scratch
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Search search = new Search();
    private final int[] countBySubset;

    private @Nullable Pending oldest;
    private @Nullable Pending newest;
    private int count;
    private long sinceNs; // since when the attempt waits for which a connection is sought
    private int turn; // the slot that is looked at first

    // What those who wait lack, as the other loops have been told.
    private boolean lacksRequest;
    private boolean isTold; // that requests are lacked
    private int toldOf; // how many things of endpoints
    private boolean isSearchDue;
    private boolean isSearching;
    private int pass; // a number for each time that all are looked at

    PendingQueue(UpstreamNode upstream, UpstreamLimits limits, LoopContext context, int subsets) {
        this.upstream = upstream;
        this.limits = limits;
        this.guard = upstream.guard();
        this.context = context;
        this.loop = context.index();
        this.countBySubset = new int[subsets];
    }

    UpstreamNode upstream() {
        return upstream;
    }

    // ---- for who makes attempts ------------------------------------------------------------------------------------

    /** Has an attempt begin at {@code wanted}, or at another endpoint that has room, or wait for one, or refuses it. */
    public void place(Pending pending, EndpointNode wanted) {
        if (isCircuitOpen()) {
            pending.attempts.onRefused(Cause.CIRCUIT_OPEN);
            return;
        }
        boolean isFirst = countBySubset[pending.attempts.subset()] == 0;
        if (!isFirst || !tryBegin(pending, wanted)) {
            await(pending, wanted, isFirst);
        }
    }

    /**
     * Has an attempt begin at {@code wanted}, or at another endpoint, where there is room at once.
     *
     * @return false when there is none, others wait, or the upstream is not asked at the moment: the attempt is told nothing
     */
    public boolean tryPlace(Pending pending, EndpointNode wanted) {
        return !isCircuitOpen()
                && countBySubset[pending.attempts.subset()] == 0
                && begin(pending, wanted) == Beginning.BEGUN;
    }

    /** The head of the final response to an attempt is there, or a tunnel is open, which is an answer too. */
    public void onAnswer(Pending pending, boolean isFailure, long latencyNs) {
        int ticket = guard == null ? CircuitGuard.NO_TICKET : pending.takeTicket();
        if (guard != null && ticket != CircuitGuard.NO_TICKET) {
            guard.onAnswer(loop, ticket, isFailure, latencyNs);
        }
    }

    /** An attempt has failed or was given up, before its answer or within. */
    public void onFailure(Pending pending, FailureKind kind) {
        int ticket = guard == null ? CircuitGuard.NO_TICKET : pending.takeTicket();
        if (guard != null && ticket != CircuitGuard.NO_TICKET) {
            guard.onFailure(loop, ticket, kind);
        }
    }

    /** An attempt was given up, for another one of the same request was faster. */
    public void onLost(Pending pending, long waitedNs) {
        int ticket = guard == null ? CircuitGuard.NO_TICKET : pending.takeTicket();
        if (guard != null && ticket != CircuitGuard.NO_TICKET) {
            guard.onLost(loop, ticket, waitedNs);
        }
    }

    /** Gives up waiting. */
    public void leave(Pending pending) {
        remove(pending);
    }

    /** Answers whether it has begun, or was refused. */
    private boolean tryBegin(Pending pending, EndpointNode wanted) {
        return switch (begin(pending, wanted)) {
            case BEGUN -> true;
            case NO_ROOM -> false;
            case NOT_ADMITTED -> {
                pending.attempts.onRefused(Cause.CIRCUIT_OPEN);
                yield true;
            }
        };
    }

    private Beginning begin(Pending pending, EndpointNode wanted) {
        sinceNs = context.loop().nowNs();
        if (!limits.tryTakeRequest(loop, sinceNs)) {
            return Beginning.NO_ROOM;
        }
        if (!isAdmitted(pending)) {
            limits.releaseRequest(loop);
            return Beginning.NOT_ADMITTED;
        }
        EndpointNode taken = tryTake(pending, wanted) ? wanted : takeElsewhere(pending, wanted);
        if (taken == null) {
            giveBack(pending);
            return Beginning.NO_ROOM;
        }
        pending.attempts.onPlaced(taken);
        return Beginning.BEGUN;
    }

    private boolean isCircuitOpen() {
        return guard != null && guard.isOpen();
    }

    private boolean isAdmitted(Pending pending) {
        if (guard == null) {
            return true;
        }
        int ticket = guard.tryAdmit(context.loop().chance().nextLong());
        if (ticket == CircuitBreaker.REFUSED) {
            return false;
        }
        pending.ticket(ticket);
        return true;
    }

    /** There is no connection for it. */
    private void giveBack(Pending pending) {
        if (guard != null) {
            guard.onUnused(pending.takeTicket());
        }
        limits.releaseRequest(loop);
    }

    private boolean tryTake(Pending pending, EndpointNode endpoint) {
        EndpointLimits of = endpoint.limits();
        endpoint.pool(loop).forgetLack();
        if (!of.tryTakeRequest(loop, sinceNs)) {
            return false;
        }
        if (!pending.attempts.tryConnect(endpoint)) {
            of.releaseRequest(loop);
            return false;
        }
        return true;
    }

    /** Another endpoint that has room: first as they are picked, then whichever. */
    private @Nullable EndpointNode takeElsewhere(Pending pending, EndpointNode wanted) {
        Pending.Attempts attempts = pending.attempts;
        passedOver.copyFrom(attempts.tried());
        int index = wanted.index();
        for (int picks = 1; picks < PICKS_MAX && !passedOver.isFull(); picks++) {
            passedOver.add(index);
            index = upstream.pick(
                    attempts.subset(), loop, context.loop().chance().nextLong(), attempts.key(), passedOver);
            if (index == Picker.NONE) {
                return null;
            }
            EndpointNode picked = upstream.endpoint(index);
            if (!attempts.isRefusedBy(picked) && tryTake(pending, picked)) {
                return picked;
            }
        }
        return takeAnywhere(pending);
    }

    private @Nullable EndpointNode takeAnywhere(Pending pending) {
        UpstreamView view = upstream.view(pending.attempts.subset());
        for (int i = 0; i < view.slotCount(); i++) {
            int slot = (turn + i) % view.slotCount();
            EndpointNode endpoint = candidate(pending, view, slot);
            if (endpoint != null && tryTake(pending, endpoint)) {
                turn = slot + 1;
                return endpoint;
            }
        }
        return null;
    }

    private @Nullable EndpointNode candidate(Pending pending, UpstreamView view, int slot) {
        if (view.weight(slot) == 0 || pending.attempts.tried().contains(slot)) {
            return null;
        }
        EndpointNode endpoint = upstream.endpoint(slot);
        return pending.attempts.isRefusedBy(endpoint) ? null : endpoint;
    }

    // ---- waiting ---------------------------------------------------------------------------------------------------

    private void await(Pending pending, EndpointNode wanted, boolean isFirst) {
        if (!limits.pending().tryTake()) {
            // There may be room for it though those before it, who have tried other endpoints, wait.
            if (isFirst || !tryBegin(pending, wanted)) {
                pending.attempts.onRefused(Cause.PENDING_FULL);
            }
            return;
        }
        add(pending);
        pending.attempts.onPending(limits.pendingNs());
        if (!isFirst) {
            wake(); // It may want what those before it do not.
        } else if (!serve(pending)) {
            startSearch();
        }
    }

    private void add(Pending pending) {
        pending.begin(context.loop().nowNs());
        pending.older = newest;
        pending.newer = null;
        if (newest == null) {
            oldest = pending;
            limits.oldestWaits(loop, pending.sinceNs());
        } else {
            newest.newer = pending;
        }
        newest = pending;
        count++;
        countBySubset[pending.attempts.subset()]++;
    }

    private void remove(Pending pending) {
        Pending before = pending.older;
        Pending behind = pending.newer;
        if (before == null) {
            oldest = behind;
        } else {
            before.newer = behind;
        }
        if (behind == null) {
            newest = before;
        } else {
            behind.older = before;
        }
        pending.older = null;
        pending.newer = null;
        pending.end();
        count--;
        countBySubset[pending.attempts.subset()]--;
        limits.pending().release();
        upstream.metrics().onPendingEnded(loop, (context.loop().nowNs() - pending.sinceNs()) / US);
        if (oldest == null) {
            limits.nobodyWaits(loop);
            pass++;
            lacksRequest = false;
            untell();
        } else if (before == null) {
            limits.oldestWaits(loop, oldest.sinceNs());
        }
    }

    /** Looks for room for one who waits; what is lacking is told to the other loops. Answers whether it waits no more. */
    private boolean serve(Pending pending) {
        if (isCircuitOpen()) {
            refuse(pending);
            return true;
        }
        sinceNs = oldestSinceNs();
        if (!takeRequestOrTell()) {
            return false;
        }
        if (!isAdmitted(pending)) {
            limits.releaseRequest(loop);
            refuse(pending);
            return true;
        }
        UpstreamView view = upstream.view(pending.attempts.subset());
        for (int i = 0; i < view.slotCount(); i++) {
            int slot = (turn + i) % view.slotCount();
            EndpointNode endpoint = candidate(pending, view, slot);
            if (endpoint != null && takeOrTell(pending, endpoint)) {
                turn = slot + 1;
                remove(pending);
                pending.attempts.onPlaced(endpoint);
                return true;
            }
        }
        giveBack(pending);
        return false;
    }

    private void refuse(Pending pending) {
        remove(pending);
        pending.attempts.onRefused(Cause.CIRCUIT_OPEN);
    }

    /** By which loops know who comes first. One that waits here has that rank, be it the newest, or two loops might leave things to each other. */
    private long oldestSinceNs() {
        Pending first = oldest;
        return first == null ? context.loop().nowNs() : first.sinceNs();
    }

    private boolean takeRequestOrTell() {
        boolean isTaken = limits.tryTakeRequest(loop, sinceNs);
        if (!isTaken && !isTold) {
            isTold = true;
            isSearchDue = true;
            limits.requestWaiters().add(loop);
            isTaken = limits.tryTakeRequest(loop, sinceNs);
        }
        lacksRequest = !isTaken;
        return isTaken;
    }

    private boolean takeOrTell(Pending pending, EndpointNode endpoint) {
        boolean isTaken = tryTake(pending, endpoint);
        while (!isTaken && tell(endpoint)) {
            isTaken = tryTake(pending, endpoint);
        }
        if (!isTaken) {
            closeUnusable(endpoint.pool(loop));
        }
        return isTaken;
    }

    /** An idle connection that keeps from opening another one, and is not of the kind or to the endpoint that is wanted. */
    private void closeUnusable(UpstreamPool pool) {
        switch (pool.lack()) {
            case NOTHING -> {}
            case PERMIT -> pool.closeOneIdle();
            case PERMIT_OF_UPSTREAM -> {
                boolean isClosed = false;
                for (int i = 0; !isClosed && i < upstream.slotCount(); i++) {
                    EndpointNode endpoint = upstream.endpointOrNull(i);
                    UpstreamPool any = endpoint == null ? null : endpoint.poolOrNull(loop);
                    isClosed = any != null && any.closeOneIdle();
                }
            }
        }
    }

    /** Tells what has just been lacking; false when that is known already. */
    private boolean tell(EndpointNode endpoint) {
        UpstreamPool pool = endpoint.pool(loop);
        return switch (pool.lack()) {
            case NOTHING -> onTold(pool.requestIsLacking(pass)); // The connection was not what was lacking.
            case PERMIT -> onTold(pool.connectionIsLacking(pass));
            case PERMIT_OF_UPSTREAM -> tellAll();
        };
    }

    /** Any connection that is closed would be of use. */
    private boolean tellAll() {
        boolean isNew = false;
        for (int i = 0; i < upstream.slotCount(); i++) {
            EndpointNode endpoint = upstream.endpointOrNull(i);
            if (endpoint != null && !endpoint.isGone()) {
                isNew |= onTold(endpoint.pool(loop).connectionIsLacking(pass));
            }
        }
        return isNew;
    }

    private boolean onTold(boolean isNew) {
        isSearchDue |= isNew;
        toldOf += isNew ? 1 : 0;
        return isNew;
    }

    /** Takes back what was told and is not lacking any more, for whoever waits there holds others up. */
    private void untell() {
        if (isTold && !lacksRequest) {
            isTold = false;
            limits.requestWaiters().remove(loop);
        }
        for (int i = 0; toldOf > 0 && i < upstream.slotCount(); i++) {
            EndpointNode endpoint = upstream.endpointOrNull(i);
            UpstreamPool pool = endpoint == null ? null : endpoint.poolOrNull(loop);
            toldOf -= pool == null ? 0 : pool.untell(pass);
        }
    }

    /** The endpoint does not come back: nobody waits for it any more. */
    void forget(UpstreamPool pool) {
        toldOf -= pool.untell(++pass);
    }

    // ---- room ------------------------------------------------------------------------------------------------------

    /** Something that somebody here waits for may be there: it is looked for in the loop's next cycle. */
    @AnyThread
    @Override
    public void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            context.loop().complete(this);
        }
    }

    /** Whether it is about to look. */
    @AnyThread
    @Override
    public boolean isWoken() {
        return woken.get();
    }

    @Override
    public void run() {
        woken.set(false); // before it looks: what comes later wakes it again
        serveAll();
        passOn();
    }

    private void serveAll() {
        pass++;
        lacksRequest = false;
        long exhausted = 0; // subsets that have no room
        int served = 0;
        boolean isNewestFirst = isOverloaded();
        Pending each = isNewestFirst ? newest : oldest;
        while (each != null && !lacksRequest) {
            long subset = subsetBit(each);
            if ((exhausted & subset) == 0 && serve(each)) {
                if (++served == SERVED_MAX) {
                    wake();
                    return;
                }
                each = isNewestFirst ? newest : oldest; // Whatever became of the others meanwhile.
            } else {
                exhausted |= subset;
                each = isNewestFirst ? each.older : each.newer;
            }
        }
        untell();
        if (count > 0) {
            startSearch();
        }
    }

    /** Whether not all will be served in time. */
    private boolean isOverloaded() {
        return oldest != null && context.loop().nowNs() - oldest.sinceNs() > limits.pendingNs() / 2;
    }

    /** A bit for those who want the same, or none for one who wants something else. */
    private static long subsetBit(Pending pending) {
        Pending.Attempts attempts = pending.attempts;
        boolean isLikeOthers = attempts.tried().isEmpty() && attempts.subset() < Long.SIZE;
        return isLikeOthers ? 1L << attempts.subset() : 0;
    }

    /** What is of no use here may be of use to others, who have not been told because this loop has. */
    private void passOn() {
        if (limits.requestWaiters().isAnotherThan(loop) && limits.isRequestLeft()) {
            limits.wakeOldest(limits.requestWaiters());
        }
        for (int i = 0; i < upstream.slotCount(); i++) {
            EndpointNode endpoint = upstream.endpointOrNull(i);
            if (endpoint == null) {
                continue;
            }
            UpstreamPool pool = endpoint.poolOrNull(loop);
            EndpointLimits of = endpoint.limits();
            if (of.connectionWaiters().isAnotherThan(loop)) {
                if (pool != null) {
                    pool.closeUnlessWanted(); // It was kept for one who waits no more.
                }
                if (of.isConnectionLeft()) {
                    limits.wakeOldest(of.connectionWaiters());
                }
            }
            if (of.requestWaiters().isAnotherThan(loop) && of.isRequestLeft()) {
                limits.wakeOldest(of.requestWaiters());
            }
        }
    }

    // ---- for its pools ---------------------------------------------------------------------------------------------

    /** Since when the attempt waits for which a connection is sought at the moment. */
    long sinceNs() {
        return sinceNs;
    }

    /** One that has waited for a connection which many share seeks another. */
    void onMoved() {
        sinceNs = context.loop().nowNs();
    }

    /** Whether a connection that has just become free is to be given up for another loop. */
    boolean owes(EndpointLimits of) {
        return limits.isOwed(of.connectionWaiters(), loop, oldest != null, oldestSinceNs());
    }

    /** Whether a connection that others here may go on to use is to be given up, for another loop has waited for long. */
    boolean owesBusy(EndpointLimits of) {
        return limits.isOwed(of.connectionWaiters(), loop, true, oldestSinceNs());
    }

    // ---- other loops -----------------------------------------------------------------------------------------------

    private void startSearch() {
        if (!isSearchDue || isSearching) {
            return;
        }
        isSearchDue = false;
        isSearching = true;
        search.begin();
    }

    private void onSearched(boolean hasFound) {
        isSearching = false;
        isSearchDue |= hasFound; // There may be more of that.
        if (isSearchDue && count > 0) {
            wake();
        }
    }

    /** Learns that others wait, and gives back what is not used here. */
    private boolean giveUpForOthers(boolean mayClose) {
        if (limits.requestWaiters().isAnotherThan(loop)) {
            limits.giveSpareRequestsBack(loop);
        }
        boolean isClosed = false;
        for (int i = 0; i < upstream.slotCount(); i++) {
            EndpointNode endpoint = upstream.endpointOrNull(i);
            if (endpoint == null) {
                continue;
            }
            EndpointLimits of = endpoint.limits();
            if (of.requestWaiters().isAnotherThan(loop)) {
                of.giveSpareRequestsBack(loop);
            }
            if (mayClose && !isClosed && of.connectionWaiters().isAnotherThan(loop)) {
                UpstreamPool pool = endpoint.poolOrNull(loop);
                isClosed = pool != null && pool.closeOneIdle();
            }
        }
        return isClosed;
    }

    /**
     * Goes once from loop to loop, and has one idle connection closed at the most. It is on one loop at a time, and belongs to that.
     *
     * <p>When it comes back to its own loop, all others know what is lacking here: what they make room for from then on, they tell.
     */
    private final class Search implements Runnable {
        private int at;
        private boolean hasFound;
        private boolean isLeaving; // what was closed here is gone by now

        void begin() {
            at = loop;
            hasFound = false;
            hop();
        }

        private void hop() {
            isLeaving = false;
            at = (at + 1) % limits.loopCount();
            upstream.queue(at).context.loop().complete(this);
        }

        @Override
        public void run() {
            if (at == loop) {
                onSearched(hasFound);
            } else if (!isLeaving && upstream.queue(at).giveUpForOthers(!hasFound)) {
                hasFound = true;
                isLeaving = true;
                upstream.queue(at).context.loop().complete(this); // Once more, so that its permit comes home before.
            } else {
                hop();
            }
        }
    }
}
