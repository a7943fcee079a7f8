package dev.headgate.engine.io;

import dev.headgate.engine.LoopConfined;

/**
 * One descriptor kept for the moment when there are no others: given up, it lets a loop accept a waiting connection and close it, so that
 * the peer learns of it instead of hanging in the queue.
 */
@LoopConfined
public interface ReserveDescriptor {
    /** Gives the descriptor back to the system; does nothing when none is held. */
    void giveUp();

    /** Takes a descriptor again, if one is to be had. */
    void regain();

    /** Whether a descriptor is held. */
    boolean isHeld();
}
