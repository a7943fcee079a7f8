package dev.headgate.downstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.listener.ListenerNode;
import dev.headgate.tls.transport.SecureConnection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of which it is not known yet what is spoken on it. Over TLS the client has said so in its handshake (RFC 7301), and one that
 * has not speaks HTTP/1.1 (RFC 9113 §3.2); on a plain connection its first bytes tell, for no request of HTTP/1.1 begins as HTTP/2 does (RFC 9113 §3.3).
 */
@LoopConfined
final class ProtocolChoice extends ServerSession {
    private static final String HTTP_2 = "h2";

    ProtocolChoice(ServerLoop shared, ListenerNode listener, Connection connection, PeerAddress peer) {
        super(shared, listener, connection, peer);
    }

    @Override
    public void onOpen(Connection opened) {
        if (opened instanceof SecureConnection secure) {
            handTo(
                    HTTP_2.equals(secure.applicationProtocol())
                            ? new Http2ServerSession(shared, listener, connection, peer)
                            : new Http1ServerSession(shared, listener, connection, peer),
                    null);
        } else {
            arm(listener.headerTimeoutNs());
        }
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        int compared = Math.min(bytes.remaining(), Http2Connection.PREFACE_BYTES);
        if (!Http2Connection.isPreface(bytes, compared)) {
            handTo(new Http1ServerSession(shared, listener, connection, peer), bytes);
        } else if (compared == Http2Connection.PREFACE_BYTES) {
            handTo(new Http2ServerSession(shared, listener, connection, peer), bytes);
        }
    }

    private void handTo(ServerSession chosen, @Nullable ByteBuffer bytes) {
        context().loop().timers().retire(this);
        shared.sessions().remove(this);
        shared.sessions().add(chosen);
        connection.handler(chosen);
        chosen.onOpen(connection);
        if (bytes != null) {
            chosen.onBytes(connection, bytes);
        }
    }

    @Override
    public void onEnd(Connection from) {
        from.close();
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        leave();
    }

    /** Nothing that would be a request has come: no answer belongs here. */
    @Override
    protected void onDeadline(long nowNs) {
        connection.close();
    }

    @Override
    void drainConnection() {
        connection.close();
    }

    @Override
    void cutOff() {
        // Nothing is being served.
    }
}
