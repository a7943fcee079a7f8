package dev.headgate.downstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.Admission;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.ErrorLog;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a session for each connection that a listener accepts, unless the client's prefix has its share already. */
public final class SessionFactory implements HandlerFactory {
    private final List<LoopContext> contexts;
    private final ListenerNode listener;
    private final Admission admission;

    public SessionFactory(List<LoopContext> contexts, ListenerNode listener, ErrorLog errors) {
        this.contexts = List.copyOf(contexts);
        this.listener = listener;
        this.admission = new Admission(listener, errors);
    }

    @Override
    public void onAcceptFailed(EventLoop loop, IOException failure) {
        admission.onAcceptFailed(failure);
    }

    @Override
    public @Nullable ConnectionHandler onAccept(EventLoop loop, Connection connection) {
        LoopContext context = contexts.get(loop.index());
        PeerAddress peer = admission.admit(context, connection);
        if (peer == null) {
            return null;
        }
        Http1ServerSession session = new Http1ServerSession(context, listener, connection, peer);
        context.sessions().add(session);
        return session;
    }
}
