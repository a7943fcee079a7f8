package dev.headgate.bench.load;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Io;
import dev.headgate.tls.context.ClientContext;
import dev.headgate.tls.context.ClientSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.transport.TlsClient;
import dev.headgate.tls.transport.TlsObserver;
import dev.headgate.tls.transport.TlsOptions;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tls.trust.PeerTrust;
import dev.headgate.tls.trust.Purpose;
import dev.headgate.tls.trust.RevocationLists;
import dev.headgate.tls.trust.TrustLimits;
import dev.headgate.tls.trust.TrustReader;
import dev.headgate.tls.trust.TrustResult;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** TLS of all clients of a run, which share one set of sessions. */
@AnyThread
final class LoadSecurity implements AutoCloseable {
    private static final List<String> HTTP_1 = List.of("http/1.1");
    private static final List<String> HTTP_2 = List.of("h2");

    private final LoadTls tls;
    private final ClientContext context;
    private final TlsRuntime runtime;
    private final Duration timeout;
    private final AtomicInteger lastSessionKey = new AtomicInteger();

    private LoadSecurity(LoadTls tls, ClientContext context, TlsRuntime runtime, Duration timeout) {
        this.tls = tls;
        this.context = context;
        this.runtime = runtime;
        this.timeout = timeout;
    }

    /**
     * Makes it.
     *
     * @throws IOException when the certificates to believe cannot be read
     */
    static LoadSecurity of(LoadPlan plan, LoadTls tls, Io io) throws IOException {
        TrustResult trust =
                new TrustReader(TrustLimits.DEFAULTS).readPem(Files.readAllBytes(tls.trust()), Instant.now());
        return switch (trust) {
            case TrustResult.Refused(var findings) ->
                throw new IOException(tls.trust() + " cannot be trusted: " + findings.getFirst());
            case TrustResult.Ready(var anchors, var _) -> {
                var judge =
                        PeerTrust.trustManager(anchors, RevocationLists.NONE, Purpose.SERVER, InstantSource.system());
                ClientSettings settings = ClientSettings.verifying(judge, plan.http2Streams() > 0 ? HTTP_2 : HTTP_1)
                        .withProfile(profile(tls.version()));
                TlsRuntime runtime = new TlsRuntime(io, plan.loops(), TlsOptions.defaults());
                yield new LoadSecurity(tls, contextOf(settings), runtime, plan.timeout());
            }
        };
    }

    private static TlsProfile profile(LoadTls.Version version) {
        return switch (version) {
            case TLS_1_3 -> TlsProfile.MODERN;
            case TLS_1_2 -> TlsProfile.TLS_1_2_ALONE;
        };
    }

    private static ClientContext contextOf(ClientSettings settings) throws IOException {
        try {
            return ClientContext.create(settings);
        } catch (GeneralSecurityException e) {
            throw new IOException("the JDK has no TLS that can be used: " + e.getMessage(), e);
        }
    }

    /** Opens connections, of which {@code observer} hears. */
    TlsClient client(TlsObserver observer) {
        return new TlsClient(runtime, context, timeout, observer);
    }

    String serverName() {
        return tls.serverName();
    }

    boolean isResuming() {
        return tls.isResuming();
    }

    /** Under which nobody has a session yet. */
    int newSessionKey() {
        return lastSessionKey.incrementAndGet();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
