package dev.headgate.tunnel;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.KeptRecord;
import dev.headgate.route.Route;
import dev.headgate.route.WebSocketRoute;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of one loop, linked through themselves; the newest is first. When the proxy is being stopped they are closed one after the other, so
 * that not all of their clients come back elsewhere at once: the deadline is that of the next.
 */
@LoopConfined
public final class WebSockets extends Timer {
    /** The part of the drain time over which they are spread; the rest is for the last of them to answer. */
    private static final long SPREAD_PARTS = 3;

    private static final long PARTS = 4;

    private final LoopContext context;
    private final ByteBuffer closeFrame = ByteBuffer.allocateDirect(CloseFrame.BYTES_MAX);
    private @Nullable WebSocketTunnel first;
    private int count;

    // While draining.
    private boolean isDraining;
    private @Nullable WebSocketTunnel next; // and those behind it have not been told yet
    private long intervalNs;
    private long nextNs;

    public WebSockets(LoopContext context) {
        this.context = context;
    }

    /**
     * An exchange has become one.
     *
     * @param route one that has WebSockets
     * @param near the client's side
     * @param record what the access log says of the exchange; null without one
     * @param startedNs when the exchange began
     */
    public void begin(
            ListenerNode listener,
            Route route,
            TunnelEnd near,
            WebSocketTunnel.Attempt attempt,
            @Nullable KeptRecord record,
            long startedNs) {
        WebSocketRoute settings = route.webSocket();
        assert settings != null;
        WebSocketTunnel tunnel = new WebSocketTunnel(context, listener, settings, near, attempt, record, startedNs);
        add(tunnel);
        tunnel.begin(settings.closeFrames() ? closeFrame : null, settings.closeWaitNs());
        if (isDraining) {
            tunnel.drain();
        }
    }

    /**
     * Closes all of them, one after the other.
     *
     * @param drainNs the time that there is
     * @param asToldNs from one to the next; 0: such that they are spread over the time
     */
    public void drain(long drainNs, long asToldNs) {
        isDraining = true;
        intervalNs = asToldNs > 0 ? asToldNs : drainNs / PARTS * SPREAD_PARTS / Math.max(1, count);
        next = first;
        nextNs = context.loop().nowNs();
        onDeadline(nextNs);
    }

    @Override
    protected void onDeadline(long nowNs) {
        WebSocketTunnel told = next;
        while (told != null && nowNs - nextNs >= 0) {
            next = told.nextTunnel;
            nextNs += intervalNs;
            told.drain();
            told = next;
        }
        if (next != null) {
            context.loop().timers().arm(this, nextNs);
        }
    }

    /** Breaks all of them off. */
    public void cutOff() {
        for (WebSocketTunnel tunnel = first; tunnel != null; tunnel = tunnel.nextTunnel) {
            tunnel.cutOff();
        }
    }

    private void add(WebSocketTunnel tunnel) {
        tunnel.nextTunnel = first;
        if (first != null) {
            first.previousTunnel = tunnel;
        }
        first = tunnel;
        count++;
    }

    void remove(WebSocketTunnel tunnel) {
        WebSocketTunnel previous = tunnel.previousTunnel;
        WebSocketTunnel following = tunnel.nextTunnel;
        if (tunnel == next) {
            next = following;
            if (next == null) {
                context.loop().timers().retire(this);
            }
        }
        if (previous == null) {
            first = following;
        } else {
            previous.nextTunnel = following;
        }
        if (following != null) {
            following.previousTunnel = previous;
        }
        count--;
    }
}
