package dev.headgate.observe;

/** What the balancer agent counts of one endpoint: it alone writes, any thread reads. */
final class EndpointHealthMetrics {
    private volatile long checksPassed;
    private volatile long checksFailed;
    private volatile long ups;
    private volatile long downs;
    private volatile long ejections;
    private volatile long ejectionsRefused;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void onCheck(boolean isPassed) {
        if (isPassed) {
            checksPassed++;
        } else {
            checksFailed++;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void onHealthChanged(boolean isUp) {
        if (isUp) {
            ups++;
        } else {
            downs++;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void onEjection(boolean isEjected) {
        if (isEjected) {
            ejections++;
        } else {
            ejectionsRefused++;
        }
    }

    MetricsSnapshot.Health snapshot() {
        return new MetricsSnapshot.Health(checksPassed, checksFailed, ups, downs, ejections, ejectionsRefused);
    }
}
