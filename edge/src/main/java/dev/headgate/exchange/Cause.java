package dev.headgate.exchange;

import dev.headgate.engine.Immutable;
import dev.headgate.http.Violation;
import dev.headgate.http.h2.Http2Violation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why the proxy itself made a response, or broke one off. Status, {@code Proxy-Status} error (RFC 9209 §2.3), counter and log
 * field derive from it. Every {@link Violation} and every {@link FailureKind} maps to exactly one cause.
 */
@Immutable
public enum Cause {
    /** The proxy made no response of its own: the origin's answer was forwarded whole. */
    NONE(0, null),
    /** A configured {@code respond} action. */
    RESPOND_ACTION(0, null),
    /** A configured {@code redirect} action. */
    REDIRECT_ACTION(0, null),
    /** The client of a plain listener was sent to HTTPS. */
    REDIRECT_TO_HTTPS(0, null),
    /** A filter answered. */
    FILTER_RESPONSE(0, null),
    /** The upstream did not serve the request, and the route has an answer for that. */
    FALLBACK_RESPONSE(0, null),

    /** An OPTIONS request that may go no further (RFC 9110 §7.6.2): this proxy says what it takes. */
    MAX_FORWARDS_REACHED(204, null),

    REQUEST_INVALID(400, "http_request_error"),
    /** What a filter has to read of the request's content is not what it has to be, such as text that is no base64. */
    CONTENT_INVALID(400, "http_request_error"),
    METHOD_REFUSED(405, "http_request_denied"),
    REQUEST_TIMEOUT(408, "http_request_error"),
    BODY_TOO_LARGE(413, "http_request_error"),
    TARGET_TOO_LONG(414, "http_request_error"),
    EXPECTATION_UNKNOWN(417, "http_request_error"),
    /** The request is for a host that its TLS connection was not made for (RFC 9110 §15.5.20). */
    MISDIRECTED(421, "http_request_denied"),
    /** The request can have been sent twice by somebody on its way, and must not take effect twice (RFC 8470 §5.2). */
    TOO_EARLY(425, "http_request_denied"),
    FIELDS_TOO_LARGE(431, "http_request_error"),
    CODING_UNKNOWN(501, "http_request_error"),
    /** The request is for a protocol on its stream that is not spoken there (RFC 8441 §4). */
    PROTOCOL_UNSUPPORTED(501, "http_request_denied"),
    VERSION_UNSUPPORTED(505, "http_request_error"),
    NO_ROUTE(404, "destination_not_found"),

    LOOP_DETECTED(508, "proxy_loop_detected"),
    OVERLOADED(503, "proxy_internal_response"),
    NO_ENDPOINT(503, "destination_unavailable"),
    /** No endpoint had room for an attempt within its limits, and as many waited as may wait. */
    PENDING_FULL(503, "connection_limit_reached"),
    /** No endpoint had room for an attempt for as long as one may wait. */
    PENDING_TIMEOUT(503, "connection_limit_reached"),
    INTERNAL(500, "proxy_internal_error"),

    DNS_FAILED(502, "dns_error"),
    CONNECT_REFUSED(502, "connection_refused"),
    CONNECT_FAILED(502, "destination_ip_unroutable"),
    CONNECT_TIMEOUT(504, "connection_timeout"),
    /** TLS with the origin did not come about: it speaks none, none that is taken here, or closed in the handshake. */
    UPSTREAM_TLS_HANDSHAKE(502, "tls_protocol_error"),
    /** The origin's certificate is not to be trusted, or not the origin's. */
    UPSTREAM_TLS_CERTIFICATE(502, "tls_certificate_error"),
    /** The origin ended TLS by a fatal alert. */
    UPSTREAM_TLS_ALERT(502, "tls_alert_received"),
    UPSTREAM_TLS_TIMEOUT(504, "connection_timeout"),
    /** TLS broke on a connection that was open. */
    UPSTREAM_TLS_BROKEN(502, "tls_protocol_error"),
    UPSTREAM_RESET(502, "connection_terminated"),
    UPSTREAM_CLOSED(502, "connection_terminated"),
    /** The origin has refused the request without having acted on it. */
    UPSTREAM_REFUSED(503, "destination_unavailable"),
    /** The origin's connection ended before the origin had looked at the request. */
    UPSTREAM_GOING_AWAY(503, "destination_unavailable"),
    /** The origin takes the request by HTTP/1.1 only, which is not spoken to it (RFC 9113 §7). */
    UPSTREAM_VERSION_REFUSED(502, "http_protocol_error"),
    /** The origin has broken HTTP/2 for all requests of its connection. */
    UPSTREAM_PROTOCOL_BROKEN(502, "http_protocol_error"),
    /** The connection to the origin gave no sign of life. */
    UPSTREAM_UNRESPONSIVE(504, "http_response_timeout"),
    UPSTREAM_HEAD_INVALID(502, "http_protocol_error"),
    UPSTREAM_HEAD_TOO_LARGE(502, "http_response_header_section_size"),
    UPSTREAM_BODY_INVALID(502, "http_response_transfer_coding"),
    UPSTREAM_TRUNCATED(502, "http_response_incomplete"),
    UPSTREAM_INTERIM_FLOOD(502, "http_protocol_error"),
    UPSTREAM_UPGRADE_UNASKED(502, "http_upgrade_failed"),
    /** The origin switched to another protocol than was asked for, or without proof that it has understood. */
    UPSTREAM_UPGRADE_INVALID(502, "http_upgrade_failed"),
    /** The origin speaks HTTP/2, and takes no WebSocket over it (RFC 8441 §3). */
    UPSTREAM_WEBSOCKET_UNOFFERED(502, "http_upgrade_failed"),
    UPSTREAM_FIRST_BYTE_TIMEOUT(504, "http_response_timeout"),
    UPSTREAM_BODY_TIMEOUT(504, "http_response_timeout"),
    EXCHANGE_TIMEOUT(504, "http_response_timeout"),

