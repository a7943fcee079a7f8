package dev.headgate.secure;

import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.http.RequestHead;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.TlsMetrics;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.NamePolicy;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import dev.headgate.tls.transport.TlsObserver;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tls.transport.TlsServer;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** TLS of one running listener. Identity: the listener's name. */
@AnyThread
public final class ListenerSecurity {
    /** What is spoken inside. */
    private static final List<String> PROTOCOLS = List.of("http/1.1");

    private final String listener;
    private final ServerContext context;
    private final Duration handshakeTimeout;
    private final boolean isHostChecked;
    private final TlsMetrics metrics;
    private final ErrorLog errors;
    private final Map<String, LogLabel> labels = new ConcurrentHashMap<>(); // one per version and cipher suite

    private ListenerSecurity(
            ListenerConfig config, ListenerTls tls, ServerContext context, TlsMetrics metrics, ErrorLog errors) {
        this.listener = config.name();
        this.context = context;
        this.handshakeTimeout = Duration.ofNanos(config.timeouts().handshakeNs());
        this.isHostChecked = tls.sniHost() == ListenerTls.SniHost.STRICT;
        this.metrics = metrics;
        this.errors = errors;
        metrics.certificatesEndAt(firstEndS(context.identities()));
    }

    /**
     * Makes it.
     *
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    public static ListenerSecurity create(
            ListenerConfig config, ListenerTls tls, Identities identities, TlsMetrics metrics, ErrorLog errors)
            throws GeneralSecurityException {
        TlsProfile profile = switch (tls.profile()) {
            case MODERN -> TlsProfile.MODERN;
            case INTERMEDIATE -> TlsProfile.INTERMEDIATE;
        };
        ServerContext context = ServerContext.create(
                ServerSettings.of(profile, PROTOCOLS)
                        .withProvider(tls.provider().orElse(null)),
                identities);
        return new ListenerSecurity(config, tls, context, metrics, errors);
    }

    /** The listener's name. */
    String listener() {
        return listener;
    }

    /** From here on new handshakes show {@code identities}. */
    void swap(Identities identities) {
        context.swap(identities);
        metrics.certificatesEndAt(firstEndS(identities));
        metrics.onCertificatesChanged();
    }

    /** New files were of no use. */
    void keepOld() {
        metrics.onCertificatesUnusable();
    }

    private static long firstEndS(Identities identities) {
        return identities.all().stream()
                .mapToLong(credential -> credential.notAfter().getEpochSecond())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Puts TLS between accepted sockets and the sessions that {@code sessions} makes. */
    public HandlerFactory before(HandlerFactory sessions, TlsRuntime runtime) {
        return new TlsServer(runtime, new NamePolicy(context), handshakeTimeout, sessions, new Observer());
    }

    /** What the access log says of a connection: version and cipher suite. */
    public LogLabel labelOf(SecureConnection connection) {
        return labels.computeIfAbsent(connection.version() + " " + connection.cipherSuite(), LogLabel::of);
    }

    /**
     * Whether a request's host is not what its connection was made for, and the certificate that was shown is not that host's either
     * (RFC 9110 §15.5.20). Allocates when the two differ.
     */
    public boolean isMisdirected(SecureConnection connection, RequestHead head) {
        if (!isHostChecked || head.hostLength() == 0) {
            return false;
        }
        String asked = connection.serverName();
        if (asked != null && isSame(asked, head.bytes(), head.hostOffset(), head.hostLength())) {
            return false;
        }
        String host = textOf(head.bytes(), head.hostOffset(), head.hostLength());
        return !context.identities().areSame(asked, host);
    }

    private static boolean isSame(String name, ByteBuffer bytes, int offset, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != (bytes.get(offset + i) & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private static String textOf(ByteBuffer bytes, int offset, int length) {
        byte[] copy = new byte[length];
        bytes.get(offset, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    /** Counts, and tells the error log. */
    private final class Observer implements TlsObserver {
        @Override
        public void onHandshake(SecureConnection connection, long durationNs) {
            metrics.onHandshake(
                    connection.loop().index(), connection.version(), connection.cipherSuite(), connection.isResumed());
        }

        @Override
        public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {
            metrics.onFailure(connection.loop().index(), failure);
            if (failure != TlsFailure.TRUNCATED) { // Which browsers do with every connection.
                errors.report(
                        LogEvent.TLS_FAILED,
                        "listener",
                        listener,
                        "client",
                        addressOf(connection),
                        "failure",
                        failure.token() + ": " + detail);
            }
        }
    }

    private static String addressOf(SecureConnection connection) {
        SocketAddress address = connection.remoteAddress();
        return address == null ? "" : address.toString();
    }
}
