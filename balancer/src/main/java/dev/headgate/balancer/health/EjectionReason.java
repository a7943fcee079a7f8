package dev.headgate.balancer.health;

/** Why an endpoint is, or should be, ejected. */
public enum EjectionReason {
    /** Failures in a row, whatever their kind. */
    CONSECUTIVE_FAILURES("consecutive_failures"),
    /** Statuses 502, 503 and 504 in a row, and what the proxy itself answers so. */
    CONSECUTIVE_GATEWAY_FAILURES("consecutive_gateway_failures"),
    /** Failures in a row that left no answer: not connected, reset, timed out. */
    CONSECUTIVE_LOCAL_FAILURES("consecutive_local_failures"),
    /** All of the failures in a row were failures to connect. */
    CONSECUTIVE_CONNECT_FAILURES("consecutive_connect_failures"),
    /** It fails far more often than the others. */
    SUCCESS_RATE("success_rate"),
    /** It takes far longer than the others. */
    LATENCY("latency");

    private final String text;

    EjectionReason(String text) {
        this.text = text;
    }

    /** Whether no connection can be made: the endpoint is no capacity at all, not just bad capacity. */
    public boolean isUnreachable() {
        return this == CONSECUTIVE_CONNECT_FAILURES;
    }

    /** Whether a check that passes shows that the reason has gone, because a check must connect and be answered too. */
    public boolean isDisprovedByCheck() {
        return this == CONSECUTIVE_CONNECT_FAILURES || this == CONSECUTIVE_LOCAL_FAILURES;
    }

    /** Stable, for logs and metrics. */
    public String text() {
        return text;
    }
}
