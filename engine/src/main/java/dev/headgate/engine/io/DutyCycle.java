package dev.headgate.engine.io;

/** One role's work, cut into steps: run by a thread of its own in production, by the simulator in its schedule. */
public interface DutyCycle {
    /** Answered by {@link #doWork} when there is nothing left to do, ever. */
    int DONE = -1;

    /**
     * Does what is due.
     *
     * @param nowNs the monotonic clock at the start of this cycle
     * @return how much was done, 0 for nothing, or {@link #DONE}
     */
    int doWork(long nowNs);

    /** A cycle threw; the runner has caught it and goes on. */
    void onFailure(Throwable failure);
}
