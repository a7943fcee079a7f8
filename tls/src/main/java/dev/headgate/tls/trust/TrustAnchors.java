package dev.headgate.tls.trust;

import dev.headgate.engine.Immutable;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * Whom to believe. One that has expired is kept, and not believed from then on.
 *
 * @param authorities that may vouch for others (RFC 5280 §6.1.1), and for themselves
 * @param pinned that are believed when a peer shows this very certificate, and vouch for no other
 */
@Immutable
public record TrustAnchors(Set<X509Certificate> authorities, Set<X509Certificate> pinned) {
    public TrustAnchors {
        authorities = Set.copyOf(authorities);
        pinned = Set.copyOf(pinned);
    }

    /** Without the certificates, which are long. */
    @Override
    public String toString() {
        return authorities.size() + " authorities, " + pinned.size() + " pinned certificates";
    }
}
