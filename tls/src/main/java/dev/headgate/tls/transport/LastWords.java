package dev.headgate.tls.transport;

import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;

/** Gives a peer a while to take what it is told in the end; one that takes nothing does not keep the connection. */
@LoopConfined
final class LastWords extends Timer {
    private static final long PATIENCE_NS = 2_000_000_000;

    private final Connection transport;

    LastWords(Connection transport) {
        this.transport = transport;
        transport.loop().timers().arm(this, transport.loop().nowNs() + PATIENCE_NS);
    }

    /** The connection is gone. */
    void end() {
        transport.loop().timers().retire(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        transport.abort();
    }
}
