package dev.headgate.secure;

import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.http.RequestHead;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.TlsMetrics;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.ServerSettings.ClientAuth;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.context.WarmUp;
import dev.headgate.tls.transport.HelloPolicy;
import dev.headgate.tls.transport.NamePolicy;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tls.transport.TlsServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** TLS of one running listener. Identity: the listener's name. */
@AnyThread
public final class ListenerSecurity {
    /** What is spoken inside. */
    private final String listener;

    private final ClientPolicies policies;
    private final AtomicReferenceArray<ServerContext> contexts; // by the policies' numbers
    private final List<ClientTrust> trusts; // likewise; the watch's alone
    private final InstantSource clock;
    private final TlsProfile profile;
    private final List<String> protocols;
    private final @Nullable String provider;
    private volatile Identities identities;
    private final Duration handshakeTimeout;
    private final boolean isHostChecked;
    private final boolean asksAnybody;
    private final TlsMetrics metrics;
    private final ErrorLog errors;
    private final Map<String, LogLabel> labels = new ConcurrentHashMap<>(); // one per version and cipher suite

    private ListenerSecurity(
            ListenerConfig config,
            ListenerTls tls,
            Identities identities,
            List<ClientTrust> trusts,
            InstantSource clock,
            TlsMetrics metrics,
            ErrorLog errors)
            throws GeneralSecurityException {
        this.listener = config.name();
        this.identities = identities;
        this.policies = new ClientPolicies(tls.clientAuth());
        this.trusts = new ArrayList<>(trusts);
        this.clock = clock;
        this.profile = switch (tls.profile()) {
            case MODERN -> TlsProfile.MODERN;
            case INTERMEDIATE -> TlsProfile.INTERMEDIATE;
        };
        this.protocols = config.isLayer4() // Whatever a tunnel carries, it is not ours to choose.
                ? List.of()
                : config.protocols().stream()
                        .map(ListenerConfig.Protocol::token)
                        .toList();
        this.provider = tls.provider().orElse(null);
        this.contexts = new AtomicReferenceArray<>(policies.count());
        for (int i = 0; i < policies.count(); i++) {
            contexts.set(i, context(i, trusts.get(i)));
        }
        this.handshakeTimeout = Duration.ofNanos(config.timeouts().handshakeNs());
        this.isHostChecked = tls.sniHost() == ListenerTls.SniHost.STRICT;
        this.asksAnybody = tls.clientAuth().asksAnybody();
        this.metrics = metrics;
        this.errors = errors;
        metrics.certificatesEndAt(firstEndS(identities));
    }

    /**
     * Makes it.
     *
     * @param clients whom clients are believed by, under each policy
     * @param clock by which their certificates are judged
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    public static ListenerSecurity create(
            ListenerConfig config,
            ListenerTls tls,
            Identities identities,
            ClientTrustReading clients,
            InstantSource clock,
            TlsMetrics metrics,
            ErrorLog errors)
            throws GeneralSecurityException {
        return new ListenerSecurity(config, tls, identities, clients.trusts(), clock, metrics, errors);
    }

    /** Sessions belong to the context that they were made in, so there is one per policy, and a new one when its authorities change. */
    private ServerContext context(int policy, ClientTrust trust) throws GeneralSecurityException {
        ServerSettings plain = ServerSettings.of(profile, protocols).withProvider(provider);
        ServerSettings settings = switch (policies.policy(policy).mode()) {
            case OFF -> plain;
            case REQUEST -> plain.withClientAuth(ClientAuth.REQUEST, trust.judge(clock));
            case OPTIONAL -> plain.withClientAuth(ClientAuth.OPTIONAL, trust.judge(clock));
            case REQUIRE -> plain.withClientAuth(ClientAuth.REQUIRE, trust.judge(clock));
        };
        return ServerContext.create(settings, identities);
    }

