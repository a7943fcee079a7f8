package dev.headgate.http.h2;

/** Who ended a stream before its end. */
public enum ResetBy {
    /** The peer, by RST_STREAM. */
    PEER,
    /** We, for a fault of the peer on this stream. */
    FAULT,
    /** The peer, by a GOAWAY that says that it has not looked at the stream: the request can be sent elsewhere. */
    GOAWAY,
    /** The connection has ended. */
    CONNECTION
}
