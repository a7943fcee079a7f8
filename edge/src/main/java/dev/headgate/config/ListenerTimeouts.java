package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * How long a client may take for each step, in nanoseconds.
 *
 * @param handshakeNs from accepting to the end of the TLS handshake; absolute; default 10 s; then the connection is closed
 * @param headerNs from the first byte of a request, or from accepting, to the end of its head; absolute, so that single
 *     bytes do not extend it; default 10 s; then 408
 * @param bodyIdleNs longest silence within a request body; default 30 s; then 408
 * @param keepAliveNs from the end of a response to the first byte of the next request; default 60 s; then the connection
 *     is closed without a word
 * @param sendStallNs longest time in which a client takes no byte of a response; default 60 s; then the connection is
 *     aborted
 * @param drainNs time for reading the rest of an unwanted request body; default 2 s; then the connection is closed
 * @param lingerNs time in which a closing connection still reads, so that the peer sees the response rather than a
 *     reset; default 2 s
 * @param expectContinueNs how long the origin may take to answer {@code Expect: 100-continue} before the proxy sends 100
 *     itself; default 1 s
 * @param tunnelIdleNs longest time in which no byte goes through a tunnel, either way; default 10 min; then both of its connections
 *     are aborted
 * @param tunnelAgeNs longest life of a tunnel; 0: no bound, which is the default; then likewise
 */
@Immutable
public record ListenerTimeouts(
        long handshakeNs,
        long headerNs,
        long bodyIdleNs,
        long keepAliveNs,
        long sendStallNs,
        long drainNs,
        long lingerNs,
        long expectContinueNs,
        long tunnelIdleNs,
        long tunnelAgeNs) {}
