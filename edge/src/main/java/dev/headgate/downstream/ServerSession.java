package dev.headgate.downstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.Client;
import dev.headgate.exchange.ClientIdentity;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.CertificateFields;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.RequestHead;
import dev.headgate.listener.Admitted;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.LogLabel;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.tls.transport.SecureConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, whatever is spoken on it: who is at the other end, and a place in the loop's list. Extends
 * {@link Timer} to be small: there is one deadline at a time.
 */
@LoopConfined
@HotPath
abstract class ServerSession extends Timer implements ConnectionHandler, Client, Admitted {
    final ServerLoop shared;
    final ListenerNode listener;
    final Connection connection;
    final PeerAddress peer;
    private @Nullable SecureClient secureClient; // set when a TLS handshake is done

    // Links of the loop's list of sessions.
    @Nullable
    ServerSession previousSession;

    @Nullable
    ServerSession nextSession;

    ServerSession(ServerLoop shared, ListenerNode listener, Connection connection, PeerAddress peer) {
        this.shared = shared;
        this.listener = listener;
        this.connection = connection;
        this.peer = peer;
    }

    final LoopContext context() {
        return shared.context();
    }

    @Override
    public final ListenerNode listener() {
        return listener;
    }

    @Override
    public final Connection connection() {
        return connection;
    }

    @Override
    public final PeerAddress peer() {
        return peer;
    }

    @Override
    public final @Nullable LogLabel tls() {
        SecureClient secure = secureClient;
        return secure == null ? null : secure.label();
    }

    @Override
    public final @Nullable ClientIdentity identity() {
        SecureClient secure = secureClient;
        return secure == null ? null : secure.identity();
    }

    @Override
    public final CertificateFields certificateFields() {
        ClientIdentity known = identity();
        return known == null ? listener.certificates().of(null) : known.fields();
    }

    @Override
    public final boolean isMisdirected(RequestHead head) {
        SecureClient secure = secureClient;
        return secure != null && connection instanceof SecureConnection own && secure.isMisdirected(own, head);
    }

    @Override
    public final PeerAddress handOver() {
        shared.sessions().remove(this);
        return peer;
    }

    /** Takes note of who the client is, once its connection is open. */
    final void meet(Connection opened) {
        ListenerSecurity security = listener.security();
        if (security != null && opened instanceof SecureConnection secure) {
            secureClient = new SecureClient(security, secure, listener.certificates());
        }
    }

    /** The connection is gone: the session is no longer one of its loop's. */
    final void leave() {
        context().loop().timers().retire(this);
        shared.sessions().remove(this);
        listener.metrics().onConnectionClosed(context().index());
        context().prefixes().closed(peer);
    }

    final void arm(long timeoutNs) {
        context().loop().timers().arm(this, context().loop().nowNs() + timeoutNs);
    }

    /** Closes the connection when it is idle, and otherwise when what is being served has been. */
    abstract void drainConnection();

    /** The loop stops now, and closes in order: what must not end so is broken off. */
    abstract void cutOff();
}
