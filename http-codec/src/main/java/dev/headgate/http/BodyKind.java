package dev.headgate.http;

/** How the end of a message's content is found (RFC 9112 §6.3). */
public enum BodyKind {
    /** There is no content: the message ends with its head. */
    NONE,
    /** Content-Length says how many bytes follow; it may say zero. */
    LENGTH,
    /** The chunked transfer coding delimits itself (RFC 9112 §7.1). */
    CHUNKED,
    /** A response's content ends with the connection; never used for a request. */
    UNTIL_CLOSE
}
