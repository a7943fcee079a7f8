package dev.headgate.tls.hello;

/**
 * A client's fault in its hello, as data: what was wrong, which rule says so, and the alert for it.
 *
 * <p>The {@linkplain #token token} is stable: it names the counter, the log key and the test.
 */
public enum HelloViolation {
    /** A record of another type before or inside the hello. */
    RECORD_TYPE("tls.record.type", "RFC 8446 §5.1", Alert.UNEXPECTED_MESSAGE),
    /** A later record whose version is none of SSL 3.0 or TLS. */
    RECORD_VERSION("tls.record.version", "RFC 5246 Appendix E.1", Alert.PROTOCOL_VERSION),
    /** A handshake record without content. */
    RECORD_EMPTY("tls.record.empty", "RFC 8446 §5.1", Alert.UNEXPECTED_MESSAGE),
    /** A record of more than 2^14 bytes. */
    RECORD_TOO_LONG("tls.record.too_long", "RFC 8446 §5.1", Alert.RECORD_OVERFLOW),
    /** More records than {@link HelloLimits#recordCount()}. */
    RECORD_COUNT("tls.record.too_many", "RFC 8446 §6.2", Alert.DECODE_ERROR),
    /** Another handshake message comes first. */
    MESSAGE_TYPE("tls.hello.message_type", "RFC 8446 §4", Alert.UNEXPECTED_MESSAGE),
    /** The hello ends inside a record. */
    NOT_ALIGNED("tls.hello.not_aligned", "RFC 8446 §5.1", Alert.UNEXPECTED_MESSAGE),
    /** Longer than {@link HelloLimits#helloBytes()}. */
    HELLO_TOO_LONG("tls.hello.too_long", "RFC 8446 §6.2", Alert.DECODE_ERROR),
    /** More bytes with those of record headers than {@link HelloLimits#wireBytes()}. */
    WIRE_TOO_LONG("tls.hello.wire_too_long", "RFC 8446 §6.2", Alert.DECODE_ERROR),
    /** A part reaches over the end of what holds it. */
    TRUNCATED("tls.hello.truncated", "RFC 8446 §6.2", Alert.DECODE_ERROR),
    /** Bytes behind the extensions. */
    TRAILING_BYTES("tls.hello.trailing_bytes", "RFC 8446 §4.1.2", Alert.DECODE_ERROR),
    /** SSL 3.0 or older. */
    VERSION_TOO_OLD("tls.hello.version_too_old", "RFC 8446 Appendix D.5", Alert.PROTOCOL_VERSION),
    /** A session id of more than 32 bytes. */
    SESSION_ID_TOO_LONG("tls.hello.session_id_too_long", "RFC 8446 §4.1.2", Alert.DECODE_ERROR),
    /** No cipher suite, or half of one. */
    CIPHER_SUITES_LENGTH("tls.hello.cipher_suites_length", "RFC 8446 §4.1.2", Alert.DECODE_ERROR),
    /** No compression method at all. */
    COMPRESSION_LENGTH("tls.hello.compression_length", "RFC 5246 §7.4.1.2", Alert.DECODE_ERROR),
    /** Not even the null compression is offered. */
    COMPRESSION_NULL_MISSING("tls.hello.compression_null_missing", "RFC 5246 §7.4.1.2", Alert.ILLEGAL_PARAMETER),
    /** Compression beside TLS 1.3. */
    COMPRESSION_FORBIDDEN("tls.hello.compression_forbidden", "RFC 8446 §4.1.2", Alert.ILLEGAL_PARAMETER),
    /** More extensions than {@link HelloLimits#extensionCount()}. */
    EXTENSION_COUNT("tls.hello.extension_too_many", "RFC 8446 §6.2", Alert.DECODE_ERROR),
    /** The same extension twice, known or not. */
    EXTENSION_DUPLICATE("tls.hello.extension_duplicate", "RFC 8446 §4.2", Alert.ILLEGAL_PARAMETER),
    /** The server name extension's lengths do not agree. */
    SERVER_NAME_LENGTH("tls.hello.server_name_length", "RFC 6066 §3", Alert.DECODE_ERROR),
    /** A name of a kind that nobody has defined. */
    SERVER_NAME_TYPE("tls.hello.server_name_type", "RFC 6066 §3", Alert.DECODE_ERROR),
    /** Two host names. */
    SERVER_NAME_DUPLICATE("tls.hello.server_name_duplicate", "RFC 6066 §3", Alert.ILLEGAL_PARAMETER),
    /** A host name that no DNS name is. */
    SERVER_NAME_INVALID("tls.hello.server_name_invalid", "RFC 6066 §3", Alert.ILLEGAL_PARAMETER),
    /** The lengths in the list of application protocols do not agree. */
    ALPN_LENGTH("tls.hello.alpn_length", "RFC 7301 §3.1", Alert.DECODE_ERROR),
    /** An application protocol without name. */
    ALPN_NAME_EMPTY("tls.hello.alpn_name_empty", "RFC 7301 §3.1", Alert.DECODE_ERROR),
    /** More application protocols than {@link HelloLimits#protocolCount()}. */
    ALPN_COUNT("tls.hello.alpn_too_many", "RFC 7301 §3.1", Alert.DECODE_ERROR),
    /** The list of versions is empty, or its length is wrong. */
    SUPPORTED_VERSIONS_LENGTH("tls.hello.supported_versions_length", "RFC 8446 §4.2.1", Alert.DECODE_ERROR),
    /** A list of signature algorithms is empty, or its length is wrong. */
    SIGNATURE_ALGORITHMS_LENGTH("tls.hello.signature_algorithms_length", "RFC 8446 §4.2.3", Alert.DECODE_ERROR),
    /** The list of groups is empty, or its length is wrong. */
    GROUPS_LENGTH("tls.hello.groups_length", "RFC 8446 §4.2.7", Alert.DECODE_ERROR),
    /** The early data extension has content. */
    EARLY_DATA_LENGTH("tls.hello.early_data_length", "RFC 8446 §4.2.10", Alert.DECODE_ERROR),
    /** The list of key exchange modes is empty, or its length is wrong. */
    PSK_MODES_LENGTH("tls.hello.psk_modes_length", "RFC 8446 §4.2.9", Alert.DECODE_ERROR),
    /** Pre-shared keys without a word on how to use them. */
    PSK_MODES_MISSING("tls.hello.psk_modes_missing", "RFC 8446 §4.2.9", Alert.MISSING_EXTENSION),
    /** The lengths in the offer of pre-shared keys do not agree. */
    PRE_SHARED_KEY_LENGTH("tls.hello.pre_shared_key_length", "RFC 8446 §4.2.11", Alert.DECODE_ERROR),
    /** Not one binder for each pre-shared key. */
    PRE_SHARED_KEY_BINDERS("tls.hello.pre_shared_key_binders", "RFC 8446 §4.2.11", Alert.ILLEGAL_PARAMETER),
    /** An extension behind the offer of pre-shared keys. */
    PRE_SHARED_KEY_NOT_LAST("tls.hello.pre_shared_key_not_last", "RFC 8446 §4.2.11", Alert.ILLEGAL_PARAMETER);

    private final String token;
    private final String rule;
    private final int alert;

    HelloViolation(String token, String rule, int alert) {
        this.token = token;
        this.rule = rule;
        this.alert = alert;
    }

    /** Stable dotted name. */
    public String token() {
        return token;
    }

    /** The document and section that the rule comes from; for limits of ours, what the alert means. */
    public String rule() {
        return rule;
    }

    /** The description of the fatal alert to answer with (RFC 8446 §6.2). */
    public int alert() {
        return alert;
    }

    /** Alert descriptions (RFC 8446 §6). */
    private static final class Alert {
        static final int UNEXPECTED_MESSAGE = 10;
        static final int RECORD_OVERFLOW = 22;
        static final int ILLEGAL_PARAMETER = 47;
        static final int DECODE_ERROR = 50;
        static final int PROTOCOL_VERSION = 70;
        static final int MISSING_EXTENSION = 109;
    }
}
