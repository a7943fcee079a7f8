package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Clock;

/** The system's clocks. */
final class NioClock implements Clock {
    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }
}
