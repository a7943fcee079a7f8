package dev.headgate;

import dev.headgate.engine.Immutable;
import java.net.SocketAddress;

/**
 * A listener that accepts connections.
 *
 * @param name as configured
 * @param address where it is bound, with the actual port
 */
@Immutable
public record BoundListener(String name, SocketAddress address) {}
