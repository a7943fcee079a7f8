package dev.headgate.http.h2;

/** Which end of a connection we are. */
public enum Http2Role {
    /** Opens streams. */
    CLIENT,
    /** Answers; offers no extended CONNECT. */
    SERVER,
    /** Answers, and offers extended CONNECT (RFC 8441). */
    SERVER_WITH_EXTENDED_CONNECT;

    boolean isServer() {
        return this != CLIENT;
    }
}
