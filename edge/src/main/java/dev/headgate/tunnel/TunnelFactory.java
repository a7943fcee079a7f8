package dev.headgate.tunnel;

import dev.headgate.config.ListenerConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.Admission;
import dev.headgate.listener.Admitted;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.TunnelMetrics;
import dev.headgate.tls.transport.HelloDecision;
import dev.headgate.upstream.UpstreamNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the tunnels of one listener: of every connection that it accepts, and of those that are passed through. */
@AnyThread
public final class TunnelFactory {
    /** With one read more it must fit into what the client's connection keeps ({@link SocketOptions#retainedReadBytesMax}). */
    private static final int KEPT_BYTES_MAX = 64 * 1024;

    private final List<LoopContext> contexts;
    private final ListenerNode listener;
    private final Admission admission;
    private final TunnelAccounting accounting;
    private final TunnelMetrics metrics;
    private final SocketOptions farOptions;

    /**
     * @param contexts one for each loop
     */
    public TunnelFactory(List<LoopContext> contexts, ListenerNode listener, ErrorLog errors) {
        this.contexts = List.copyOf(contexts);
        this.listener = listener;
        this.admission = new Admission(listener, contexts.getFirst().prefixes(), errors);
        this.accounting = new TunnelAccounting(listener, errors);
        this.metrics = listener.metrics().tunnels();
        this.farOptions =
                SocketOptions.DEFAULTS.withBuffer(listener.config().limits().bufferBytes());
    }

    /** Tunnels every connection to {@code upstream}. */
    public HandlerFactory toward(UpstreamNode upstream) {
        TunnelTarget target = TunnelTarget.tcp(upstream);
        return new HandlerFactory() {
            @Override
            public @Nullable ConnectionHandler onAccept(EventLoop loop, Connection connection) {
                LoopContext context = contexts.get(loop.index());
                PeerAddress peer = admission.admit(connection);
                return peer == null ? null : begin(context, target, connection, peer, null);
            }

            @Override
            public void onAcceptFailed(EventLoop loop, IOException failure) {
                admission.onAcceptFailed(failure);
            }
        };
    }

    /** Takes over connections whose TLS is between their clients and {@code upstream}. */
    public HelloDecision.PassThrough passing(UpstreamNode upstream) {
        TunnelTarget target = TunnelTarget.passed(upstream);
        return new HelloDecision.PassThrough((transport, before, serverName) -> {
            if (!(before instanceof Admitted admitted)) {
                throw new IllegalStateException("not of a listener: " + before);
            }
            LoopContext context = contexts.get(transport.loop().index());
            return begin(context, target, transport, admitted.handOver(), serverName);
        });
    }

    private ClientTunnel begin(
            LoopContext context,
            TunnelTarget target,
            Connection client,
            PeerAddress peer,
            @Nullable String serverName) {
        ClientTunnel tunnel = new ClientTunnel(context, this, target, client, peer, serverName);
        context.tunnels().add(tunnel);
        return tunnel;
    }

    // ---- for its tunnels

    ListenerNode listener() {
        return listener;
    }

    private ListenerConfig config() {
        return listener.config();
    }

    Admission admission() {
        return admission;
    }

    TunnelAccounting accounting() {
        return accounting;
    }

    TunnelMetrics metrics() {
        return metrics;
    }

    SocketOptions farOptions() {
        return farOptions;
    }

    /** What a client may send before an endpoint is connected; then it waits, with one read more. */
    int keptBytesMax() {
        return Math.min(config().limits().bufferBytes(), KEPT_BYTES_MAX);
    }

    long tunnelIdleNs() {
        return config().timeouts().tunnelIdleNs();
    }

    long tunnelAgeNs() {
        return config().timeouts().tunnelAgeNs();
    }
}
