package dev.headgate.balancer.health;

/** What active checks say of an endpoint; see {@link HealthState} for how one follows the other. */
public enum Health {
    /** Not checked yet. */
    UNKNOWN("unknown"),
    UP("up"),
    /** Up still: some checks in a row have failed, not enough to take it down. */
    FAILING("failing"),
    DOWN("down"),
    /** Down still: some checks in a row have passed, not enough to bring it up. */
    RISING("rising");

    private final String text;

    Health(String text) {
        this.text = text;
    }

    /** Whether the endpoint may be picked, as far as active checks are concerned. */
    public boolean isUp() {
        return this == UP || this == FAILING;
    }

    /** Stable, for logs and metrics. */
    public String text() {
        return text;
    }
}
