package dev.headgate.engine.io;

/** Whether several sockets may listen on one address. */
public enum PortSharing {
    /** One socket only: a second bind fails. */
    EXCLUSIVE,
    /** The kernel spreads connections over all sockets that ask for this; needs {@link Io#supportsPortSharing}. */
    SHARED
}
