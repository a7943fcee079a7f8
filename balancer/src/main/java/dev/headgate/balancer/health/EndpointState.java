package dev.headgate.balancer.health;

/** An endpoint's state in one word, for logs, metrics and commands. */
public enum EndpointState {
    UP("up"),
    /** Up, and not at its full share yet. */
    STARTING("starting"),
    /** Up, and picked only for clients that have been with it before. */
    DRAINING("draining"),
    UNKNOWN("unknown"),
    DOWN("down"),
    EJECTED("ejected"),
    /** It is no endpoint any more, and ends what it has. */
    LEAVING("leaving");

    private final String text;

    EndpointState(String text) {
        this.text = text;
    }

    /** Stable. */
    public String text() {
        return text;
    }
}
