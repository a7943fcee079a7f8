package dev.headgate.engine;

/** Why a connection ended; the first cause wins. */
public enum CloseCause {
    /** The owner called {@link Connection#close} and all output was sent. */
    CLOSED,
    /** The owner called {@link Connection#abort}. */
    ABORTED,
    /** The peer reset the connection, or a read or write failed. */
    RESET,
    /** The stream ended without the end that its transport demands, such as TLS's close_notify: bytes may be missing. */
    TRUNCATED,
    /** The transport between handler and socket gave up: a TLS handshake or record failed. Whoever made the transport knows why. */
    TRANSPORT_FAILED,
    /** A connect was refused by the peer. */
    CONNECT_REFUSED,
    /** A connect failed otherwise: unreachable, no descriptor, no such path. */
    CONNECT_FAILED,
    /** A byte budget of the connection or of the loop is used up. */
    BUDGET_EXCEEDED,
    /** The handler threw; the loop's boundary closed the connection. */
    HANDLER_FAILED,
    /** The loop stopped. */
    LOOP_STOPPED
}
