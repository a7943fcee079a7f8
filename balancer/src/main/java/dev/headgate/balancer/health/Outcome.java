package dev.headgate.balancer.health;

/** How an attempt ended, as far as it says something about the endpoint. */
public enum Outcome {
    /** The endpoint answered with a status below 500. */
    SUCCESS,
    /** It answered with a status of 500 and above that is not one of the next. */
    SERVER_ERROR,
    /** It answered with 502, 503 or 504, or with something that is not a valid response. */
    GATEWAY_ERROR,
    /** There was no connection: refused, unreachable, or not within the connect timeout. */
    CONNECT_FAILED,
    /** The connection was reset, ended too early, or brought no answer in time. */
    CONNECTION_LOST
}
