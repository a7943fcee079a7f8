package dev.headgate.tunnel;

import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.http.websocket.FrameBoundaries;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.KeptRecord;
import dev.headgate.observe.TunnelMetrics;
import dev.headgate.route.WebSocketRoute;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that goes through: what an exchange has become whose origin has granted one. It knows what the exchange knew as far as it is to be
 * told in the end, and nothing else of it.
 */
@LoopConfined
public final class WebSocketTunnel implements Tunnel.Owner {
    private static final long US = 1000;
    private static final int SWITCHING_PROTOCOLS = 101;

    /**
     * The attempt that has led here.
     *
     * @param end the origin's side
     * @param durationNs from its start to the head that has granted the WebSocket
     * @param headBytesSent to the origin
     * @param headBytesReceived from there
     */
    public record Attempt(
            UpstreamNode upstream,
            EndpointNode endpoint,
            TunnelEnd end,
            long durationNs,
            long headBytesSent,
            long headBytesReceived) {}

    // Links of the loop's list.
    @Nullable
    WebSocketTunnel previousTunnel;

    @Nullable
    WebSocketTunnel nextTunnel;

    private final LoopContext context;
    private final TunnelMetrics listenerMetrics;
    private final TunnelMetrics upstreamMetrics;
    private final TunnelEnd near;
    private final Attempt attempt;
    private final @Nullable KeptRecord record;
    private final long startedNs; // the exchange
    private final long grantedNs;
    private final Tunnel tunnel;

    WebSocketTunnel(
            LoopContext context,
            ListenerNode listener,
            WebSocketRoute settings,
            TunnelEnd near,
            Attempt attempt,
            @Nullable KeptRecord record,
            long startedNs) {
        this.context = context;
        this.listenerMetrics = listener.metrics().tunnels();
        this.upstreamMetrics = settings.upstreamMetrics();
        this.near = near;
        this.attempt = attempt;
        this.record = record;
        this.startedNs = startedNs;
        this.grantedNs = context.loop().nowNs();
        this.tunnel = new Tunnel(
                context.loop(),
                near.connection(),
                attempt.end().connection(),
                settings.idleNs(),
                settings.ageNs(),
                this);
    }

    /** @param closeFrame see {@link Tunnel#followFrames}; null when frames are not followed */
    void begin(@Nullable ByteBuffer closeFrame, long closeWaitNs) {
        listenerMetrics.onOpened(context.index());
        upstreamMetrics.onOpened(context.index());
        if (closeFrame != null) {
            tunnel.followFrames(new FrameBoundaries(), new FrameBoundaries(), closeFrame, closeWaitNs);
        }
        tunnel.begin(near.hasKept(), near.hasEnded());
    }

    /** Has both sides told that it ends. Where that cannot be said it goes on until it is cut off. */
    void drain() {
        tunnel.close(Tunnel.End.DRAINED);
    }

    void cutOff() {
        tunnel.cutOff();
    }

    // ---- the tunnel

    @Override
    public void onNearBytes(int count) {
        listenerMetrics.onBytesIn(context.index(), count);
        upstreamMetrics.onBytesIn(context.index(), count);
    }

    @Override
    public void onFarBytes(int count) {
        listenerMetrics.onBytesOut(context.index(), count);
        upstreamMetrics.onBytesOut(context.index(), count);
    }

    @Override
    public void onNearGone() {
        near.onGone();
    }

    @Override
    public void onFarGone() {
        attempt.end().onGone();
        attempt.endpoint().onAttemptEnded(context.index(), attempt.durationNs());
        attempt.endpoint()
                .metrics()
                .onAttemptEnded(
                        context.index(),
                        SWITCHING_PROTOCOLS,
                        attempt.headBytesSent() + tunnel.nearBytes(),
                        attempt.headBytesReceived() + tunnel.farBytes());
    }

    @Override
    public void onParted(Tunnel parted) {
        Cause cause = TunnelCauses.of(parted);
        long nowNs = context.loop().nowNs();
        long lifeUs = (nowNs - grantedNs) / US;
        listenerMetrics.onClosed(context.index(), lifeUs);
        upstreamMetrics.onClosed(context.index(), lifeUs);
        listenerMetrics.onEnded(context.index(), cause.ordinal());
        upstreamMetrics.onEnded(context.index(), cause.ordinal());
        context.webSockets().remove(this);
        if (TunnelCauses.isOfEndpoint(cause)) {
            context.accounting().tunnelBroken(attempt.upstream(), attempt.endpoint(), cause);
        }
        context.accounting()
                .tunnelEnded(record, cause, parted.nearBytes(), parted.farBytes(), (nowNs - startedNs) / US);
    }
}
