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

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private RetryPolicy() {}

    static Decision decide(Failure failure, RetryRules rules) {
        if (failure.sent() == Failure.Sent.RESPONSE_BYTES || failure.body() == Failure.Body.GONE) {
            return Decision.GIVE_UP;
        }
        if (failure.kind().isBeforeConnect()) {
            return elsewhere(failure, rules);
        }
        if (failure.kind() == FailureKind.WEBSOCKET_UNOFFERED) {
            return elsewhere(failure, rules); // It was not asked: what it offers was enough to know.
        }
        if (failure.kind() == FailureKind.HTTP_1_1_REQUIRED) {
            return Decision.OVER_HTTP_1; // Who wants to be asked in another way has not acted on it.
        }
        if (failure.kind().isUnseen()) {
            // Any request may be sent again. What goes away is a connection, and most often another one is served.
            return failure.kind() == FailureKind.GOING_AWAY ? Decision.FRESH_CONNECTION : elsewhere(failure, rules);
        }
        if (failure.source() == Failure.Source.INTERNAL) {
            return Decision.GIVE_UP; // Another attempt would meet the same lack or deadline.
        }
        boolean mayHappenTwice = Method.isIdempotent(failure.method()) || rules.isUnsafe();
        if (failure.kind() == FailureKind.TRY_TIMEOUT || failure.kind() == FailureKind.STREAM_RESET) {
            return mayHappenTwice ? elsewhere(failure, rules) : Decision.GIVE_UP;
        }
        if (!isBrokenConnection(failure.kind())) {
            return Decision.GIVE_UP;
        }
        // The peer may have closed an idle connection already. End of stream before the first response byte therefore
        // sends an idempotent request again on a fresh connection; any other fails, for the origin may have acted on it
        // (RFC 9110 §9.2.2), unless not one byte of it was sent.
        boolean safeToRepeat = failure.sent() == Failure.Sent.NOTHING || mayHappenTwice;
        if (!safeToRepeat) {
            return Decision.GIVE_UP;
        }
        return failure.connection() == Failure.Connection.REUSED
                ? Decision.FRESH_CONNECTION
                : elsewhere(failure, rules);
    }

    private static Decision elsewhere(Failure failure, RetryRules rules) {
        return rules.holdsOn(failure.kind()) ? Decision.NEXT_ENDPOINT : Decision.GIVE_UP;
    }

    /**
     * Whether a request may be sent again though it was answered. The origin has acted on it, or it would not know.
     *
     * @param method {@link Method} id of the request
     * @param isByGrpcStatus whether the answer is listed by its gRPC status: whoever lists one speaks of calls, which are all POST
     */
    static boolean mayFollowAnswer(int method, Failure.Body body, boolean isByGrpcStatus, RetryRules rules) {
        return body == Failure.Body.REPLAYABLE && (isByGrpcStatus || rules.isUnsafe() || Method.isIdempotent(method));
    }

    /**
     * Whether a request may be sent once more though this has become of its last attempt, whatever {@code retry.on} says: to another upstream,
     * which takes it in place of the first one.
     */
    static boolean mayBeSentAgain(Failure failure, RetryRules rules) {
        FailureKind kind = failure.kind();
        boolean isUntouched = kind.isBeforeConnect()
                || kind.isUnseen()
                || kind == FailureKind.WEBSOCKET_UNOFFERED
                || kind == FailureKind.HTTP_1_1_REQUIRED
                || failure.sent() == Failure.Sent.NOTHING;
        return failure.body() == Failure.Body.REPLAYABLE
                && (isUntouched || rules.isUnsafe() || Method.isIdempotent(failure.method()));
    }

    /** Whether the same endpoint may say something else soon: for others, asking again is of no use. */
    static boolean isPassing(int status) {
        return status == TOO_MANY_REQUESTS || status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT;
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
