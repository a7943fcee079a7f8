package dev.headgate.balancer.health;

/** Whether an endpoint may be used, by all that is known of it. */
public enum Standing {
    /** Nothing speaks against it. */
    UP,
    /** Not checked yet, and not to be used before. */
    UNKNOWN,
    /** Active checks have taken it down. */
    DOWN,
    /** What traffic showed has taken it out. */
    EJECTED
}
