package dev.headgate.tls.transport;

import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.FirstWords;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.tls.context.ClientContext;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens connections to servers that speak TLS. A handshake that fails closes the connection: it is never used without protection. */
public final class TlsClient {
    private final TlsRuntime runtime;
    private final ClientContext context;
    private final long handshakeTimeoutNs;
    private final TlsObserver observer;

    /**
     * @param handshakeTimeout from the transport being connected to the end of the handshake; how long connecting may take is the caller's affair
     */
    public TlsClient(TlsRuntime runtime, ClientContext context, Duration handshakeTimeout, TlsObserver observer) {
        this.runtime = runtime;
        this.context = context;
        this.handshakeTimeoutNs = handshakeTimeout.toNanos();
        this.observer = observer;
    }

    /**
     * Opens a connection. The handler's {@code onOpen} follows when the handshake is done, or its {@code onClosed}; never from inside this call.
     *
     * @param serverName whom to expect, see {@link ClientContext#newEngine}
     * @param sessionKey tells servers of the same name apart, whose sessions are not each other's; the port will do where there is one only
     * @return the connection, not yet open: only {@code handler}, {@code isHandshaking}, {@code close} and {@code abort} may be called before
     *     {@code onOpen}
     */
    @LoopConfined
    public SecureConnection connect(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String serverName,
            int sessionKey,
            ConnectionHandler handler) {
        return connect(loop, address, options, serverName, sessionKey, handler, null);
    }

    /**
     * The same, with bytes that go ahead of the handshake, in plain text.
     *
     * @param firstWords null for none; not to be changed
     */
    @LoopConfined
    public SecureConnection connect(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String serverName,
            int sessionKey,
            ConnectionHandler handler,
            byte @Nullable [] firstWords) {
        TlsConnection connection = new TlsConnection(runtime.of(loop), observer, handler);
        connection.engine(context.newEngine(serverName, sessionKey));
        connection.begin(new ClientHandshake(connection, handshakeTimeoutNs));
        ConnectionHandler below = firstWords == null ? connection : new FirstWords(firstWords, connection);
        connection.transport(loop.connect(address, options, below));
        return connection;
    }
}
