package dev.headgate.exchange;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.http.Violation;
import dev.headgate.http.Violation.Scope;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.tls.transport.TlsFailure;
import org.jspecify.annotations.Nullable;

/** What ended an attempt before its response was complete. */
public enum FailureKind {
    DNS_FAILED,
    /** The endpoint has as many connections as it may have. Not the end of an exchange, but of what it has waited by. */
    AT_CAPACITY,
    CONNECT_REFUSED,
    CONNECT_FAILED,
    CONNECT_TIMEOUT,
    /** TLS did not come about, for one of the reasons that have no kind of their own. */
    TLS_HANDSHAKE,
    /** The origin's certificate was refused. */
    TLS_CERTIFICATE,
    /** The origin refused the handshake by an alert. */
    TLS_REFUSED,
    TLS_TIMEOUT,
    /** Too many handshakes wait for this proxy's own computing. */
    TLS_OVERLOADED,
    /** A fatal alert on an open connection: in TLS 1.3 also the answer to our certificate, or to the lack of one (RFC 8446 §4.4.2.4). */
    TLS_ALERT,
    /** TLS on an open connection broke otherwise. */
    TLS_BROKEN,
    /** Reset, or a write failed. */
    RESET,
    /** End of stream before the first byte of a response, or bytes on a connection from the pool that nobody asked for. */
    CLOSED,
    /** HTTP/2: the origin has reset the request's stream. */
    STREAM_RESET,
    /** HTTP/2: the origin has refused the request's stream, and not looked at it (RFC 9113 §8.7). */
    STREAM_REFUSED,
    /** HTTP/2: the origin takes no more on this connection, and has not looked at the request (RFC 9113 §6.8). */
    GOING_AWAY,
    /** HTTP/2: the origin takes the request by HTTP/1.1 only (RFC 9113 §7). */
    HTTP_1_1_REQUIRED,
    /** HTTP/2: the origin has broken a rule that holds for the connection. */
    PROTOCOL_BROKEN,
    /** HTTP/2: the connection gives no sign of life: a ping or settings are not answered, or nothing is taken. */
    UNRESPONSIVE,
    /** The response head breaks RFC 9112 or RFC 9113, or asks for what was not offered. */
    HEAD_INVALID,
    HEAD_TOO_LARGE,
    INTERIM_FLOOD,
    UPGRADE_UNASKED,
    /** The origin switches to another protocol than was asked for, or without the proof that it has understood (RFC 6455 §4.1). */
    UPGRADE_INVALID,
    /** HTTP/2: a WebSocket is asked for, and the origin does not offer any (RFC 8441 §3). */
    WEBSOCKET_UNOFFERED,
    /** The framing of the response body breaks RFC 9112 or RFC 9113. */
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
            case AT_CAPACITY -> Cause.PENDING_FULL;
            case CONNECT_REFUSED -> Cause.CONNECT_REFUSED;
            case CONNECT_FAILED -> Cause.CONNECT_FAILED;
            case CONNECT_TIMEOUT -> Cause.CONNECT_TIMEOUT;
            case TLS_HANDSHAKE -> Cause.UPSTREAM_TLS_HANDSHAKE;
            case TLS_CERTIFICATE -> Cause.UPSTREAM_TLS_CERTIFICATE;
            case TLS_REFUSED, TLS_ALERT -> Cause.UPSTREAM_TLS_ALERT;
            case TLS_TIMEOUT -> Cause.UPSTREAM_TLS_TIMEOUT;
            case TLS_OVERLOADED -> Cause.OVERLOADED;
            case TLS_BROKEN -> Cause.UPSTREAM_TLS_BROKEN;
            case RESET, STREAM_RESET -> Cause.UPSTREAM_RESET;
            case STREAM_REFUSED -> Cause.UPSTREAM_REFUSED;
            case GOING_AWAY -> Cause.UPSTREAM_GOING_AWAY;
            case HTTP_1_1_REQUIRED -> Cause.UPSTREAM_VERSION_REFUSED;
            case PROTOCOL_BROKEN -> Cause.UPSTREAM_PROTOCOL_BROKEN;
            case UNRESPONSIVE -> Cause.UPSTREAM_UNRESPONSIVE;
            case CLOSED -> Cause.UPSTREAM_CLOSED;
            case HEAD_INVALID -> Cause.UPSTREAM_HEAD_INVALID;
            case HEAD_TOO_LARGE -> Cause.UPSTREAM_HEAD_TOO_LARGE;
            case INTERIM_FLOOD -> Cause.UPSTREAM_INTERIM_FLOOD;
            case UPGRADE_UNASKED -> Cause.UPSTREAM_UPGRADE_UNASKED;
            case UPGRADE_INVALID -> Cause.UPSTREAM_UPGRADE_INVALID;
            case WEBSOCKET_UNOFFERED -> Cause.UPSTREAM_WEBSOCKET_UNOFFERED;
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
            case AT_CAPACITY, TLS_OVERLOADED, EXCHANGE_TIMEOUT, LOCAL -> Failure.Source.INTERNAL;
            case DNS_FAILED,
                    CONNECT_REFUSED,
                    CONNECT_FAILED,
                    CONNECT_TIMEOUT,
                    TLS_HANDSHAKE,
                    TLS_CERTIFICATE,
                    TLS_REFUSED,
                    TLS_TIMEOUT,
                    TLS_ALERT,
                    TLS_BROKEN,
                    RESET,
                    CLOSED,
                    STREAM_RESET,
                    STREAM_REFUSED,
                    GOING_AWAY,
                    HTTP_1_1_REQUIRED,
                    PROTOCOL_BROKEN,
                    UNRESPONSIVE,
                    HEAD_INVALID,
                    HEAD_TOO_LARGE,
                    INTERIM_FLOOD,
                    UPGRADE_UNASKED,
                    UPGRADE_INVALID,
                    WEBSOCKET_UNOFFERED,
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
            case DNS_FAILED,
                    AT_CAPACITY,
                    CONNECT_REFUSED,
                    CONNECT_FAILED,
                    CONNECT_TIMEOUT,
                    TLS_HANDSHAKE,
                    TLS_CERTIFICATE,
                    TLS_REFUSED,
                    TLS_TIMEOUT -> true;
            case TLS_OVERLOADED,
                    TLS_ALERT,
                    TLS_BROKEN,
                    RESET,
                    CLOSED,
                    STREAM_RESET,
                    STREAM_REFUSED,
                    GOING_AWAY,
                    HTTP_1_1_REQUIRED,
                    PROTOCOL_BROKEN,
                    UNRESPONSIVE,
                    HEAD_INVALID,
                    HEAD_TOO_LARGE,
                    INTERIM_FLOOD,
                    UPGRADE_UNASKED,
                    UPGRADE_INVALID,
                    WEBSOCKET_UNOFFERED,
                    BODY_INVALID,
                    TRUNCATED,
                    TRY_TIMEOUT,
                    FIRST_BYTE_TIMEOUT,
                    BODY_TIMEOUT,
                    EXCHANGE_TIMEOUT,
                    LOCAL -> false;
        };
    }

    /** Whether the origin has said that it has not looked at the request, which may be sent again then whatever it is (RFC 9113 §8.7). */
    public boolean isUnseen() {
        return this == STREAM_REFUSED || this == GOING_AWAY;
    }

    /** What the balancer is told, or null when the failure says nothing about the endpoint. */
    public @Nullable EndpointFailure endpointFailure() {
        return switch (this) {
            case CONNECT_REFUSED, CONNECT_FAILED, CONNECT_TIMEOUT -> EndpointFailure.CONNECT;
            case TLS_HANDSHAKE, TLS_CERTIFICATE, TLS_REFUSED, TLS_TIMEOUT -> EndpointFailure.CONNECT;
            case RESET, CLOSED, TRUNCATED, TLS_ALERT, TLS_BROKEN -> EndpointFailure.RESET;
            case STREAM_RESET, STREAM_REFUSED -> EndpointFailure.RESET;
            case PROTOCOL_BROKEN -> EndpointFailure.PROTOCOL;
            case HEAD_INVALID, HEAD_TOO_LARGE, INTERIM_FLOOD, UPGRADE_UNASKED, UPGRADE_INVALID, BODY_INVALID ->
                EndpointFailure.PROTOCOL;
            case TRY_TIMEOUT, FIRST_BYTE_TIMEOUT, BODY_TIMEOUT, UNRESPONSIVE -> EndpointFailure.TIMEOUT;
            case WEBSOCKET_UNOFFERED -> null; // All else may go well.
            case HTTP_1_1_REQUIRED -> null; // That can be had.
            case GOING_AWAY -> null; // It does so in good order, for instance to be replaced.
            case DNS_FAILED, AT_CAPACITY, TLS_OVERLOADED, EXCHANGE_TIMEOUT, LOCAL -> null;
        };
    }

    /** The failure that a handshake with an origin is which ends in this way. */
    public static FailureKind ofHandshake(TlsFailure failure) {
        return switch (failure) {
            case PEER_ALERT -> TLS_REFUSED;
            case HANDSHAKE_TIMEOUT -> TLS_TIMEOUT;
            case OVERLOADED -> TLS_OVERLOADED;
            case INTERNAL -> LOCAL;
            case CERTIFICATE_MISSING,
                    CERTIFICATE_EXPIRED,
                    CERTIFICATE_NOT_YET_VALID,
                    CERTIFICATE_REVOKED,
                    CERTIFICATE_NAME,
                    CERTIFICATE_UNTRUSTED,
                    CERTIFICATE_INVALID -> TLS_CERTIFICATE;
            case PLAIN_HTTP, SSLV2, NOT_TLS, HELLO_REFUSED, NAME_UNKNOWN -> TLS_HANDSHAKE; // of listeners
            case VERSION_MISMATCH, CIPHER_MISMATCH, DOWNGRADE, PROTOCOL_MISMATCH -> TLS_HANDSHAKE;
            case PEER_CLOSED, RENEGOTIATION, RECORD_FLOOD, TRUNCATED, PROTOCOL_ERROR -> TLS_HANDSHAKE;
        };
    }

    /** The failure that it is when TLS on an open connection ends in this way. */
    public static FailureKind ofOpenTls(TlsFailure failure) {
        return switch (ofHandshake(failure)) {
            case TLS_REFUSED -> TLS_ALERT;
            case LOCAL -> LOCAL;
            default -> TLS_BROKEN;
        };
    }

    /**
     * The failure that a response over HTTP/2 is which breaks a rule.
     *
     * @param isHeadSeen whether the head of the final response was in order
     */
    public static FailureKind ofResponse(Http2Violation violation, boolean isHeadSeen) {
        if (violation.scope() == Scope.CONNECTION) {
            return PROTOCOL_BROKEN;
        }
        if (isHeadSeen) {
            return BODY_INVALID;
        }
        return switch (violation) {
            case HEAD_TOO_LARGE, FIELD_COUNT, FIELD_NAME_TOO_LONG -> HEAD_TOO_LARGE;
            default -> HEAD_INVALID;
        };
    }

    /** The failure that a response head with this violation is; too large is what would be too large in a request. */
    public static FailureKind ofResponse(@Nullable Violation violation) {
        boolean tooLarge = violation != null && Cause.ofRequest(violation) == Cause.FIELDS_TOO_LARGE;
        return tooLarge ? HEAD_TOO_LARGE : HEAD_INVALID;
    }
}
