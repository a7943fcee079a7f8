package dev.headgate.testkit.memory;

/** A call that a loop makes through the I/O seam and that leaves the JVM in production. */
public enum IoCall {
    /** One wait for readiness. */
    POLL,
    READ,
    /** Of one buffer or several. */
    WRITE,
    /** Also one that finds nobody waiting. */
    ACCEPT,
    CONNECT,
    FINISH_CONNECT,
    /** A socket's first interest; the poller tells the system at its next poll. */
    REGISTER,
    /** An interest that differs from the one that the system knows, told at the next poll. */
    INTEREST,
    /** A socket option. */
    OPTION,
    SHUTDOWN,
    /** In order or by a reset. */
    CLOSE,
    /** Ends the wait of a loop, or of an agent. */
    WAKEUP,
    /** A reading of the monotonic clock: on most systems no system call. */
    CLOCK,
    /** A reading of the wall clock, likewise. */
    WALL_CLOCK
}
