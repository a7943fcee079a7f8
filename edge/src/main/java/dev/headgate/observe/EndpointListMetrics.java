package dev.headgate.observe;

/** What the balancer agent counts of how the endpoints of one upstream come and go: it alone writes, any thread reads. */
public final class EndpointListMetrics {
    private volatile long added;
    private volatile long removed;
    private volatile long leftOut;
    private volatile long lookUpsFailed;
    private volatile long listChanges;
    private volatile long listFailures;

    EndpointListMetrics() {}

    /** An endpoint has come into the list, or back into it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onAdded() {
        added++;
    }

    /** An endpoint has left the list. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onRemoved() {
        removed++;
    }

    /** So many endpoints of the list find no room now. */
    public void leftOut(int count) {
        leftOut = count;
    }

    /** A look-up of a name brought nothing. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onLookUpFailed() {
        lookUpsFailed++;
    }

    /** A changed file is in use. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onListChanged() {
        listChanges++;
    }

    /** A changed file is of no use. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void onListUnusable() {
        listFailures++;
    }

    MetricsSnapshot.EndpointList snapshot() {
        return new MetricsSnapshot.EndpointList(added, removed, leftOut, lookUpsFailed, listChanges, listFailures);
    }
}
