package dev.headgate.http;

/** Whether an encoded message announces that its connection goes on (RFC 9112 §9.3). */
public enum Persistence {
    /** The connection may carry another message; HTTP/1.1 says so by saying nothing. */
    PERSISTENT,
    /** {@code Connection: close} is written. */
    CLOSE
}
