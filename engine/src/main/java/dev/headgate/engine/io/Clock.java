package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;

/** Monotonic and wall-clock time. */
@AnyThread
public interface Clock {
    /** Nanoseconds from an arbitrary origin; compare by subtraction. */
    long monotonicNs();

    /** Milliseconds since the epoch; may jump. */
    long wallMs();
}
