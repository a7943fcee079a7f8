package dev.headgate.exchange;

/**
 * How an attempt failed, and all that the decision on a retry needs to know.
 *
 * @param kind what happened
 * @param connection whether the connection was opened for this attempt
 * @param sent how much of the request the origin may have seen
 * @param method {@link dev.headgate.http.Method} id of the request
 * @param body whether the request's content can be sent once more
 */
public record Failure(FailureKind kind, Connection connection, Sent sent, int method, Body body) {
    /** Whose fault it is. */
    public Source source() {
        return kind.source();
    }

    /** Who began the end of an attempt. What a client does ends its exchange, and is no failure of an attempt. */
    public enum Source {
        /** The endpoint, or the way to it. */
        UPSTREAM,
        /** This proxy: a limit or a deadline of its own. */
        INTERNAL
    }

    /** Where the attempt's connection came from. */
    public enum Connection {
        FRESH,
        REUSED
    }

    /** How much was handed to the connection or received from it. */
    public enum Sent {
        NOTHING,
        REQUEST_BYTES,
        RESPONSE_BYTES
    }

    /** Whether the request's content is still at hand. */
    public enum Body {
        REPLAYABLE,
        GONE
    }
}