    /**
     * Handshakes in memory by this listener's settings, without certificates of clients. Nothing for a provider other than the JDK's: what such a one
     * runs is seldom the JVM's to compile.
     *
     * @throws GeneralSecurityException when the JDK has no TLS that can be used
     */
    public Optional<WarmUp> newWarmUp() throws GeneralSecurityException {
        return provider == null
                ? Optional.of(WarmUp.of(ServerSettings.of(profile, protocols), identities))
                : Optional.empty();
    }

    /** How many handshakes clients have made so far; it may lag behind a little. */
    public long handshakes() {
        return metrics.handshakes();
    }

    /** The listener's name. */
    String listener() {
        return listener;
    }

    /** What new handshakes show: one credential for each certificate of the settings, in their order. */
    Identities identities() {
        return identities;
    }

    /** From here on new handshakes show {@code changed}. */
    void swap(Identities changed) {
        identities = changed;
        for (int i = 0; i < contexts.length(); i++) {
            contexts.get(i).swap(changed);
        }
        metrics.certificatesEndAt(firstEndS(changed));
        metrics.onCertificatesChanged();
    }

    /** New files were of no use. */
    void keepOld() {
        metrics.onCertificatesUnusable();
    }

    /** From here on the clients of a policy are believed by {@code changed}, those in a handshake too, and no session from before is resumed. */
    void trust(int policy, ClientTrust changed) {
        if (!changed.equals(trusts.get(policy))) {
            try {
                contexts.set(policy, contexts.get(policy).succeededBy(changed.judge(clock)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("no TLS although there was some", e);
            }
            trusts.set(policy, changed);
        }
        metrics.onAuthoritiesChanged();
    }

    /** New authorities were of no use. */
    void keepOldTrust() {
        metrics.onAuthoritiesUnusable();
    }

    private static long firstEndS(Identities identities) {
        return identities.all().stream()
                .mapToLong(credential -> credential.notAfter().getEpochSecond())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Puts TLS between accepted sockets and the sessions that {@code sessions} makes.
     *
     * @param passed what is not for them
     */
    public HandlerFactory before(HandlerFactory sessions, PassThroughTable passed, TlsRuntime runtime) {
        HelloPolicy policy = new PassThroughPolicy(passed, new NamePolicy(this::contextOf));
        return new TlsServer(
                runtime, policy, handshakeTimeout, sessions, new ListenerObserver(listener, metrics, errors));
    }

    /** What the access log says of a connection: version and cipher suite. */
    public LogLabel labelOf(SecureConnection connection) {
        return labels.computeIfAbsent(connection.version() + " " + connection.cipherSuite(), LogLabel::of);
    }

    private ServerContext contextOf(@Nullable String serverName) {
        return contexts.get(policies.of(serverName));
    }

    /** Whether some client is asked for a certificate. */
    public boolean asksAnybody() {
        return asksAnybody;
    }

    /** Whether every host is served on every connection. */
    public boolean isForAnyHost() {
        return !isHostChecked && policies.count() == 1;
    }

    /** Whether a request's host is literally the name that its connection was made for. */
    public static boolean isAskedFor(SecureConnection connection, RequestHead head) {
        String asked = connection.serverName();
        return asked != null && isSame(asked, head.bytes(), head.hostOffset(), head.hostLength());
    }

    /**
     * Whether a request's host is not what its connection was made for: its clients are asked for other certificates, or the certificate that was
     * shown is not that host's either (RFC 9110 §15.5.20). Allocates.
     */
    public boolean isMisdirected(SecureConnection connection, RequestHead head) {
        String asked = connection.serverName();
        boolean isNamed = head.hostLength() > 0;
        String host = isNamed ? textOf(head.bytes(), head.hostOffset(), head.hostLength()) : null;
        if (policies.of(asked) != policies.of(host)) {
            return true;
        }
        return isHostChecked && host != null && !identities.areSame(asked, host);
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
}
