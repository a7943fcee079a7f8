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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the endpoints of one running upstream. Identity: the upstream's name. All loops share one set of sessions, so that what one has
 * agreed on with an origin another resumes.
 */
@AnyThread
public final class UpstreamSecurity {
    private final String upstream;
    private final TlsRuntime runtime;
    private final Duration handshakeTimeout;
    private final TlsMetrics metrics;
    private final @Nullable String serverName;
    private volatile Current current; // replaced by the watch

    /**
     * What new connections are made with.
     *
     * @param trust who judges origins
     * @param trustEpoch counts the changes of whom that judge believes
     */
    private record Current(TlsClient client, @Nullable X509ExtendedTrustManager trust, int trustEpoch) {}

    private UpstreamSecurity(
            UpstreamConfig config, UpstreamTls tls, ClientContext context, TlsRuntime runtime, TlsMetrics metrics) {
        this.upstream = config.name();
        this.runtime = runtime;
        this.handshakeTimeout = Duration.ofNanos(config.timeouts().handshakeNs());
        this.metrics = metrics;
        this.serverName = tls.serverName().orElse(null);
        this.current = new Current(client(context), context.settings().trust(), 0);
        noteEnd(context);
    }

    /**
     * Makes it.
     *
     * @param settings what {@link UpstreamFiles} has read
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    public static UpstreamSecurity create(
            UpstreamConfig config, UpstreamTls tls, ClientSettings settings, TlsRuntime runtime, TlsMetrics metrics)
            throws GeneralSecurityException {
        return new UpstreamSecurity(config, tls, ClientContext.create(settings), runtime, metrics);
    }

    private TlsClient client(ClientContext context) {
        return new TlsClient(runtime, context, handshakeTimeout, new Observer(metrics));
    }

    private void noteEnd(ClientContext context) {
        Credential own = context.settings().credential();
        metrics.certificatesEndAt(own == null ? Long.MAX_VALUE : own.notAfter().getEpochSecond());
    }

    /** The upstream's name. */
    String upstream() {
        return upstream;
    }

    /**
     * From here on new connections are made with {@code context}, and resume no session from before. Connections that are open live on, for what an origin has
     * been shown it has accepted; but where other roots are trusted now, each is closed before it would be used again: its origin may be one that is
     * no longer believed.
     */
    void swap(ClientContext context) {
        Current before = current;
        X509ExtendedTrustManager trust = context.settings().trust();
        int epoch = before.trustEpoch() + (roots(before.trust()).equals(roots(trust)) ? 0 : 1);
        current = new Current(client(context), trust, epoch);
        noteEnd(context);
        metrics.onCertificatesChanged();
    }

    private static Set<X509Certificate> roots(@Nullable X509ExtendedTrustManager trust) {
        return trust == null ? Set.of() : new HashSet<>(List.of(trust.getAcceptedIssuers()));
    }

    /** New files were of no use. */
    void keepOld() {
        metrics.onCertificatesUnusable();
    }

    /** Changes when other roots are trusted: a connection from before is then not to be used again. */
    public int trustEpoch() {
        return current.trustEpoch();
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
        return current.client()
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
