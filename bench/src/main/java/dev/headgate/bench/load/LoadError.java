package dev.headgate.bench.load;

import java.util.Locale;

/** What may go wrong with a request; each failed request counts once. */
public enum LoadError {
    /** The connection was refused, failed otherwise, or was not there in time. */
    CONNECT,
    /** The connection, or by HTTP/2 the stream, was reset before the answer was complete. */
    RESET,
    /** The connection was closed before the answer began. */
    CLOSED,
    /** By HTTP/2: the target takes no more requests on the connection, and has not looked at this one. */
    GOAWAY,
    /** No complete answer came in time. */
    TIMEOUT,
    /** The answer was complete and had another status than expected. */
    STATUS,
    /** The answer's content had another length than expected, or was cut off. */
    LENGTH,
    /** The answer's content had the right length and was not what the built-in origin sends. */
    CONTENT,
    /** The answer broke a rule of HTTP, or something followed that nobody had asked for. */
    MALFORMED,
    /** Due in the measured time, and neither answered nor failed when the drain was over. */
    UNFINISHED;

    /** The name in JSON. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
