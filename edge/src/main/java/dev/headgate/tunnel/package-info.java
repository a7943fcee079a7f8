/**
 * Connections whose bytes go through as they come, both ways: those of listeners for TCP, and TLS that does not end here. Start at {@link
 * dev.headgate.tunnel.Tunnel}, which joins two connections and knows nothing of listeners; {@link dev.headgate.tunnel.ClientTunnel} is a
 * client on its way into one, {@link dev.headgate.tunnel.Dial} finds it an endpoint. Everything here belongs to one loop, but for {@link
 * dev.headgate.tunnel.TunnelFactory}, which is immutable.
 */
@NullMarked
package dev.headgate.tunnel;

import org.jspecify.annotations.NullMarked;
