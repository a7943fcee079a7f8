package dev.headgate.testkit.sim;

/**
 * What the proxy is told of HTTP/2 on one of its sides.
 *
 * @param streamWindow of a stream
 * @param connectionWindow of a connection
 */
public record Http2Limits(int streamWindow, int connectionWindow) {}
