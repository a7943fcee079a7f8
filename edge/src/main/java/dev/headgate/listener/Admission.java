package dev.headgate.listener;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Connection;
import dev.headgate.forward.PeerAddress;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets connections of one listener in, unless the client's prefix has its share already, and counts them. */
@AnyThread
public final class Admission {
    private final ListenerNode listener;
    private final PrefixLimiter prefixes;
    private final ErrorLog errors;

    /** @param prefixes which counts for all listeners */
    public Admission(ListenerNode listener, PrefixLimiter prefixes, ErrorLog errors) {
        this.listener = listener;
        this.prefixes = prefixes;
        this.errors = errors;
    }

    /** Who it is that comes, or null when it is turned away. */
    public @Nullable PeerAddress admit(Connection connection) {
        int loop = connection.loop().index();
        PeerAddress peer = PeerAddress.of(connection.remoteAddress());
        if (!prefixes.tryOpen(peer)) {
            listener.metrics().onConnectionRefused(loop);
            errors.report(LogEvent.CONNECTION_REFUSED, "listener", listener.name(), "limit", "connectionsPerPrefix");
            return null;
        }
        listener.metrics().onConnectionOpened(loop);
        return peer;
    }

    /**
     * The connection of one that was let in is gone.
     *
     * @param loop the index of its loop
     */
    public void leave(int loop, PeerAddress peer) {
        listener.metrics().onConnectionClosed(loop);
        prefixes.closed(peer);
    }

    public void onAcceptFailed(IOException failure) {
        errors.report(
                LogEvent.ACCEPT_FAILED, "listener", listener.name(), "failure", String.valueOf(failure.getMessage()));
    }
}
