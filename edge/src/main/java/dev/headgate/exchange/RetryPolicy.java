package dev.headgate.exchange;

import dev.headgate.http.Method;

/**
 * The one place where it is decided whether a failed attempt is followed by another. Bounds on the number of attempts and the
 * upstream's retry budget are the caller's.
 */
final class RetryPolicy {
    /** What follows a failed attempt. */
    enum Decision {
        /** The client gets the failure. */
        GIVE_UP,
        /** Another endpoint, or the same one where there is no other. */
        NEXT_ENDPOINT,
        /** The same endpoint, on a connection opened for the purpose; not charged to the endpoint. */
        FRESH_CONNECTION,
        /** The same endpoint over HTTP/1.1, where that may be spoken; not charged to the endpoint. */
        OVER_HTTP_1
    }

    private RetryPolicy() {}

    static Decision decide(Failure failure) {
        if (failure.sent() == Failure.Sent.RESPONSE_BYTES || failure.body() == Failure.Body.GONE) {
            return Decision.GIVE_UP;
        }
        if (failure.kind().isBeforeConnect()) {
            return Decision.NEXT_ENDPOINT;
        }
        if (failure.kind() == FailureKind.WEBSOCKET_UNOFFERED) {
            return Decision.NEXT_ENDPOINT; // It was not asked: what it offers was enough to know.
        }
        if (failure.kind() == FailureKind.HTTP_1_1_REQUIRED) {
            return Decision.OVER_HTTP_1; // Who wants to be asked in another way has not acted on it.
        }
        if (failure.kind().isUnseen()) {
            // Any request may be sent again. What goes away is a connection, and most often another one is served.
            return failure.kind() == FailureKind.GOING_AWAY ? Decision.FRESH_CONNECTION : Decision.NEXT_ENDPOINT;
        }
        if (failure.source() == Failure.Source.INTERNAL) {
            return Decision.GIVE_UP; // Another attempt would meet the same lack or deadline.
        }
        if (failure.kind() == FailureKind.TRY_TIMEOUT || failure.kind() == FailureKind.STREAM_RESET) {
            return Method.isIdempotent(failure.method()) ? Decision.NEXT_ENDPOINT : Decision.GIVE_UP;
        }
        if (!isBrokenConnection(failure.kind())) {
            return Decision.GIVE_UP;
        }
        // The peer may have closed an idle connection already. End of stream before the first response byte therefore
        // sends an idempotent request again on a fresh connection; any other fails, for the origin may have acted on it
        // (RFC 9110 §9.2.2), unless not one byte of it was sent.
        boolean safeToRepeat = failure.sent() == Failure.Sent.NOTHING || Method.isIdempotent(failure.method());
        if (!safeToRepeat) {
            return Decision.GIVE_UP;
        }
        return failure.connection() == Failure.Connection.REUSED ? Decision.FRESH_CONNECTION : Decision.NEXT_ENDPOINT;
    }

    private static boolean isBrokenConnection(FailureKind kind) {
        return kind == FailureKind.RESET
                || kind == FailureKind.CLOSED
                || kind == FailureKind.PROTOCOL_BROKEN
                || kind == FailureKind.UNRESPONSIVE
                || kind == FailureKind.TLS_ALERT
                || kind == FailureKind.TLS_BROKEN;
    }
}
