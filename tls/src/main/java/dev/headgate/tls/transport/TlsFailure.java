package dev.headgate.tls.transport;

/** Why a connection has no TLS, or no longer. The {@linkplain #token token} is stable: counter, log key and test name. */
public enum TlsFailure {
    /** A plain HTTP request came to a TLS port; it is answered once, in plain text. */
    PLAIN_HTTP("tls.plain_http"),
    /** A hello in the format of SSL 2.0. */
    SSLV2("tls.sslv2"),
    /** The first bytes are not TLS. */
    NOT_TLS("tls.not_tls"),
    /** The client's hello breaks a rule or a limit; the detail is the token of the {@link dev.headgate.tls.hello.HelloViolation}. */
    HELLO_REFUSED("tls.hello_refused"),
    /** No certificate is for the name that the client asks for. */
    NAME_UNKNOWN("tls.name_unknown"),
    /** Neither side's versions are the other's. */
    VERSION_MISMATCH("tls.version_mismatch"),
    /** No cipher suite, group or signature that both sides take. */
    CIPHER_MISMATCH("tls.cipher_mismatch"),
    /** A client came back with a lower version than it could have (RFC 7507). */
    DOWNGRADE("tls.downgrade"),
    /** No application protocol that both sides speak (RFC 7301 §3.2). */
    PROTOCOL_MISMATCH("tls.protocol_mismatch"),
    /** The handshake took too long. */
    HANDSHAKE_TIMEOUT("tls.handshake_timeout"),
    /** Too many handshakes wait already. */
    OVERLOADED("tls.overloaded"),
    /** The peer closed or reset the connection in the handshake. */
    PEER_CLOSED("tls.peer_closed"),
    /** The peer sent a fatal alert; the detail is its name. */
    PEER_ALERT("tls.peer_alert"),
    /** The peer showed no certificate although it must. */
    CERTIFICATE_MISSING("tls.certificate_missing"),
    /** The peer's certificate is past its time. */
    CERTIFICATE_EXPIRED("tls.certificate_expired"),
    /** The peer's certificate is before its time. */
    CERTIFICATE_NOT_YET_VALID("tls.certificate_not_yet_valid"),
    /** A certificate of the peer's has been revoked. */
    CERTIFICATE_REVOKED("tls.certificate_revoked"),
    /** The peer's certificate is for other names. */
    CERTIFICATE_NAME("tls.certificate_name"),
    /** No trust anchor stands behind the peer's certificate. */
    CERTIFICATE_UNTRUSTED("tls.certificate_untrusted"),
    /** Something else is wrong with the peer's certificate. */
    CERTIFICATE_INVALID("tls.certificate_invalid"),
    /** The peer wanted a new handshake on an open connection, which is never granted. */
    RENEGOTIATION("tls.renegotiation"),
    /** Too many records without data: empty ones, key updates, alerts. */
    RECORD_FLOOD("tls.record_flood"),
    /** The stream ended without close_notify. */
    TRUNCATED("tls.truncated"),
    /** Another rule of TLS was broken, such as a record that does not decrypt. */
    PROTOCOL_ERROR("tls.protocol_error"),
    /** No fault of the peer's. */
    INTERNAL("tls.internal");

    private final String token;

    TlsFailure(String token) {
        this.token = token;
    }

    public String token() {
        return token;
    }
}
