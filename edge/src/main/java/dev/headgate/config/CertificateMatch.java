package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * Which client certificates a route takes. Of each list one must fit, and an empty list takes any.
 *
 * @param isVerified whether a verified certificate was shown; false: none was, or one that is not verified
 * @param subjects distinguished names (RFC 4514)
 * @param dns alternative names
 * @param uris alternative names; one that ends in {@code /*} stands for all below it
 * @param sha256 fingerprints, in lower case hex
 */
@Immutable
public record CertificateMatch(
        boolean isVerified, List<String> subjects, List<HostPattern> dns, List<String> uris, List<String> sha256) {
    public CertificateMatch {
        subjects = List.copyOf(subjects);
        dns = List.copyOf(dns);
        uris = List.copyOf(uris);
        sha256 = List.copyOf(sha256);
    }

    /** Whether it asks for nothing but a certificate. */
    boolean isForAny() {
        return subjects.isEmpty() && dns.isEmpty() && uris.isEmpty() && sha256.isEmpty();
    }
}
