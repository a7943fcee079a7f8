package dev.headgate.listener;

import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.PeerAddress;

/** The handler of a connection that was {@linkplain Admission admitted}, as long as another can still take its place. */
@LoopConfined
public interface Admitted {
    /** Lets go of a connection that has not been opened to it: whoever takes it over sees to {@link Admission#leave}. */
    PeerAddress handOver();
}
