package dev.headgate.http.h2;

import dev.headgate.http.Violation.Scope;
import dev.headgate.http.hpack.HpackViolation;

/**
 * A peer's fault in HTTP/2, as data: what was wrong, which rule says so, how far it reaches, and the code that the peer is
 * told. A malformed message is a fault of its stream (RFC 9113 §8.1.1).
 *
 * <p>The {@linkplain #token token} is stable: it names the counter, the log key and the test.
 */
public enum Http2Violation {
    PREFACE_INVALID("h2.preface.invalid", "RFC 9113 §3.4", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_MISSING("h2.preface.no_settings", "RFC 9113 §3.4", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    FRAME_TOO_LARGE("h2.frame.too_large", "RFC 9113 §4.2", Scope.CONNECTION, ErrorCode.FRAME_SIZE_ERROR),
    FRAME_SIZE("h2.frame.size", "RFC 9113 §4.2", Scope.CONNECTION, ErrorCode.FRAME_SIZE_ERROR),
    FRAME_ON_CONNECTION("h2.frame.stream_zero", "RFC 9113 §6", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    FRAME_ON_STREAM("h2.frame.stream_not_zero", "RFC 9113 §6", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    PADDING_TOO_LONG("h2.frame.padding", "RFC 9113 §6.1", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    STREAM_ID_PARITY("h2.stream.parity", "RFC 9113 §5.1.1", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    STREAM_IDLE("h2.stream.idle", "RFC 9113 §5.1", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    STREAM_GONE("h2.stream.gone", "RFC 9113 §5.1", Scope.CONNECTION, ErrorCode.STREAM_CLOSED),
    STREAM_ENDED("h2.stream.ended", "RFC 9113 §5.1", Scope.STREAM, ErrorCode.STREAM_CLOSED),
    STREAM_REFUSED("h2.stream.too_many", "RFC 9113 §5.1.2", Scope.STREAM, ErrorCode.REFUSED_STREAM),
    /** A request that repeats itself, while others hold as much as may be held of that. */
    HEAD_SURPLUS("h2.head.surplus", "RFC 7541 §7.3", Scope.STREAM, ErrorCode.REFUSED_STREAM),
    CONTINUATION_EXPECTED("h2.continuation.expected", "RFC 9113 §6.10", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    CONTINUATION_UNEXPECTED("h2.continuation.unexpected", "RFC 9113 §6.10", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    CONTINUATION_COUNT("h2.continuation.too_many", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    CONTINUATION_EMPTY("h2.continuation.empty", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    BLOCK_TOO_LARGE("h2.block.too_large", "RFC 9113 §10.5.1", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    LIST_FAR_TOO_LARGE("h2.list.far_too_large", "RFC 9113 §10.5.1", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    COMPRESSION("h2.compression", "RFC 9113 §4.3", Scope.CONNECTION, ErrorCode.COMPRESSION_ERROR),
    PUSH_PROMISE("h2.push_promise", "RFC 9113 §8.4", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_ACK_PAYLOAD("h2.settings.ack_payload", "RFC 9113 §6.5", Scope.CONNECTION, ErrorCode.FRAME_SIZE_ERROR),
    SETTINGS_ACK_UNEXPECTED("h2.settings.ack", "RFC 9113 §6.5", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_ENTRIES("h2.settings.too_many", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    SETTINGS_PUSH("h2.settings.enable_push", "RFC 9113 §6.5.2", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_WINDOW("h2.settings.window", "RFC 9113 §6.5.2", Scope.CONNECTION, ErrorCode.FLOW_CONTROL_ERROR),
    SETTINGS_FRAME_SIZE("h2.settings.frame_size", "RFC 9113 §6.5.2", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_CONNECT("h2.settings.connect_protocol", "RFC 8441 §3", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_PRIORITIES("h2.settings.priorities", "RFC 9218 §2.1", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    SETTINGS_WINDOW_FLOOD("h2.settings.window_flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    CONTROL_FLOOD("h2.control.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    PING_FLOOD("h2.ping.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    RESET_FLOOD("h2.reset.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    REFUSED_FLOOD("h2.stream.refused_flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    STREAM_BURST("h2.stream.burst", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    EMPTY_FLOOD("h2.empty.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    SMALL_DATA_FLOOD("h2.data.small_flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    PRIORITY_FLOOD("h2.priority.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    WINDOW_UPDATE_FLOOD("h2.window_update.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    GLITCH_FLOOD("h2.glitch.flood", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.ENHANCE_YOUR_CALM),
    WINDOW_EXCEEDED("h2.window.exceeded", "RFC 9113 §6.9", Scope.CONNECTION, ErrorCode.FLOW_CONTROL_ERROR),
    WINDOW_OVERFLOW("h2.window.overflow", "RFC 9113 §6.9.1", Scope.CONNECTION, ErrorCode.FLOW_CONTROL_ERROR),
    WINDOW_UPDATE_ZERO("h2.window_update.zero", "RFC 9113 §6.9", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    STREAM_WINDOW_OVERFLOW("h2.stream.window.overflow", "RFC 9113 §6.9.1", Scope.STREAM, ErrorCode.FLOW_CONTROL_ERROR),
    STREAM_WINDOW_UPDATE_ZERO("h2.stream.window_update.zero", "RFC 9113 §6.9", Scope.STREAM, ErrorCode.PROTOCOL_ERROR),
    /** Our settings were not acknowledged in time; found by the session, not by the codec. */
    SETTINGS_UNACKNOWLEDGED("h2.settings.timeout", "RFC 9113 §6.5.3", Scope.CONNECTION, ErrorCode.SETTINGS_TIMEOUT),
    /** The connection's or a message's head did not arrive in time; found by the session. */
    HEAD_TIMEOUT("h2.head.timeout", "RFC 9113 §10.5", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    /** The peer took too little of a stream's content for too long; found by the session. */
    SEND_STALLED("h2.send.stalled", "RFC 9113 §10.5", Scope.STREAM, ErrorCode.CANCEL),
    GOAWAY_RAISED("h2.goaway.raised", "RFC 9113 §6.8", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),
    PRIORITY_SIZE("h2.priority.size", "RFC 9113 §6.3", Scope.STREAM, ErrorCode.FRAME_SIZE_ERROR),
    PRIORITY_SELF("h2.priority.self", "RFC 9113 §5.3.1", Scope.STREAM, ErrorCode.PROTOCOL_ERROR),
    PRIORITY_UPDATE("h2.priority_update", "RFC 9218 §7.1", Scope.CONNECTION, ErrorCode.PROTOCOL_ERROR),

    PSEUDO_UNKNOWN("h2.pseudo.unknown", "RFC 9113 §8.3"),
    PSEUDO_DUPLICATE("h2.pseudo.duplicate", "RFC 9113 §8.3"),
    PSEUDO_LATE("h2.pseudo.late", "RFC 9113 §8.3"),
    PSEUDO_MISSING("h2.pseudo.missing", "RFC 9113 §8.3.1"),
    PSEUDO_MISPLACED("h2.pseudo.misplaced", "RFC 9113 §8.3"),
    PSEUDO_IN_TRAILERS("h2.pseudo.in_trailers", "RFC 9113 §8.1"),
    METHOD_INVALID("h2.method.invalid", "RFC 9110 §9.1"),
    SCHEME_INVALID("h2.scheme.invalid", "RFC 9113 §8.3.1"),
    PATH_INVALID("h2.path.invalid", "RFC 9113 §8.3.1"),
    CONNECT_PSEUDO("h2.connect.pseudo", "RFC 9113 §8.5"),
    /** A tunnel has been granted, and carries no heads or trailers. */
    CONNECT_FIELDS("h2.connect.fields", "RFC 9113 §8.5"),
    PROTOCOL_UNEXPECTED("h2.protocol.unexpected", "RFC 8441 §4"),
    STATUS_INVALID("h2.status.invalid", "RFC 9113 §8.3.2"),
    STATUS_SWITCHING("h2.status.switching", "RFC 9113 §8.6"),
    INTERIM_END("h2.interim.end", "RFC 9113 §8.1"),
    HEAD_MISSING("h2.head.missing", "RFC 9113 §8.1"),
    FIELD_NAME_INVALID("h2.field.name_invalid", "RFC 9113 §8.2.1"),
    FIELD_VALUE_INVALID("h2.field.value_invalid", "RFC 9113 §8.2.1"),
    CONNECTION_FIELD("h2.field.connection", "RFC 9113 §8.2.2"),
    TE_INVALID("h2.field.te", "RFC 9113 §8.2.2"),
    HOST_DUPLICATE("h2.host.duplicate", "RFC 9110 §7.2"),
    CONTENT_LENGTH_INVALID("h2.content_length.invalid", "RFC 9110 §8.6"),
    CONTENT_LENGTH_DUPLICATE("h2.content_length.duplicate", "RFC 9110 §8.6"),
    CONTENT_LENGTH_MISMATCH("h2.content_length.mismatch", "RFC 9113 §8.1.1"),
    CONTENT_FORBIDDEN("h2.content.forbidden", "RFC 9110 §6.4.1"),
    TRAILERS_OPEN("h2.trailers.open", "RFC 9113 §8.1"),
    TRAILERS_TOO_LARGE("h2.trailers.too_large", "RFC 6585 §5", Scope.STREAM, ErrorCode.ENHANCE_YOUR_CALM),
    /** The same of trailers; their message may have been acted on. */
    TRAILERS_SURPLUS("h2.trailers.surplus", "RFC 7541 §7.3", Scope.STREAM, ErrorCode.ENHANCE_YOUR_CALM),

    FIELD_NAME_UNDERSCORE("h2.field.name_underscore", "RFC 9110 §5.1", 400),
    FIELD_NAME_ALIAS("h2.field.name_alias", "RFC 9110 §17.10", 400),
    AUTHORITY_INVALID("h2.authority.invalid", "RFC 9113 §8.3.1", 400),
    AUTHORITY_MISSING("h2.authority.missing", "RFC 9113 §8.3.1", 400),
    AUTHORITY_MISMATCH("h2.authority.mismatch", "RFC 9113 §8.3.1", 400),
    EXPECT_UNKNOWN("h2.expect.unknown", "RFC 9110 §10.1.1", 417),
    METHOD_CONNECT("h2.method.connect", "RFC 9110 §9.3.6", 405),
    PATH_TOO_LONG("h2.path.too_long", "RFC 9110 §4.1", 414),
    FIELD_COUNT("h2.field.too_many", "RFC 6585 §5", 431),
    FIELD_NAME_TOO_LONG("h2.field.name_too_long", "RFC 6585 §5", 431),
    HEAD_TOO_LARGE("h2.head.too_large", "RFC 6585 §5", 431),
    /** A request that repeats more by itself than may be held: there will be no better time for it. */
    HEAD_REPETITION("h2.head.repetition", "RFC 7541 §7.3", 431);

    private final String token;
    private final String rule;
    private final Scope scope;
    private final int errorCode;
    private final int status;

    Http2Violation(String token, String rule, Scope scope, int errorCode) {
        this(token, rule, scope, errorCode, 0);
    }

    /** A malformed message. */
    Http2Violation(String token, String rule) {
        this(token, rule, Scope.STREAM, ErrorCode.PROTOCOL_ERROR, 0);
    }

    /** A request that is well-formed enough for an answer. */
    Http2Violation(String token, String rule, int status) {
        this(token, rule, Scope.STREAM, ErrorCode.PROTOCOL_ERROR, status);
    }

    Http2Violation(String token, String rule, Scope scope, int errorCode, int status) {
        this.token = token;
        this.rule = rule;
        this.scope = scope;
        this.errorCode = errorCode;
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

    /** What has to be given up. */
    public Scope scope() {
        return scope;
    }

    /** The {@link ErrorCode} for RST_STREAM or GOAWAY. */
    public int errorCode() {
        return errorCode;
    }

    /** The status that a client can be given; zero when its stream is reset instead. */
    public int status() {
        return status;
    }

    /** What a fault of a field block is to the connection, or to its message. */
    static Http2Violation of(HpackViolation violation) {
        return switch (violation) {
            case TRUNCATED,
                    INTEGER_TOO_LARGE,
                    INDEX_ZERO,
                    INDEX_BEYOND_TABLE,
                    HUFFMAN_EOS,
                    HUFFMAN_PADDING,
                    SIZE_UPDATE_LATE,
                    SIZE_UPDATE_TOO_LARGE,
                    SIZE_UPDATE_COUNT,
                    SIZE_UPDATE_MISSING -> COMPRESSION;
            case NAME_TOO_LONG -> FIELD_NAME_TOO_LONG;
            case FIELD_COUNT -> FIELD_COUNT;
            case LIST_TOO_LARGE -> HEAD_TOO_LARGE;
            case LIST_FAR_TOO_LARGE -> LIST_FAR_TOO_LARGE;
        };
    }
}
