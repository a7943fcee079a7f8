package dev.headgate.downstream;

import dev.headgate.config.ListenerConfig.Protocol;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.Admission;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.ErrorLog;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a session for each connection that a listener accepts, unless the client's prefix has its share already. */
public final class SessionFactory implements HandlerFactory {
    private final List<ServerLoop> loops;
    private final ListenerNode listener;
    private final Admission admission;

    public SessionFactory(List<ServerLoop> loops, ListenerNode listener, ErrorLog errors) {
        this.loops = List.copyOf(loops);
        this.listener = listener;
        this.admission = new Admission(listener, loops.getFirst().context().prefixes(), errors);
    }

    @Override
    public void onAcceptFailed(EventLoop loop, IOException failure) {
        admission.onAcceptFailed(failure);
    }

    @Override
    public @Nullable ConnectionHandler onAccept(EventLoop loop, Connection connection) {
        PeerAddress peer = admission.admit(connection);
        if (peer == null) {
            return null;
        }
        ServerLoop shared = loops.get(loop.index());
        ServerSession session = session(shared, connection, peer);
        shared.sessions().add(session);
        return session;
    }

    private ServerSession session(ServerLoop shared, Connection connection, PeerAddress peer) {
        List<Protocol> spoken = listener.config().protocols();
        if (!spoken.contains(Protocol.HTTP_2)) {
            return new Http1ServerSession(shared, listener, connection, peer);
        }
        return spoken.contains(Protocol.HTTP_1_1)
                ? new ProtocolChoice(shared, listener, connection, peer)
                : new Http2ServerSession(shared, listener, connection, peer);
    }
}
