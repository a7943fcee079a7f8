package dev.headgate.downstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.exchange.LoopContext;
import dev.headgate.listener.ListenerNode;
import dev.headgate.listener.PrefixLimiter;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a session for each connection that a listener accepts, unless the client's prefix has its share already. */
public final class SessionFactory implements HandlerFactory {
    private final List<LoopContext> contexts;
    private final ListenerNode listener;
    private final PrefixLimiter prefixes;
    private final ErrorLog errors;

    public SessionFactory(List<LoopContext> contexts, ListenerNode listener, PrefixLimiter prefixes, ErrorLog errors) {
        this.contexts = List.copyOf(contexts);
        this.listener = listener;
        this.prefixes = prefixes;
        this.errors = errors;
    }

    @Override
    public @Nullable ConnectionHandler onAccept(EventLoop loop, Connection connection) {
        LoopContext context = contexts.get(loop.index());
        InetAddress client = connection.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (client != null && !prefixes.tryOpen(client)) {
            listener.metrics().onConnectionRefused(loop.index());
            errors.report(LogEvent.CONNECTION_REFUSED, "listener", listener.name(), "limit", "connectionsPerPrefix");
            return null;
        }
        listener.metrics().onConnectionOpened(loop.index());
        Http1ServerSession session = new Http1ServerSession(context, listener, connection, client, prefixes);
        context.sessions().add(session);
        return session;
    }
}
