package dev.headgate.balancer;

/** How an attempt failed, as far as it says something about the endpoint. */
public enum EndpointFailure {
    /** No connection: refused, unreachable, or not within the connect timeout. */
    CONNECT,
    /** The connection was reset, or ended before the response did. */
    RESET,
    /** Connected, but the response or its next bytes did not come in time. */
    TIMEOUT,
    /** What came was not a valid response. */
    PROTOCOL
}
