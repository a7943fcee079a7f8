package dev.headgate.bench.fault;

import java.time.Duration;

/**
 * How long the parts of a scenario take.
 *
 * @param warmUp load that does not count
 * @param before load that counts while all is well
 * @param hold how long a fault lasts; those that need their own time take that
 * @param after load that counts when the fault is over
 */
public record FaultTimes(Duration warmUp, Duration before, Duration hold, Duration after) {
    /** From when an origin says that it is about to end to when it does: three checks a second apart, and a little more. */
    public static final Duration DRAIN_LEAD = Duration.ofMillis(3500);

    /** From one origin's turn to the next one's in a rolling restart: it has to be started, and found well by two checks. */
    public static final Duration RESTART_PACE = Duration.ofMillis(4500);

    /** How long an origin that flaps is one way, and then the other. */
    public static final Duration FLAP = Duration.ofSeconds(1);

    /** The same, but with faults that last so long. */
    FaultTimes holding(Duration time) {
        return new FaultTimes(warmUp, before, time, after);
    }
}
