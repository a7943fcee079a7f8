package dev.headgate.tunnel;

import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** The clients with tunnels of one loop, linked through themselves. */
@LoopConfined
public final class TunnelList {
    private @Nullable ClientTunnel first;

    public TunnelList() {}

    void add(ClientTunnel tunnel) {
        tunnel.nextTunnel = first;
        if (first != null) {
            first.previousTunnel = tunnel;
        }
        first = tunnel;
    }

    void remove(ClientTunnel tunnel) {
        ClientTunnel previous = tunnel.previousTunnel;
        ClientTunnel next = tunnel.nextTunnel;
        if (previous == null && first != tunnel) {
            return;
        }
        if (previous == null) {
            first = next;
        } else {
            previous.nextTunnel = next;
        }
        if (next != null) {
            next.previousTunnel = previous;
        }
        tunnel.previousTunnel = null;
        tunnel.nextTunnel = null;
    }

    /** Tunnels go on; clients that have not got as far go. */
    public void drain() {
        for (ClientTunnel tunnel = first; tunnel != null; tunnel = tunnel.nextTunnel) {
            tunnel.drain();
        }
    }

    /** Breaks all of them off. */
    public void cutOff() {
        for (ClientTunnel tunnel = first; tunnel != null; tunnel = tunnel.nextTunnel) {
            tunnel.cutOff();
        }
    }
}
