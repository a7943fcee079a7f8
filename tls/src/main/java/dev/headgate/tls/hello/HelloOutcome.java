package dev.headgate.tls.hello;

/** What a connection's first bytes are, as far as they are there. */
public enum HelloOutcome {
    /** Too early to say. */
    NEED_MORE,
    /** A whole hello that breaks no rule. */
    COMPLETE,
    /** The start of an HTTP request without TLS: a method in capital letters and a space. */
    PLAIN_HTTP,
    /** A hello in the format of SSL 2.0 (RFC 5246 Appendix E.2), whatever version it asks for. */
    SSLV2,
    /** Something else; no alert would be understood. */
    NOT_TLS,
    /** TLS that breaks a rule or a limit: see {@link HelloScan#violation()}. */
    REFUSED
}
