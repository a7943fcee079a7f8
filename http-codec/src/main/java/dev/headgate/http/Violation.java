package dev.headgate.http;

/**
 * A peer's fault, as data: what was wrong, which rule says so, how far it reaches and what a client is told.
 *
 * <p>The {@linkplain #token token} is stable: it names the counter, the log key and the test.
 */
public enum Violation {
    START_LINE_TOO_LONG("h1.start_line.too_long", "RFC 9112 §3", 414),
    LEADING_EMPTY_LINES("h1.start_line.too_many_empty_lines", "RFC 9112 §2.2", 400),
    METHOD_INVALID("h1.method.invalid", "RFC 9110 §9.1", 400),
    METHOD_TOO_LONG("h1.method.too_long", "RFC 9110 §9.1", 400),
    METHOD_CONNECT("h1.method.connect", "RFC 9110 §9.3.6", 405),
    PREFACE_HTTP2("h1.preface.http2", "RFC 9113 §3.4", 505),
    TARGET_INVALID("h1.target.invalid", "RFC 9112 §3.2", 400),
    TARGET_FRAGMENT("h1.target.fragment", "RFC 9110 §4.2.5", 400),
    TARGET_USERINFO("h1.target.userinfo", "RFC 9110 §4.2.4", 400),
    TARGET_SCHEME("h1.target.scheme", "RFC 9112 §3.2.2", 400),
    TARGET_AUTHORITY("h1.target.authority", "RFC 3986 §3.2", 400),
    TARGET_HOST_MISMATCH("h1.target.host_mismatch", "RFC 9112 §3.2.2", 400),
    VERSION_MISSING("h1.version.missing", "RFC 9112 §2.3", 400),
    VERSION_INVALID("h1.version.invalid", "RFC 9112 §2.3", 400),
    VERSION_UNSUPPORTED("h1.version.unsupported", "RFC 9110 §2.5", 505),
    STATUS_INVALID("h1.status.invalid", "RFC 9112 §4", 400),
    REASON_INVALID("h1.reason.invalid", "RFC 9112 §4", 400),
    BARE_LF("h1.line.bare_lf", "RFC 9112 §2.2", 400),
    BARE_CR("h1.line.bare_cr", "RFC 9112 §2.2", 400),
    FIELD_FOLDED("h1.field.folded", "RFC 9112 §5.2", 400),
    FIELD_NAME_INVALID("h1.field.name_invalid", "RFC 9110 §5.1", 400),
    FIELD_NAME_BLANK("h1.field.blank_before_colon", "RFC 9112 §5.1", 400),
    FIELD_NAME_TOO_LONG("h1.field.name_too_long", "RFC 6585 §5", 431),
    FIELD_NAME_UNDERSCORE("h1.field.name_underscore", "RFC 9110 §5.1", 400),
    FIELD_NAME_ALIAS("h1.field.name_alias", "RFC 9110 §17.10", 400),
    FIELD_VALUE_INVALID("h1.field.value_invalid", "RFC 9110 §5.5", 400),
    FIELD_LINE_TOO_LONG("h1.field.line_too_long", "RFC 6585 §5", 431),
    FIELD_COUNT("h1.field.too_many", "RFC 6585 §5", 431),
    HEAD_TOO_LARGE("h1.head.too_large", "RFC 6585 §5", 431),
    HOST_MISSING("h1.host.missing", "RFC 9112 §3.2", 400),
    HOST_DUPLICATE("h1.host.duplicate", "RFC 9112 §3.2", 400),
    HOST_INVALID("h1.host.invalid", "RFC 9112 §3.2", 400),
    CONTENT_LENGTH_INVALID("h1.content_length.invalid", "RFC 9110 §8.6", 400),
    CONTENT_LENGTH_DUPLICATE("h1.content_length.duplicate", "RFC 9112 §6.3", 400),
    CONTENT_LENGTH_FORBIDDEN("h1.content_length.forbidden", "RFC 9110 §8.6", 400),
    LENGTH_AND_CODING("h1.framing.length_and_coding", "RFC 9112 §6.1", 400),
    TRANSFER_CODING_INVALID("h1.transfer_encoding.invalid", "RFC 9112 §6.1", 400),
    TRANSFER_CODING_UNKNOWN("h1.transfer_encoding.unknown", "RFC 9112 §6.1", 501),
    TRANSFER_CODING_DUPLICATE("h1.transfer_encoding.duplicate", "RFC 9112 §6.1", 400),
    TRANSFER_CODING_HTTP10("h1.transfer_encoding.http10", "RFC 9112 §6.1", 400),
    TRANSFER_CODING_FORBIDDEN("h1.transfer_encoding.forbidden", "RFC 9112 §6.1", 400),
    CONNECTION_OPTION_COUNT("h1.connection.too_many_options", "RFC 9110 §7.6.1", 400),
    UPGRADE_EARLY_BYTES("h1.upgrade.early_bytes", "RFC 6455 §4.1", 400),
    EXPECT_UNKNOWN("h1.expect.unknown", "RFC 9110 §10.1.1", 417),
    CHUNK_SIZE_INVALID("h1.chunk_size.invalid", "RFC 9112 §7.1", 400),
    CHUNK_SIZE_OVERFLOW("h1.chunk_size.overflow", "RFC 9112 §7.1", 400),
    CHUNK_LINE_TOO_LONG("h1.chunk_line.too_long", "RFC 9112 §7.1.1", 400),
    CHUNK_EXTENSION_INVALID("h1.chunk_extension.invalid", "RFC 9112 §7.1.1", 400),
    CHUNK_EXTENSION_TOO_LONG("h1.chunk_extension.too_long", "RFC 9112 §7.1.1", 400),
    CHUNK_END_INVALID("h1.chunk_end.invalid", "RFC 9112 §7.1", 400),
    TRAILER_TOO_LARGE("h1.trailer.too_large", "RFC 6585 §5", 431),
    TRAILER_COUNT("h1.trailer.too_many", "RFC 6585 §5", 431),
    PATH_INVALID("uri.path.invalid", "RFC 3986 §3.3", 400),
    PATH_ESCAPE_INVALID("uri.path.escape_invalid", "RFC 3986 §2.1", 400),
    PATH_ESCAPE_FORBIDDEN("uri.path.escape_forbidden", "RFC 3986 §6.2.2.2", 400),
    PATH_ESCAPE_NESTED("uri.path.escape_nested", "RFC 3986 §2.4", 400),
    PATH_UTF8_INVALID("uri.path.utf8_invalid", "RFC 3629 §3", 400),
    PATH_ABOVE_ROOT("uri.path.above_root", "RFC 3986 §5.2.4", 400),
    PATH_DOT_PARAMETER("uri.path.dot_parameter", "RFC 3986 §3.3", 400),
    PATH_TOO_LONG("uri.path.too_long", "RFC 9110 §4.1", 414),
    QUERY_INVALID("uri.query.invalid", "RFC 3986 §3.4", 400),
    /** Declared content is longer than the route takes; found by the exchange, not by a codec. */
    CONTENT_TOO_LARGE("http.content.too_large", "RFC 9110 §15.5.14", 413),
    /** The head did not arrive in time; found by the session, not by a codec. */
    HEAD_TIMEOUT("http.head.timeout", "RFC 9110 §15.5.9", 408);

    private final String token;
    private final String rule;
    private final int status;

    Violation(String token, String rule, int status) {
        this.token = token;
        this.rule = rule;
        this.status = status;
    }

    /** Stable dotted name. */
    public String token() {
        return token;
    }

    /** The document and section that the rule comes from. */
    public String rule() {
        return rule;
    }

    /** How much of the transport the fault spoils. */
    public Scope scope() {
        return Scope.CONNECTION;
    }

    /** The status for a client that is at fault; a fault of an origin is always a 502. */
    public int status() {
        return status;
    }

    /** What has to be given up. */
    public enum Scope {
        /** One stream; its connection goes on. */
        STREAM,
        /** The whole connection: where its next message starts is no longer known. */
        CONNECTION
    }
}
