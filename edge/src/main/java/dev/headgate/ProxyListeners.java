package dev.headgate;

import dev.headgate.config.Address;
import dev.headgate.config.ListenerConfig;
import dev.headgate.downstream.SessionFactory;
import dev.headgate.engine.Engine;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.Listener;
import dev.headgate.engine.SocketOptions;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.ErrorLog;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.secure.PassThroughOnly;
import dev.headgate.secure.PassThroughTable;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tunnel.TunnelFactory;
import dev.headgate.upstream.UpstreamNode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A proxy's listeners: each is bound, with those behind it who speak what it speaks. */
final class ProxyListeners {
    private final Engine engine;
    private final ProxyLoops loops;
    private final List<UpstreamNode> upstreams;
    private final ProxyTls tls;
    private final ErrorLog errors;
    private final List<Listener> bound = new ArrayList<>();
    private final List<BoundListener> told = new ArrayList<>();

    ProxyListeners(Engine engine, ProxyLoops loops, List<UpstreamNode> upstreams, ProxyTls tls, ErrorLog errors) {
        this.engine = engine;
        this.loops = loops;
        this.upstreams = upstreams;
        this.tls = tls;
        this.errors = errors;
    }

    void open(ListenerNode listener) throws HeadgateStartException {
        ListenerConfig settings = listener.config();
        SocketOptions socket =
                SocketOptions.DEFAULTS.withBuffer(settings.limits().bufferBytes());
        ListenOptions options = ListenOptions.at(socketAddress(settings.address()))
                .withBacklog(settings.backlog())
                .withConnectionsMax(settings.limits().connections())
                .withSocketOptions(socket);
        try {
            Listener opened = engine.listen(options, handlers(listener));
            bound.add(opened);
            if (opened.address() instanceof InetSocketAddress inet) {
                listener.boundTo(inet.getPort());
            }
            told.add(new BoundListener(listener.name(), opened.address()));
        } catch (BindException e) {
            String message = "listener " + listener.name() + " cannot bind " + settings.address() + ": " + reasonOf(e);
            throw new HeadgateStartException(HeadgateStartException.Kind.PORT_TAKEN, message, e);
        } catch (IOException e) {
            String message =
                    "listener " + listener.name() + " cannot use " + settings.address() + ": " + e.getMessage();
            throw new HeadgateStartException(HeadgateStartException.Kind.ADDRESS_UNUSABLE, message, e);
        }
    }

    /** What the system said, without the address that the message has already. */
    private static @Nullable String reasonOf(BindException failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
    }

    /** Listeners take address literals and {@code localhost}, which needs no look-up that could block. */
    private static SocketAddress socketAddress(Address address) {
        SocketAddress known = address.knownAddress();
        return known == null && address instanceof Address.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : Objects.requireNonNull(known);
    }

    private HandlerFactory handlers(ListenerNode listener) {
        ListenerConfig settings = listener.config();
        TunnelFactory tunnels = settings.hasTunnels() ? new TunnelFactory(loops.contexts(), listener, errors) : null;
        HandlerFactory sessions = tunnels != null && settings.to().isPresent()
                ? tunnels.toward(upstream(settings.to().get()))
                : new SessionFactory(loops.serverLoops(), listener, errors);
        if (settings.tls().isEmpty()) {
            return sessions;
        }
        PassThroughTable passed = PassThroughTable.of(
                settings.tls().get().passthrough(),
                upstream -> Objects.requireNonNull(tunnels).passing(upstream(upstream)));
        ListenerSecurity security = listener.security();
        TlsRuntime runtime = tls.runtime();
        return security == null
                ? PassThroughOnly.before(
                        sessions, settings, passed, runtime, listener.metrics().tls(), errors)
                : security.before(sessions, passed, runtime);
    }

    private UpstreamNode upstream(String name) {
        return upstreams.stream()
                .filter(upstream -> upstream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** In the order in which they were opened. */
    List<BoundListener> all() {
        return List.copyOf(told);
    }

    /** No more connections are taken in. */
    void close() {
        bound.forEach(Listener::close);
    }
}
