package dev.headgate.exchange;

import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.ListenerNode;

/**
 * Who is at the other end of a downstream connection, as far as all of its exchanges share it.
 *
 * @param listener where it connected
 * @param peer its address
 */
@LoopConfined
public record Client(ListenerNode listener, PeerAddress peer) {}
