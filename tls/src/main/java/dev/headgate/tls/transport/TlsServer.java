package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS on the connections that a listener accepts, and shows plain bytes to the handlers of another factory. That one is asked at
 * accept, with a {@link SecureConnection}; its handler's {@code onOpen} comes when the handshake is done. It never comes to a connection that is
 * {@linkplain HelloDecision.PassThrough passed through}, which another handler has then.
 */
@AnyThread
public final class TlsServer implements HandlerFactory {
    private final TlsRuntime runtime;
    private final HelloPolicy policy;
    private final long handshakeTimeoutNs;
    private final HandlerFactory next;
    private final TlsObserver observer;

    /**
     * @param policy asked for each connection
     * @param handshakeTimeout from accept to the end of the handshake; then the connection is closed
     * @param next makes the handlers
     */
    public TlsServer(
            TlsRuntime runtime,
            HelloPolicy policy,
            Duration handshakeTimeout,
            HandlerFactory next,
            TlsObserver observer) {
        this.runtime = runtime;
        this.policy = policy;
        this.handshakeTimeoutNs = handshakeTimeout.toNanos();
        this.next = next;
        this.observer = observer;
    }

    @Override
    public @Nullable ConnectionHandler onAccept(EventLoop loop, Connection transport) {
        TlsConnection connection = new TlsConnection(runtime.of(loop), observer, TlsConnection.NO_HANDLER);
        connection.transport(transport);
        ConnectionHandler handler = next.onAccept(loop, connection);
        if (handler == null) {
            return null;
        }
        connection.handler(handler);
        connection.begin(new ServerHandshake(connection, policy, handshakeTimeoutNs));
        return connection;
    }

    @Override
    public void onAcceptFailed(EventLoop loop, IOException failure) {
        next.onAcceptFailed(loop, failure);
    }
}
