package dev.headgate.secure;

import dev.headgate.engine.io.Clock;
import java.time.Instant;

/** Both clocks, moved by the test alone. */
final class MovedTime implements Clock {
    long monotonicNs;
    Instant wall = Instant.now();

    @Override
    public long monotonicNs() {
        return monotonicNs;
    }

    @Override
    public long wallMs() {
        return wall.toEpochMilli();
    }
}
