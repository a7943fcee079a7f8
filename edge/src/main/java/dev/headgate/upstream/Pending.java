package dev.headgate.upstream;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Cause;
import org.jspecify.annotations.Nullable;

/** The place of one attempt in a {@link PendingQueue}, used again for the next. Owned by who makes the attempts. */
@LoopConfined
public final class Pending {
    /** Who makes attempts. */
    public interface Attempts {
        /** The number of the endpoints that are wanted, see {@link UpstreamNode#subset}. */
        int subset();

        /** What endpoints are picked by, see {@link UpstreamNode#keyOf}. */
        long key();

        /** Endpoints that are not wanted again. */
        EndpointSet tried();

        /** Whether it is known that the endpoint refuses what is asked for. */
        boolean isRefusedBy(EndpointNode endpoint);

        /**
         * Takes a connection to the endpoint, or begins to open one.
         *
         * @return false when the endpoint, or its upstream, has all the connections that it may have
         */
        boolean tryConnect(EndpointNode endpoint);

        /** The endpoint has room: the attempt begins, by what {@link #tryConnect} has taken. */
        void onPlaced(EndpointNode endpoint);

        /** No endpoint has room: {@link #onPlaced} follows, unless {@link PendingQueue#leave} is called before, which is due after this time. */
        void onPending(long timeoutNs);

        /** No endpoint has room, and no more may wait. */
        void onRefused(Cause cause);
    }

    final Attempts attempts;

    // Links of the queue.
    @Nullable
    Pending older;

    @Nullable
    Pending newer;

    private boolean isWaiting;
    private long sinceNs;

    public Pending(Attempts attempts) {
        this.attempts = attempts;
    }

    public boolean isWaiting() {
        return isWaiting;
    }

    void begin(long nowNs) {
        isWaiting = true;
        sinceNs = nowNs;
    }

    void end() {
        isWaiting = false;
    }

    long sinceNs() {
        return sinceNs;
    }
}
