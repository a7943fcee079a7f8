package dev.headgate.exchange;

import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.ListenerNode;

/** Who is at the other end of a downstream connection, as far as all of its exchanges share it. */
@LoopConfined
public interface Client {
    /** Where it connected. */
    ListenerNode listener();

    /** The address at the other end of its connection. */
    PeerAddress peer();
}
