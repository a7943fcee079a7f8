package dev.headgate.bench.load;

import java.time.Duration;
import java.util.Objects;

/**
 * Clients beside the load that take their time, for ever: after an answer they begin anew, after a failure they connect again.
 *
 * @param connections how many, all loops together
 * @param kind what they are slow at
 * @param target what they ask for
 * @param pause between two bytes sent, or two reads
 */
public record SlowClients(int connections, Kind kind, String target, Duration pause) {
    /** What is slow. */
    public enum Kind {
        /** The request's head is sent byte by byte. */
        SENDING,
        /** Whatever has arrived is read only after each pause, through a receive buffer of 4 KiB. */
        READING
    }

    /** There are none. */
    public static final SlowClients NONE = new SlowClients(0, Kind.SENDING, "/", Duration.ofMillis(100));

    public SlowClients {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(target, "target");
        if (connections < 0 || connections > LoadPlan.CONNECTIONS_MAX) {
            throw new IllegalArgumentException(
                    "slow clients out of range: " + connections + ", from 0 to " + LoadPlan.CONNECTIONS_MAX);
        }
        if (!pause.isPositive()) {
            throw new IllegalArgumentException("pause must be positive: " + pause);
        }
    }
}
