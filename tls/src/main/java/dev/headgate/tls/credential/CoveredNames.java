package dev.headgate.tls.credential;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.util.Set;

/**
 * What a certificate is for, by its subject alternative names alone: the common name is not looked at (RFC 9525 §2).
 *
 * @param exact host names, in small letters
 * @param wildcards what stands behind {@code *.} in names of that form, in small letters; each covers one label more
 * @param addresses IP addresses
 */
@Immutable
public record CoveredNames(Set<String> exact, Set<String> wildcards, Set<InetAddress> addresses) {
    public CoveredNames {
        exact = Set.copyOf(exact);
        wildcards = Set.copyOf(wildcards);
        addresses = Set.copyOf(addresses);
    }

    /** Whether {@code host}, in small letters and without a last dot, is covered (RFC 9525 §6.3). */
    public boolean covers(String host) {
        int dot = host.indexOf('.');
        return exact.contains(host) || dot > 0 && wildcards.contains(host.substring(dot + 1));
    }

    boolean isEmpty() {
        return exact.isEmpty() && wildcards.isEmpty() && addresses.isEmpty();
    }
}
