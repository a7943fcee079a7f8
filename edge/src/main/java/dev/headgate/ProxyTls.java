package dev.headgate;

import dev.headgate.config.LimitsConfig;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamTls;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.Metrics;
import dev.headgate.secure.CertificateFiles;
import dev.headgate.secure.CertificateWatch;
import dev.headgate.secure.ClientTrustFiles;
import dev.headgate.secure.ClientTrustReading;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.secure.Security;
import dev.headgate.secure.UpstreamFiles;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.secure.WarmUpPace;
import dev.headgate.tls.context.WarmUp;
import dev.headgate.tls.transport.TlsOptions;
import dev.headgate.tls.transport.TlsRuntime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a proxy has of TLS: read and made once while it starts, watched and warmed up later. A proxy without TLS goes without. */
final class ProxyTls {
    private static final long WATCH_IDLE_NS = 50_000_000L;
    private static final long GIVE_WAY_NS = 10_000_000L;

    private final ProxyConfig config;
    private final Io io;
    private final int loops;
    private final Gate closed;
    private final Metrics metrics;
    private final ErrorLog errors;
    private final CertificateFiles certificates;
    private final ClientTrustFiles authorities;
    private final CertificateWatch watch; // what it watches is fixed once started
    private final List<ListenerSecurity> secured = new ArrayList<>(); // likewise
    private @Nullable TlsRuntime runtime; // set while starting, if anything speaks TLS

    ProxyTls(ProxyConfig config, Io io, @Nullable StateFolder state, int loops, Metrics metrics, ErrorLog errors) {
        this.config = config;
        this.io = io;
        this.loops = loops;
        this.metrics = metrics;
        this.errors = errors;
        this.certificates = new CertificateFiles(io.files(), state);
        this.authorities = new ClientTrustFiles(io.files());
        this.closed = io.gate(1);
        this.watch = new CertificateWatch(certificates, authorities, io.clock(), errors);
    }

    /** Reads certificates, and makes TLS of the listeners and upstreams that have it. */
    Security start() throws HeadgateStartException {
        Map<String, ListenerSecurity> listening = new LinkedHashMap<>();
        for (ListenerConfig listener : config.listeners()) {
            ListenerTls settings = listener.tls().orElse(null);
            if (settings != null) {
                startRuntime();
            }
            if (settings != null && settings.isTerminating()) {
                listening.put(listener.name(), start(listener, settings));
            }
        }
        Map<String, UpstreamSecurity> connecting = new LinkedHashMap<>();
        for (UpstreamConfig upstream : config.upstreams().values()) {
            UpstreamTls settings = upstream.tls().orElse(null);
            if (settings != null) {
                connecting.put(upstream.name(), start(upstream, settings, startRuntime()));
            }
        }
        secured.addAll(listening.values());
        return new Security(listening, connecting);
    }

    private TlsRuntime startRuntime() {
        TlsRuntime known = runtime;
        if (known == null) {
            known = new TlsRuntime(io, loops, options());
            runtime = known;
        }
        return known;
    }

    private TlsOptions options() {
        int waitingMax = config.limits().handshakesWaiting();
        return TlsOptions.defaults()
                .withHandshakesWaitingMax(waitingMax == 0 ? LimitsConfig.usualHandshakesWaiting() : waitingMax);
    }

    /** Of a proxy that has TLS anywhere. */
    TlsRuntime runtime() {
        return Objects.requireNonNull(runtime);
    }

    private ListenerSecurity start(ListenerConfig listener, ListenerTls settings) throws HeadgateStartException {
        String who = "listener " + listener.name();
        List<String> stamps = certificates.stamps(settings);
        ClientTrustReading clients = authorities.readAll(settings.clientAuth(), now());
        CertificateFiles.Result read = certificates.read(settings, now());
        tell("listener", listener.name(), read.warnings());
        tell("listener", listener.name(), clients.warnings());
        if (read.identities().isEmpty() || !clients.problems().isEmpty()) {
            List<String> problems = new ArrayList<>(read.problems());
            problems.addAll(clients.problems());
            throw speechless(who, String.join("; ", problems), null);
        }
        try {
            ListenerSecurity security = ListenerSecurity.create(
                    listener,
                    settings,
                    read.identities().get(),
                    clients,
                    this::now,
                    metrics.listener(listener.name()).tls(),
                    errors);
            watch.add(settings, security, certificates.stampsAfterReading(settings, stamps));
            watch.add(settings, security, clients);
            return security;
        } catch (GeneralSecurityException e) {
            throw speechless(who, e.getMessage(), e);
        }
    }

    private UpstreamSecurity start(UpstreamConfig upstream, UpstreamTls settings, TlsRuntime by)
            throws HeadgateStartException {
        String who = "upstream " + upstream.name();
        UpstreamFiles files = new UpstreamFiles(io.files(), this::now);
        List<String> stamps = files.stamps(settings);
        UpstreamFiles.Result read = files.read(settings);
        tell("upstream", upstream.name(), read.warnings());
        if (read.settings().isEmpty()) {
            throw speechless(who, String.join("; ", read.problems()), null);
        }
        try {
            UpstreamSecurity security = UpstreamSecurity.create(
                    upstream,
                    settings,
                    read.settings().get(),
                    config.isTunnelledTo(upstream.name()),
                    by,
                    metrics.upstream(upstream.name()).tls());
            watch.add(files, settings, security, stamps);
            return security;
        } catch (GeneralSecurityException e) {
            throw speechless(who, e.getMessage(), e);
        }
    }

    private void tell(String kind, String name, List<String> warnings) {
        for (String warning : warnings) {
            errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, kind, name, "finding", warning);
        }
    }

    private static HeadgateStartException speechless(String who, @Nullable String problem, @Nullable Exception cause) {
        return new HeadgateStartException(
                HeadgateStartException.Kind.CERTIFICATE_UNUSABLE, who + " cannot speak TLS: " + problem, cause);
    }

    private Instant now() {
        return Instant.ofEpochMilli(io.clock().wallMs());
    }

    /** From here on changed files are put to use. */
    void watchFiles() {
        if (!watch.isEmpty()) {
            io.runner("headgate-certificates", watch, WATCH_IDLE_NS).start();
        }
    }

    /** See {@link Headgate#warmUp}. */
    void warmUp() {
        Clock clock = io.clock();
        long deadlineNs = clock.monotonicNs() + config.warmUpNs();
        try {
            List<WarmUp> warmUps = new ArrayList<>();
            for (ListenerSecurity listener : secured) {
                listener.newWarmUp().ifPresent(warmUps::add);
            }
            WarmUpPace pace = new WarmUpPace(handshakes(), clock.monotonicNs());
            int rounds = 0;
            while (!warmUps.isEmpty() && deadlineNs - clock.monotonicNs() > 0) {
                boolean mayGoOn = pace.mayGoOn(handshakes(), runtime().isAtWorkForClients(), clock.monotonicNs());
                if (closed.await(mayGoOn ? 0 : GIVE_WAY_NS)) {
                    return;
                }
                if (mayGoOn) {
                    warmUps.get(rounds++ % warmUps.size()).round();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Whoever interrupts wants it to end.
        } catch (GeneralSecurityException | SSLException e) {
            errors.report(LogEvent.INTERNAL_FAILURE, "where", "warm-up", "failure", e.toString());
        }
    }

    /** How many clients have made so far. */
    private long handshakes() {
        long sum = 0;
        for (ListenerSecurity listener : secured) {
            sum += listener.handshakes();
        }
        return sum;
    }

    void close() {
        closed.countDown();
        watch.stop();
        if (runtime != null) {
            runtime.close();
        }
    }
}
