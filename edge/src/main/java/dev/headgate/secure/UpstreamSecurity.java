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
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the endpoints of one running upstream. Identity: the upstream's name. All loops share one set of sessions, so that what one has
 * agreed on with an origin another resumes.
 */
@AnyThread
public final class UpstreamSecurity {
    private static final String HTTP_1_1 = "http/1.1";

    private final String upstream;
    private final boolean isTunnelled;
    private final TlsRuntime runtime;
    private final Duration handshakeTimeout;
    private final TlsMetrics metrics;
    private final @Nullable String serverName;
    private final List<String> requestProtocols;
    private final List<String> tunnelProtocols;
    private volatile Current current; // replaced by the watch

    /**
     * What new connections are made with.
     *
     * @param clientForAny when there are tunnels, which offer other protocols as a rule; sessions have one too, so the two do not share them
     * @param clientForHttp1 when that is one of several protocols that origins are offered, for what takes it alone
     * @param trust who judges origins
     * @param credential what is shown to origins that ask
     * @param trustEpoch counts the changes of whom that judge believes
     */
    private record Current(
            TlsClient client,
            @Nullable TlsClient clientForAny,
            @Nullable TlsClient clientForHttp1,
            @Nullable X509ExtendedTrustManager trust,
            @Nullable Credential credential,
            int trustEpoch) {}

    private UpstreamSecurity(
            UpstreamConfig config,
            UpstreamTls tls,
            ClientSettings settings,
            boolean isTunnelled,
            TlsRuntime runtime,
            TlsMetrics metrics)
            throws GeneralSecurityException {
        this.upstream = config.name();
        this.isTunnelled = isTunnelled;
        this.runtime = runtime;
        this.handshakeTimeout = Duration.ofNanos(config.timeouts().handshakeNs());
        this.metrics = metrics;
        this.serverName = tls.serverName().orElse(null);
        this.requestProtocols = tls.requestProtocols(config.protocol());
        this.tunnelProtocols = tls.tunnelProtocols();
        this.current = current(settings, 0);
        noteEnd(settings);
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
        return new UpstreamSecurity(config, tls, settings, isTunnelled, runtime, metrics);
    }

    private Current current(ClientSettings settings, int trustEpoch) throws GeneralSecurityException {
        TlsClient any = isTunnelled ? client(settings.withProtocols(tunnelProtocols)) : null;
        boolean isHttp1OneOfSeveral = requestProtocols.size() > 1 && requestProtocols.contains(HTTP_1_1);
        return new Current(
                client(settings.withProtocols(requestProtocols)),
                any,
                isHttp1OneOfSeveral ? client(settings.withProtocols(List.of(HTTP_1_1))) : null,
                settings.trust(),
                settings.credential(),
                trustEpoch);
    }

    private TlsClient client(ClientSettings settings) throws GeneralSecurityException {
        return new TlsClient(runtime, ClientContext.create(settings), handshakeTimeout, new Observer(metrics));
    }

    private void noteEnd(ClientSettings settings) {
        Credential own = settings.credential();
        metrics.certificatesEndAt(own == null ? Long.MAX_VALUE : own.notAfter().getEpochSecond());
    }

    /** The upstream's name. */
    String upstream() {
        return upstream;
    }

    /** What is shown to origins that ask; of an upstream that has a certificate. */
    Credential credentialOrThrow() {
        return Objects.requireNonNull(current.credential());
    }

    /**
     * Prepares a change: once what is returned has run, new connections are made by {@code settings}, and resume no session from before. Connections that are open live on, for what an origin has
     * been shown it has accepted; but where other roots are trusted now, each is closed before it would be used again: its origin may be one that is
     * no longer believed.
     *
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    Runnable swapTo(ClientSettings settings) throws GeneralSecurityException {
        Current before = current;
        int epoch = before.trustEpoch() + (roots(before.trust()).equals(roots(settings.trust())) ? 0 : 1);
        Current next = current(settings, epoch);
        return () -> {
            current = next;
            noteEnd(settings);
            metrics.onCertificatesChanged();
        };
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
     * @param firstWords what goes ahead of the handshake in plain text; null for nothing
     */
    @LoopConfined
    public SecureConnection connect(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String host,
            int endpointIndex,
            ConnectionHandler handler,
            byte @Nullable [] firstWords) {
        return current.client()
                .connect(
                        loop,
                        address,
                        options,
                        serverName == null ? host : serverName,
                        endpointIndex,
                        handler,
                        firstWords);
    }

    /** The same for HTTP/1.1: where an origin may choose another protocol, it may not here. */
    @LoopConfined
    public SecureConnection connectForHttp1(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String host,
            int endpointIndex,
            ConnectionHandler handler,
            byte @Nullable [] firstWords) {
        Current now = current;
        TlsClient client = now.clientForHttp1() == null ? now.client() : now.clientForHttp1();
        return client.connect(
                loop, address, options, serverName == null ? host : serverName, endpointIndex, handler, firstWords);
    }

    /** The same for bytes of which it is not known what they are: no application protocol is offered but those that are configured. */
    @LoopConfined
    public SecureConnection connectForAnyProtocol(
            EventLoop loop,
            SocketAddress address,
            SocketOptions options,
            String host,
            int endpointIndex,
            ConnectionHandler handler,
            byte @Nullable [] firstWords) {
        return Objects.requireNonNull(current.clientForAny())
                .connect(
                        loop,
                        address,
                        options,
                        serverName == null ? host : serverName,
                        endpointIndex,
                        handler,
                        firstWords);
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
