package dev.headgate.tunnel;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.Admitted;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.TunnelMetrics;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.upstream.EndpointNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client that is to be joined with an endpoint of one upstream.
 * <pre>
 *  OPENING ──open, TLS included──> DIALLING ──an endpoint is connected──> JOINED ──both are gone──> ENDED
 *     └──────────────────────────────┴──── the client goes, or no endpoint is to be had ─────────────^
 * </pre>
 * While it waits, the client's connection keeps what it sends, up to a bound.
 */
@LoopConfined
final class ClientTunnel implements ConnectionHandler, Admitted, Dial.Outcome, Tunnel.Owner {
    private static final long US = 1000;

    private enum State {
        OPENING,
        DIALLING,
        JOINED,
        ENDED
    }

    // Links of the loop's list.
    @Nullable
    ClientTunnel previousTunnel;

    @Nullable
    ClientTunnel nextTunnel;

    private final LoopContext context;
    private final TunnelFactory factory;
    private final TunnelTarget target;
    private final Connection client;
    private final PeerAddress peer;
    private final TunnelMetrics upstreamMetrics;
    private final Dial dial;
    private State state = State.OPENING;
    private @Nullable String serverName;
    private @Nullable LogLabel tls;
    private @Nullable Tunnel tunnel; // from JOINED on
    private int keptBytes; // of the client's, by its connection
    private boolean hasClientEnded;
    private long openedNs;
    private long openedMs;
    private long joinedNs;

    /**
     * @param serverName what is known of it before the connection is open
     */
    ClientTunnel(
            LoopContext context,
            TunnelFactory factory,
            TunnelTarget target,
            Connection client,
            PeerAddress peer,
            @Nullable String serverName) {
        this.context = context;
        this.factory = factory;
        this.target = target;
        this.client = client;
        this.peer = peer;
        this.serverName = serverName;
        this.upstreamMetrics = target.metrics();
        this.dial = new Dial(
                context,
                target.upstream(),
                factory.farOptions(),
                target.upstream().keyOf(peer),
                this);
    }

    // ---- what is to be told of it

    TunnelTarget target() {
        return target;
    }

    PeerAddress peer() {
        return peer;
    }

    @Nullable
    String serverName() {
        return serverName;
    }

    /** TLS that has ended here, for the log; null when there was none. */
    @Nullable
    LogLabel tls() {
        return tls;
    }

    @Nullable
    EndpointNode endpoint() {
        return dial.endpoint();
    }

    int attempts() {
        return dial.attempts();
    }

    long connectedUs() {
        return dial.connectedNs() / US;
    }

    long openedMs() {
        return openedMs;
    }

    long durationUs() {
        return (context.loop().nowNs() - openedNs) / US;
    }

    long bytesIn() {
        return tunnel == null ? 0 : tunnel.nearBytes();
    }

    long bytesOut() {
        return tunnel == null ? 0 : tunnel.farBytes();
    }

    // ---- the client's connection, until it is joined

    @Override
    public void onOpen(Connection opened) {
        state = State.DIALLING;
        openedNs = context.loop().nowNs();
        openedMs = context.loop().wallMs();
        ListenerSecurity security = factory.listener().security();
        if (security != null && opened instanceof SecureConnection secure) {
            tls = security.labelOf(secure);
            serverName = secure.serverName();
        }
        dial.start(opened, serverName);
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (state != State.DIALLING) {
            bytes.position(bytes.limit());
            return;
        }
        keptBytes = bytes.remaining();
        if (keptBytes >= factory.keptBytesMax()) {
            from.pauseReading();
        }
    }

    /** It may have said all it has to say, and wait for the answer. */
    @Override
    public void onEnd(Connection from) {
        hasClientEnded = true;
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        if (state == State.DIALLING) {
            dial.cancel();
            end(TunnelCauses.ofClient(cause));
        }
        state = State.ENDED;
        leave();
    }

    // ---- the way to an endpoint

    @Override
    public void onConnected(Connection far) {
        state = State.JOINED;
        joinedNs = context.loop().nowNs();
        factory.metrics().onOpened(context.index());
        upstreamMetrics.onOpened(context.index());
        Tunnel joined = new Tunnel(context.loop(), client, far, factory.tunnelIdleNs(), factory.tunnelAgeNs(), this);
        tunnel = joined;
        joined.begin(keptBytes > 0, hasClientEnded);
    }

    /** There is no answer that would be none of the origin's: the client sees a reset. */
    @Override
    public void onFailed(Cause cause) {
        end(cause);
        client.abort();
    }

    // ---- the tunnel

    @Override
    public void onNearBytes(int count) {
        factory.metrics().onBytesIn(context.index(), count);
        upstreamMetrics.onBytesIn(context.index(), count);
    }

    @Override
    public void onFarBytes(int count) {
        factory.metrics().onBytesOut(context.index(), count);
        upstreamMetrics.onBytesOut(context.index(), count);
    }

    @Override
    public void onNearGone() {
        leave();
    }

    @Override
    public void onFarGone() {
        dial.onFarGone(bytesIn(), bytesOut());
    }

    @Override
    public void onParted(Tunnel parted) {
        long lifeUs = (context.loop().nowNs() - joinedNs) / US;
        factory.metrics().onClosed(context.index(), lifeUs);
        upstreamMetrics.onClosed(context.index(), lifeUs);
        end(TunnelCauses.of(parted));
    }

    // ---- ending

    private void end(Cause cause) {
        state = State.ENDED;
        factory.metrics().onEnded(context.index(), cause.ordinal());
        upstreamMetrics.onEnded(context.index(), cause.ordinal());
        factory.accounting().ended(context, this, cause);
    }

    /** The client's connection is gone. */
    private void leave() {
        context.tunnels().remove(this);
        factory.admission().leave(context.index(), peer);
    }

    @Override
    public PeerAddress handOver() {
        state = State.ENDED;
        context.tunnels().remove(this);
        return peer;
    }

    /** The proxy is being stopped: what is not yet on its way need not begin. */
    void drain() {
        if (state == State.OPENING) {
            client.close();
        }
    }

    void cutOff() {
        switch (state) {
            case OPENING -> client.abort();
            case DIALLING -> {
                dial.cancel();
                onFailed(Cause.STOPPED);
            }
            case JOINED -> joined().cutOff();
            case ENDED -> {}
        }
    }

    private Tunnel joined() {
        Tunnel made = tunnel;
        assert made != null;
        return made;
    }
}
