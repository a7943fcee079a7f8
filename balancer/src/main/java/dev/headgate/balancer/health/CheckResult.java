package dev.headgate.balancer.health;

/** What one active check of an endpoint found. */
public enum CheckResult {
    PASSED("passed"),
    /** No connection: refused, unreachable, or not within the connect timeout. */
    CONNECT_FAILED("connect_failed"),
    /** Connected, but the whole answer was not there in time. */
    TIMED_OUT("timed_out"),
    /** The connection was reset, or ended before the answer did. */
    RESET("reset"),
    /** The TLS handshake failed, or the certificate was not the expected one. */
    TLS_FAILED("tls_failed"),
    /** What came was not a valid answer. */
    PROTOCOL_ERROR("protocol_error"),
    /** The status was not among the expected ones. */
    STATUS("status"),
    /** The body did not hold what it should, or was longer than may be read. */
    BODY("body"),
    /** The gRPC health service answered something else than SERVING. */
    NOT_SERVING("not_serving");

    private final String text;

    CheckResult(String text) {
        this.text = text;
    }

    public boolean isPass() {
        return this == PASSED;
    }

    /** Stable, for logs and metrics. */
    public String text() {
        return text;
    }
}
