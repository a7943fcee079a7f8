package dev.headgate.secure;

import dev.headgate.config.ClientAuth;
import dev.headgate.config.ClientAuthRules;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.tls.trust.RevocationLists;
import dev.headgate.tls.trust.RevocationReader;
import dev.headgate.tls.trust.RevocationResult;
import dev.headgate.tls.trust.TrustAnchors;
import dev.headgate.tls.trust.TrustLimits;
import dev.headgate.tls.trust.TrustReader;
import dev.headgate.tls.trust.TrustResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the authorities that vouch for clients, and what these have revoked. */
public final class ClientTrustFiles {
    private static final TrustLimits LIMITS = TrustLimits.DEFAULTS;

    private final CertificateFiles files;

    public ClientTrustFiles(FileAccess files) {
        this.files = new CertificateFiles(files);
    }

    /**
     * What the files of one policy held.
     *
     * @param trust empty when anything is wrong
     * @param problems what is wrong, one sentence each
     * @param warnings what works and should be looked at
     */
    record Result(Optional<ClientTrust> trust, List<String> problems, List<String> warnings) {
        Result {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /** Reads the files of all policies of a listener; blocks. */
    public ClientTrustReading readAll(ClientAuthRules rules, Instant now) {
        ClientPolicies policies = new ClientPolicies(rules);
        List<List<String>> stamps = new ArrayList<>();
        List<ClientTrust> trusts = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < policies.count(); i++) {
            stamps.add(stamps(policies.policy(i)));
            Result read = read(policies.policy(i), now);
            read.trust().ifPresent(trusts::add);
            read.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
            read.warnings().stream().filter(w -> !warnings.contains(w)).forEach(warnings::add);
        }
        return new ClientTrustReading(stamps, problems.isEmpty() ? trusts : List.of(), problems, warnings);
    }

    /** How the files of a policy look; see {@link CertificateFiles#stamps}. */
    List<String> stamps(ClientAuth policy) {
        List<String> stamps = new ArrayList<>();
        policy.ca().ifPresent(path -> stamps.add(files.stamp(path)));
        policy.crl().ifPresent(path -> stamps.add(files.stamp(path)));
        return stamps;
    }

    /** Reads the files of a policy; blocks. */
    Result read(ClientAuth policy, Instant now) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        ClientTrust trust = read(policy, now, problems, warnings);
        return new Result(problems.isEmpty() ? Optional.ofNullable(trust) : Optional.empty(), problems, warnings);
    }

    private @Nullable ClientTrust read(ClientAuth policy, Instant now, List<String> problems, List<String> warnings) {
        String ca = policy.ca().orElse(null);
        if (ca == null) return ClientTrust.NOBODY;
        TrustAnchors anchors = anchors(ca, now, problems, warnings);
        String crl = policy.crl().orElse(null);
        RevocationLists lists = crl == null ? RevocationLists.NONE : lists(crl, now, problems, warnings);
        return anchors == null || lists == null ? null : new ClientTrust(anchors, lists);
    }

    private @Nullable TrustAnchors anchors(String path, Instant now, List<String> problems, List<String> warnings) {
        byte[] pem = files.bytes(path, LIMITS.bundleBytes(), problems);
        if (pem == null) return null;
        TrustResult result = new TrustReader(LIMITS).readPem(pem, now);
        CertificateFiles.tell(result.findings(), finding -> path, problems, warnings);
        return result instanceof TrustResult.Ready ready ? ready.anchors() : null;
    }

    private @Nullable RevocationLists lists(String path, Instant now, List<String> problems, List<String> warnings) {
        byte[] bytes = files.bytes(path, LIMITS.listBytes(), problems);
        if (bytes == null) return null;
        RevocationResult result = new RevocationReader(LIMITS).read(bytes, now);
        CertificateFiles.tell(result.findings(), finding -> path, problems, warnings);
        return result instanceof RevocationResult.Ready ready ? ready.lists() : null;
    }
}
