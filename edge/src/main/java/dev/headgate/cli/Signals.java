package dev.headgate.cli;

/** The signals that steer a running proxy. Actions run on a thread of the JVM and must return soon. */
interface Signals {
    /** Calls {@code action} at each request to end, the first and every further one. */
    void onTerminate(Runnable action);

    /** Calls {@code action} when the terminal hangs up, instead of ending the process. */
    void onHangup(Runnable action);
}
