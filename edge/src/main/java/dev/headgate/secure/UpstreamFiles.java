package dev.headgate.secure;

import dev.headgate.config.UpstreamTls;
import dev.headgate.config.UpstreamTls.Verify;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.tls.context.ClientSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.trust.TrustLimits;
import dev.headgate.tls.trust.TrustReader;
import dev.headgate.tls.trust.TrustResult;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Reads what TLS to an upstream takes from files: roots to trust, and a certificate to show. */
public final class UpstreamFiles {
    private final CertificateFiles files;
    private final InstantSource clock;

    /** @param clock by which certificates are judged, now and at each handshake */
    public UpstreamFiles(FileAccess files, InstantSource clock) {
        this.files = new CertificateFiles(files);
        this.clock = clock;
    }

    /**
     * What the files of an upstream held.
     *
     * @param settings empty when anything is wrong
     * @param problems what is wrong, one sentence each
     * @param warnings what works and should be looked at
     */
    public record Result(Optional<ClientSettings> settings, List<String> problems, List<String> warnings) {
        public Result {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** Whether a file could not even be read, which may change without a change of the file. */
        boolean isUnreadable() {
            return CertificateFiles.areUnreadable(problems);
        }
    }

    /** Looks at all files of an upstream, as {@link CertificateFiles#stamps} does; empty when there are none. */
    public List<String> stamps(UpstreamTls tls) {
        List<String> stamps = new ArrayList<>();
        tls.ca().ifPresent(path -> stamps.add(files.stamp(path)));
        tls.clientCertificate().ifPresent(source -> stamps.addAll(files.stamps(source)));
        return stamps;
    }

    /** Reads all files of an upstream; blocks. */
    public Result read(UpstreamTls tls) {
        Instant now = clock.instant();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        X509ExtendedTrustManager trust = tls.verify() == Verify.OFF ? null : trust(tls, now, problems, warnings);
        Credential own = tls.clientCertificate()
                .map(source -> files.readClient(source, now, problems, warnings))
                .orElse(null);
        if (!problems.isEmpty()) return new Result(Optional.empty(), problems, warnings);
        return new Result(Optional.of(settings(tls, trust).withCredential(own)), problems, warnings);
    }

    private @Nullable X509ExtendedTrustManager trust(
            UpstreamTls tls, Instant now, List<String> problems, List<String> warnings) {
        String path = tls.ca().orElse(null);
        if (path != null) return trustIn(path, now, problems, warnings);
        try {
            return OriginTrust.ofJdk();
        } catch (GeneralSecurityException e) {
            problems.add("the JDK's roots cannot be used: " + e.getMessage());
            return null;
        }
    }

    private @Nullable X509ExtendedTrustManager trustIn(
            String path, Instant now, List<String> problems, List<String> warnings) {
        byte[] pem = files.bytes(path, problems);
        if (pem == null) return null;
        TrustResult result = new TrustReader(TrustLimits.DEFAULTS).readPem(pem, now);
        CertificateFiles.tell(result.findings(), finding -> path, problems, warnings);
        return result instanceof TrustResult.Ready ready ? OriginTrust.of(ready.anchors(), clock) : null;
    }

    private static ClientSettings settings(UpstreamTls tls, @Nullable X509ExtendedTrustManager trust) {
        List<String> none = List.of(); // What is offered is in no file.
        ClientSettings settings =
                trust == null ? ClientSettings.trustingEveryone(none) : ClientSettings.verifying(trust, none);
        ClientSettings named = switch (tls.verify()) {
            case FULL, OFF -> settings;
            case CA -> settings.withoutName();
        };
        return named.withProvider(tls.provider().orElse(null))
                .withProfile(
                        switch (tls.profile()) {
                            case MODERN -> TlsProfile.MODERN;
                            case INTERMEDIATE -> TlsProfile.INTERMEDIATE;
                        });
    }
}
