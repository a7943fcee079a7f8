package dev.headgate.route;

import dev.headgate.engine.Immutable;
import dev.headgate.observe.TunnelMetrics;

/**
 * What WebSockets of a running route may do.
 *
 * @param idleNs longest time in which no byte goes through
 * @param ageNs longest life; 0: none
 * @param closeFrames whether frames are followed, so that Close frames can be placed
 * @param closeWaitNs time for answering them
 * @param earlyBytesMax what a client may send before its WebSocket is granted
 * @param upstreamMetrics what is counted of tunnels to the route's upstream
 */
@Immutable
public record WebSocketRoute(
        long idleNs,
        long ageNs,
        boolean closeFrames,
        long closeWaitNs,
        int earlyBytesMax,
        TunnelMetrics upstreamMetrics) {}
