package dev.headgate.balancer.breaker;

/**
 * A step of a {@link CircuitBreaker}.
 *
 * @param from what it was
 * @param to what it is now
 * @param reason why
 */
public record BreakerTransition(CircuitBreaker.State from, CircuitBreaker.State to, Reason reason) {
    /** Why a breaker takes a step. */
    public enum Reason {
        /** Too many requests failed. */
        ERRORS("errors"),
        /** Too many requests were slow. */
        SLOW("slow"),
        /** It has been open for long enough. */
        OPEN_TIME_OVER("open_time_over"),
        /** A probe failed, or was slow. */
        PROBE_FAILED("probe_failed"),
        /** Probes have not ended in time; others get their chance. */
        PROBES_LATE("probes_late"),
        PROBES_PASSED("probes_passed"),
        /** All requests are admitted again. */
        RETURNED("returned");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** Stable, for logs and metrics. */
        public String text() {
            return text;
        }
    }
}
