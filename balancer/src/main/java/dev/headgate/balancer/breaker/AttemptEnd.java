package dev.headgate.balancer.breaker;

/** How an attempt ended, as a {@link CircuitBreaker} sees it. */
public enum AttemptEnd {
    GOOD,
    /** It succeeded, but took longer than it may. */
    SLOW,
    FAILED
}
