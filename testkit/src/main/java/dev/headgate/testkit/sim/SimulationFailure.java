package dev.headgate.testkit.sim;

/** An invariant does not hold, or a simulated run came to no end. */
public final class SimulationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulationFailure(String message) {
        super(message);
    }
}
