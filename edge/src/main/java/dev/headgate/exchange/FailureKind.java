package dev.headgate.exchange;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.http.Violation;
import org.jspecify.annotations.Nullable;

/** What ended an attempt before its response was complete. */
public enum FailureKind {
    DNS_FAILED,
    /** The endpoint has as many connections as it may have. */
    AT_CAPACITY,
    CONNECT_REFUSED,
    CONNECT_FAILED,
    CONNECT_TIMEOUT,
    /** Reset, or a write failed. */
    RESET,
    /** End of stream before the first byte of a response, or bytes on a connection from the pool that nobody asked for. */
    CLOSED,
    /** The response head breaks RFC 9112, or asks for what was not offered. */
    HEAD_INVALID,
    HEAD_TOO_LARGE,
    INTERIM_FLOOD,
    UPGRADE_UNASKED,
    /** The framing of the response body breaks RFC 9112. */
    BODY_INVALID,
    /** The response ended before its framing said so. */
    TRUNCATED,
    /** The attempt's own share of time is over. */
    TRY_TIMEOUT,
    FIRST_BYTE_TIMEOUT,
    BODY_TIMEOUT,
    EXCHANGE_TIMEOUT,
    /** A byte budget is used up, or the loop is stopping. */
    LOCAL;

    /** The cause of the response that the client gets. */
    public Cause cause() {
        return switch (this) {
            case DNS_FAILED -> Cause.DNS_FAILED;
            case AT_CAPACITY -> Cause.OVERLOADED;
            case CONNECT_REFUSED -> Cause.CONNECT_REFUSED;
            case CONNECT_FAILED -> Cause.CONNECT_FAILED;
            case CONNECT_TIMEOUT -> Cause.CONNECT_TIMEOUT;
            case RESET -> Cause.UPSTREAM_RESET;
            case CLOSED -> Cause.UPSTREAM_CLOSED;
            case HEAD_INVALID -> Cause.UPSTREAM_HEAD_INVALID;
            case HEAD_TOO_LARGE -> Cause.UPSTREAM_HEAD_TOO_LARGE;
            case INTERIM_FLOOD -> Cause.UPSTREAM_INTERIM_FLOOD;
            case UPGRADE_UNASKED -> Cause.UPSTREAM_UPGRADE_UNASKED;
            case BODY_INVALID -> Cause.UPSTREAM_BODY_INVALID;
            case TRUNCATED -> Cause.UPSTREAM_TRUNCATED;
            case TRY_TIMEOUT, FIRST_BYTE_TIMEOUT -> Cause.UPSTREAM_FIRST_BYTE_TIMEOUT;
            case BODY_TIMEOUT -> Cause.UPSTREAM_BODY_TIMEOUT;
            case EXCHANGE_TIMEOUT -> Cause.EXCHANGE_TIMEOUT;
            case LOCAL -> Cause.INTERNAL;
        };
    }

    /** Who ended the attempt. */
    public Failure.Source source() {
        return switch (this) {
            case AT_CAPACITY, EXCHANGE_TIMEOUT, LOCAL -> Failure.Source.INTERNAL;
            case DNS_FAILED,
                    CONNECT_REFUSED,
                    CONNECT_FAILED,
                    CONNECT_TIMEOUT,
                    RESET,
                    CLOSED,
                    HEAD_INVALID,
                    HEAD_TOO_LARGE,
                    INTERIM_FLOOD,
                    UPGRADE_UNASKED,
                    BODY_INVALID,
                    TRUNCATED,
                    TRY_TIMEOUT,
                    FIRST_BYTE_TIMEOUT,
                    BODY_TIMEOUT -> Failure.Source.UPSTREAM;
        };
    }

    /** Whether no connection to the endpoint came about, so that no byte of the request can have reached it. */
    public boolean isBeforeConnect() {
        return switch (this) {
            case DNS_FAILED, AT_CAPACITY, CONNECT_REFUSED, CONNECT_FAILED, CONNECT_TIMEOUT -> true;
            case RESET,
                    CLOSED,
                    HEAD_INVALID,
                    HEAD_TOO_LARGE,
                    INTERIM_FLOOD,
                    UPGRADE_UNASKED,
                    BODY_INVALID,
                    TRUNCATED,
                    TRY_TIMEOUT,
                    FIRST_BYTE_TIMEOUT,
                    BODY_TIMEOUT,
                    EXCHANGE_TIMEOUT,
                    LOCAL -> false;
        };
    }

    /** What the balancer is told, or null when the failure says nothing about the endpoint. */
    public @Nullable EndpointFailure endpointFailure() {
        return switch (this) {
            case CONNECT_REFUSED, CONNECT_FAILED, CONNECT_TIMEOUT -> EndpointFailure.CONNECT;
            case RESET, CLOSED, TRUNCATED -> EndpointFailure.RESET;
            case HEAD_INVALID, HEAD_TOO_LARGE, INTERIM_FLOOD, UPGRADE_UNASKED, BODY_INVALID -> EndpointFailure.PROTOCOL;
            case TRY_TIMEOUT, FIRST_BYTE_TIMEOUT, BODY_TIMEOUT -> EndpointFailure.TIMEOUT;
            case DNS_FAILED, AT_CAPACITY, EXCHANGE_TIMEOUT, LOCAL -> null;
        };
    }

    /** The failure that a response head with this violation is; too large is what would be too large in a request. */
    public static FailureKind ofResponse(@Nullable Violation violation) {
        boolean tooLarge = violation != null && Cause.ofRequest(violation) == Cause.FIELDS_TOO_LARGE;
        return tooLarge ? HEAD_TOO_LARGE : HEAD_INVALID;
    }
}
