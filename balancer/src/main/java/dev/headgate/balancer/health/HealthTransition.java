package dev.headgate.balancer.health;

/**
 * A change that a check has brought about.
 *
 * @param from what the endpoint was
 * @param to what it is now, another
 * @param cause what the check found
 */
public record HealthTransition(Health from, Health to, CheckResult cause) {
    /** Whether the endpoint has come up, gone down, or become known; if not, it has only begun or ceased to change. */
    public boolean isDecisive() {
        return from == Health.UNKNOWN || from.isUp() != to.isUp();
    }
}
