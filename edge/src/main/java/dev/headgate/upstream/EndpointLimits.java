package dev.headgate.upstream;

import dev.headgate.balancer.breaker.Permits;
import dev.headgate.balancer.breaker.RequestPermits;
import dev.headgate.balancer.breaker.WaitingLoops;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** What one endpoint is asked for at most, over all loops, and which loops wait for it. */
@AnyThread
@HotPath
final class EndpointLimits {
    private final UpstreamLimits upstream;
    private final Permits connections;
    private final @Nullable RequestPermits requests; // null: no limit of its own, and none may come
    private final WaitingLoops connectionWaiters; // loops that lack a permit for a connection
    private final WaitingLoops requestWaiters;
    private volatile boolean isGone; // nobody waits for this endpoint any more

    /** What a connection lacks. */
    enum Lack {
        NOTHING,
        PERMIT,
        PERMIT_OF_UPSTREAM
    }

    EndpointLimits(UpstreamLimits upstream, int connectionsMax, int requestsMax) {
        int loopCount = upstream.loopCount();
        this.upstream = upstream;
        this.connections = new Permits(connectionsMax);
        boolean isEverBounded = requestsMax != Permits.UNLIMITED || upstream.followsLists();
        this.requests = isEverBounded ? new RequestPermits(loopCount, requestsMax) : null;
        this.connectionWaiters = new WaitingLoops(loopCount);
        this.requestWaiters = new WaitingLoops(loopCount);
    }

    /** Other limits hold from now on. What is under way has been counted all along. By the balancer agent. */
    void follow(int connectionsMax, int requestsMax) {
        connections.setLimit(connectionsMax);
        if (requests != null) {
            requests.setLimit(requestsMax);
        }
    }

    /** The endpoint does not come back. By the balancer agent. */
    void goAway() {
        isGone = true;
    }

    WaitingLoops connectionWaiters() {
        return connectionWaiters;
    }

    WaitingLoops requestWaiters() {
        return requestWaiters;
    }

    /** Open connections, those being opened and closed included. */
    int connectionsTaken() {
        return connections.taken();
    }

    int requestsInUse() {
        RequestPermits permits = requests;
        return permits == null || permits.limit() == Permits.UNLIMITED ? 0 : permits.inUse();
    }

    /**
     * Takes a permit for a connection, of the endpoint and of the upstream.
     *
     * @param sinceNs since when whoever wants it waits
     */
    @LoopConfined
    Lack takeConnection(int loop, long sinceNs) {
        if (!upstream.mayTake(connectionWaiters, loop, sinceNs) || !connections.isAnyLeft()) {
            return Lack.PERMIT;
        }
        // Nothing is taken to be given back but in a race that another loop has won: who gives back wakes others, and
        // they might do the same without end.
        if (!upstream.connections().isAnyLeft()) {
            return Lack.PERMIT_OF_UPSTREAM;
        }
        if (!connections.tryTake()) {
            return Lack.PERMIT;
        }
        if (!upstream.connections().tryTake()) {
            connections.release();
            wakeForConnection();
            return Lack.PERMIT_OF_UPSTREAM;
        }
        return Lack.NOTHING;
    }

    /** A connection is gone. */
    @LoopConfined
    void releaseConnection() {
        connections.release();
        upstream.connections().release();
        wakeForConnection();
        // Nobody waits for what is gone, but what the upstream has got back may be of use elsewhere. Looked at last: a
        // loop that is not found waiting above has left that list when the endpoint was gone already.
        if (isGone) {
            upstream.wakeAll();
        }
    }

    private void wakeForConnection() {
        if (connectionWaiters.isAnyone()) {
            upstream.wakeOldest(connectionWaiters);
        }
    }

    boolean isConnectionLeft() {
        return connections.isAnyLeft() && upstream.connections().isAnyLeft();
    }

    @LoopConfined
    boolean tryTakeRequest(int loop, long sinceNs) {
        RequestPermits permits = requests;
        if (permits == null) {
            return true;
        }
        if (!upstream.mayTake(requestWaiters, loop, sinceNs) || !permits.tryTake(loop)) {
            return false;
        }
        if (requestWaiters.isAnotherThan(loop)) {
            giveSpareRequestsBack(loop);
        }
        return true;
    }

    @LoopConfined
    void releaseRequest(int loop) {
        RequestPermits permits = requests;
        if (permits != null) {
            permits.release(loop);
            if (requestWaiters.isAnyone()) {
                giveSpareRequestsBack(loop);
            }
        }
    }

    /** Somebody waits: what this loop has to spare may be of use there. */
    @LoopConfined
    void giveSpareRequestsBack(int loop) {
        RequestPermits permits = requests;
        if (permits != null) {
            permits.giveSpareBack(loop);
            upstream.wakeOldest(requestWaiters);
        }
    }

    boolean isRequestLeft() {
        RequestPermits permits = requests;
        return permits == null || permits.isAnyLeft();
    }

    /** An attempt has ended. */
    @LoopConfined
    void attemptEnded(int loop) {
        releaseRequest(loop);
        upstream.releaseRequest(loop);
    }
}