    /** The client went away before its response was complete; nothing is sent, 499 is what the log shows. */
    CLIENT_ABORTED(499, null),
    /** The client stopped reading its response. */
    CLIENT_STALLED(499, null),
    /** No byte went through a tunnel for too long. */
    TUNNEL_IDLE(0, null),
    /** A tunnel has lived as long as it may. */
    TUNNEL_AGED(0, null),
    /** Both sides of a WebSocket were told by Close frames that the proxy is being stopped. */
    TUNNEL_DRAINED(0, null),
    /** The proxy is being stopped. */
    STOPPED(503, "proxy_internal_response");

    private static final Cause[] ALL = values();

    /** Number of causes: the length of an array indexed by {@link #ordinal}. */
    public static final int COUNT = ALL.length;

    private final int status;
    private final @Nullable String proxyStatusError;
    private final String token;

    Cause(int status, @Nullable String proxyStatusError) {
        this.status = status;
        this.proxyStatusError = proxyStatusError;
        this.token = name().toLowerCase(Locale.ROOT);
    }

    /** The status of the response that the proxy makes; 0 where a configured action decides it, or where there is none, as in a tunnel. */
    public int status() {
        return status;
    }

    /** The error token for {@code Proxy-Status} (RFC 9209 §2.3), or null where no such field is sent. */
    public @Nullable String proxyStatusError() {
        return proxyStatusError;
    }

    /** The stable name in counters, logs and JSON bodies: {@code no_route}. */
    public String token() {
        return token;
    }

    public static Cause of(int ordinal) {
        return ALL[ordinal];
    }

    /** The cause of the answer to a request that breaks HTTP/2's rules in a way that can be answered. */
    public static Cause ofRequest(Http2Violation violation) {
        return switch (violation.status()) {
            case 405 -> METHOD_REFUSED;
            case 414 -> TARGET_TOO_LONG;
            case 417 -> EXPECTATION_UNKNOWN;
            case 431 -> FIELDS_TOO_LARGE;
            default -> REQUEST_INVALID;
        };
    }

    /** The cause of the answer to a request that breaks the protocol. */
    public static Cause ofRequest(Violation violation) {
        return switch (violation) {
            case METHOD_CONNECT -> METHOD_REFUSED;
            case HEAD_TIMEOUT -> REQUEST_TIMEOUT;
            case CONTENT_TOO_LARGE -> BODY_TOO_LARGE;
            case START_LINE_TOO_LONG, PATH_TOO_LONG -> TARGET_TOO_LONG;
            case EXPECT_UNKNOWN -> EXPECTATION_UNKNOWN;
            case UPGRADE_EARLY_BYTES -> REQUEST_INVALID;
            case FIELD_NAME_TOO_LONG, FIELD_LINE_TOO_LONG, FIELD_COUNT, HEAD_TOO_LARGE -> FIELDS_TOO_LARGE;
            case TRAILER_TOO_LARGE, TRAILER_COUNT -> FIELDS_TOO_LARGE;
            case TRANSFER_CODING_UNKNOWN -> CODING_UNKNOWN;
            case PREFACE_HTTP2, VERSION_UNSUPPORTED -> Cause.VERSION_UNSUPPORTED;
            case LEADING_EMPTY_LINES, BARE_LF, BARE_CR -> REQUEST_INVALID;
            case METHOD_INVALID, METHOD_TOO_LONG, VERSION_MISSING, VERSION_INVALID -> REQUEST_INVALID;
            case TARGET_INVALID, TARGET_FRAGMENT, TARGET_USERINFO, TARGET_SCHEME -> REQUEST_INVALID;
            case TARGET_AUTHORITY, TARGET_HOST_MISMATCH -> REQUEST_INVALID;
            case STATUS_INVALID, REASON_INVALID -> REQUEST_INVALID; // of responses only
            case FIELD_FOLDED, FIELD_NAME_INVALID, FIELD_NAME_BLANK, FIELD_NAME_UNDERSCORE -> REQUEST_INVALID;
            case FIELD_NAME_ALIAS, FIELD_VALUE_INVALID, CONNECTION_OPTION_COUNT -> REQUEST_INVALID;
            case HOST_MISSING, HOST_DUPLICATE, HOST_INVALID -> REQUEST_INVALID;
            case CONTENT_LENGTH_INVALID, CONTENT_LENGTH_DUPLICATE, CONTENT_LENGTH_FORBIDDEN -> REQUEST_INVALID;
            case LENGTH_AND_CODING, TRANSFER_CODING_INVALID, TRANSFER_CODING_DUPLICATE -> REQUEST_INVALID;
            case TRANSFER_CODING_HTTP10, TRANSFER_CODING_FORBIDDEN -> REQUEST_INVALID;
            case CHUNK_SIZE_INVALID, CHUNK_SIZE_OVERFLOW, CHUNK_LINE_TOO_LONG, CHUNK_END_INVALID -> REQUEST_INVALID;
            case CHUNK_EXTENSION_INVALID, CHUNK_EXTENSION_TOO_LONG -> REQUEST_INVALID;
            case PATH_INVALID, PATH_ESCAPE_INVALID, PATH_ESCAPE_FORBIDDEN, PATH_ESCAPE_NESTED -> REQUEST_INVALID;
            case PATH_UTF8_INVALID, PATH_ABOVE_ROOT, PATH_DOT_PARAMETER, QUERY_INVALID -> REQUEST_INVALID;
        };
    }
}
