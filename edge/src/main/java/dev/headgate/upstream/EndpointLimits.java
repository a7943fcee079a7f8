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
    private final @Nullable RequestPermits requests; // null: no limit of its own
    private final WaitingLoops connectionWaiters; // loops that lack a permit for a connection
    private final WaitingLoops requestWaiters;

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
        this.requests = requestsMax == Permits.UNLIMITED ? null : new RequestPermits(loopCount, requestsMax);
        this.connectionWaiters = new WaitingLoops(loopCount);
        this.requestWaiters = new WaitingLoops(loopCount);
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
        return permits == null ? 0 : permits.inUse();
    }

    /**
     * Takes a permit for a connection, of the endpoint and of the upstream.
     *
     * @param sinceNs since when whoever wants it waits
     */
    @LoopConfined
    Lack takeConnection(int loop, long sinceNs) {
        if (!upstream.mayTake(connectionWaiters, loop, sinceNs) || !connections.tryTake()) {
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
        return permits == null || upstream.mayTake(requestWaiters, loop, sinceNs) && permits.tryTake(loop);
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
