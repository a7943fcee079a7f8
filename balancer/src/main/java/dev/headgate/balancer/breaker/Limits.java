package dev.headgate.balancer.breaker;

/**
 * The limits of one upstream, or of one endpoint. What is beyond them is refused within the call; nothing waits here.
 *
 * <p>They count for the whole proxy, not for each loop, and stay when their values change.
 */
public final class Limits {
    private final Permits connections;
    private final Permits pending;
    private final RequestPermits requests;
    private final Permits retries;

    public Limits(LimitSettings settings, int loopCount) {
        this.connections = new Permits(settings.connections());
        this.pending = new Permits(settings.pending());
        this.requests = new RequestPermits(loopCount, settings.requests());
        this.retries = new Permits(settings.retries());
    }

    /** Sets other limits; what is under way beyond them ends in its own time. */
    public void reconfigure(LimitSettings settings) {
        connections.setLimit(settings.connections());
        pending.setLimit(settings.pending());
        requests.setLimit(settings.requests());
        retries.setLimit(settings.retries());
    }

    public Permits connections() {
        return connections;
    }

    public Permits pending() {
        return pending;
    }

    public RequestPermits requests() {
        return requests;
    }

    public Permits retries() {
        return retries;
    }
}
