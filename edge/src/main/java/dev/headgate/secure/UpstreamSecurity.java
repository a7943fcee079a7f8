package dev.headgate.secure;

import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.observe.TlsMetrics;
import dev.headgate.tls.context.ClientContext;
import dev.headgate.tls.context.ClientSettings;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsClient;
import dev.headgate.tls.transport.TlsFailure;
import dev.headgate.tls.transport.TlsObserver;
import dev.headgate.tls.transport.TlsRuntime;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the endpoints of one running upstream. Identity: the upstream's name. All loops share one set of sessions, so that what one has
 * agreed on with an origin another resumes.
 */
@AnyThread
public final class UpstreamSecurity {
    private final TlsClient client;
    private final @Nullable TlsClient clientForAny; // when there are tunnels
    private final @Nullable String serverName;

    private UpstreamSecurity(TlsClient client, @Nullable TlsClient clientForAny, @Nullable String serverName) {
        this.client = client;
        this.clientForAny = clientForAny;
        this.serverName = serverName;
    }

    /**
     * Makes it.
     *
     * @param settings what {@link UpstreamFiles} has read
     * @param isTunnelled whether a listener tunnels to it
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    public static UpstreamSecurity create(
            UpstreamConfig config,
            UpstreamTls tls,
            ClientSettings settings,
            boolean isTunnelled,
            TlsRuntime runtime,
            TlsMetrics metrics)
            throws GeneralSecurityException {
        Credential own = settings.credential();
        if (own != null) {
            metrics.certificatesEndAt(own.notAfter().getEpochSecond());
        }
        Observer observer = new Observer(metrics);
        TlsClient client = client(config, settings, runtime, observer);
        // Sessions have a protocol too, so the two do not share them.
        TlsClient clientForAny =
                isTunnelled ? client(config, settings.withProtocols(List.of()), runtime, observer) : null;
        return new UpstreamSecurity(client, clientForAny, tls.serverName().orElse(null));
    }

    private static TlsClient client(
            UpstreamConfig config, ClientSettings settings, TlsRuntime runtime, Observer observer)
            throws GeneralSecurityException {
        return new TlsClient(
                runtime,
                ClientContext.create(settings),
                Duration.ofNanos(config.timeouts().handshakeNs()),
                observer);
    }

    /**
     * Opens a connection; the handler's {@code onOpen} follows when the handshake is done.
     *
     * @param host of the endpoint, which is asked for and verified unless the configuration has a name
     * @param endpointIndex tells endpoints of one name apart: one's sessions are of no use to another
     */
    @LoopConfined
    public SecureConnection connect(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String host,
            int endpointIndex,
            ConnectionHandler handler) {
        return client.connect(loop, address, options, serverName == null ? host : serverName, endpointIndex, handler);
    }

    /** The same for bytes of which it is not known what they are: no application protocol is offered. */
    @LoopConfined
    public SecureConnection connectForAnyProtocol(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String host,
            int endpointIndex,
            ConnectionHandler handler) {
        return Objects.requireNonNull(clientForAny)
                .connect(loop, address, options, serverName == null ? host : serverName, endpointIndex, handler);
    }

    /** Counts. What failed is told by the exchange that wanted the connection. */
    private record Observer(TlsMetrics metrics) implements TlsObserver {
        @Override
        public void onHandshake(SecureConnection connection, long durationNs) {
            metrics.onHandshake(
                    connection.loop().index(), connection.version(), connection.cipherSuite(), connection.isResumed());
        }

        @Override
        public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {
            metrics.onFailure(connection.loop().index(), failure);
        }
    }
}
