package dev.headgate.bench.load;

/** Follows a run. Called on the thread that called {@link LoadGenerator#run}; the run goes on meanwhile. */
public interface LoadObserver {
    /** Sees nothing. */
    LoadObserver NONE = new LoadObserver() {};

    /** What the generator is at. */
    enum Phase {
        /** Connections are being opened. */
        OPENING,
        /** All are open; load that does not count. */
        WARMING_UP,
        /** Load that counts. */
        MEASURING,
        /** The load has ended; the last answers are awaited. */
        DRAINING,
        /** Idle connections have to answer again. */
        CHECKING_IDLE
    }

    /** A phase begins. The time of what is measured is exact to about a millisecond. */
    default void onPhase(Phase phase) {}

    /** About once per second while load is made, idle connections are opened included. */
    default void onProgress(LoadProgress progress) {}
}
