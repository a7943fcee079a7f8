package dev.headgate.listener;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Connection;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.PeerAddress;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets connections of one listener in, unless the client's prefix has its share already, and counts them. */
@AnyThread
public final class Admission {
    private final ListenerNode listener;
    private final ErrorLog errors;

    public Admission(ListenerNode listener, ErrorLog errors) {
        this.listener = listener;
        this.errors = errors;
    }

    /** Who it is that comes, or null when it is turned away. */
    public @Nullable PeerAddress admit(LoopContext context, Connection connection) {
        PeerAddress peer = PeerAddress.of(connection.remoteAddress());
        if (!context.prefixes().tryOpen(peer)) {
            listener.metrics().onConnectionRefused(context.index());
            errors.report(LogEvent.CONNECTION_REFUSED, "listener", listener.name(), "limit", "connectionsPerPrefix");
            return null;
        }
        listener.metrics().onConnectionOpened(context.index());
        return peer;
    }

    /** The connection of one that was let in is gone. */
    public void leave(LoopContext context, PeerAddress peer) {
        listener.metrics().onConnectionClosed(context.index());
        context.prefixes().closed(peer);
    }

    public void onAcceptFailed(IOException failure) {
        errors.report(
                LogEvent.ACCEPT_FAILED, "listener", listener.name(), "failure", String.valueOf(failure.getMessage()));
    }
}
