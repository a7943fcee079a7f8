package dev.headgate.http;

/** The four forms of a request target (RFC 9112 §3.2). */
public enum TargetForm {
    /** {@code /path?query}. */
    ORIGIN,
    /** {@code http://host/path?query}. */
    ABSOLUTE,
    /** {@code *}, of {@code OPTIONS} only. */
    ASTERISK,
    /** {@code host:port}, of {@code CONNECT} only. */
    AUTHORITY
}
