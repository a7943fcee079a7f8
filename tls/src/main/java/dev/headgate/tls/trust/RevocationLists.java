package dev.headgate.tls.trust;

import dev.headgate.engine.Immutable;
import java.security.cert.X509CRL;
import java.util.List;

/**
 * Which certificates their issuers have taken back (RFC 5280 §5).
 *
 * @param lists each whole, and of one issuer; with none at all, nothing is looked up
 */
@Immutable
public record RevocationLists(List<X509CRL> lists) {
    /** No certificate is looked up. */
    public static final RevocationLists NONE = new RevocationLists(List.of());

    public RevocationLists {
        lists = List.copyOf(lists);
    }

    /** Without the lists, which are long. */
    @Override
    public String toString() {
        return lists.size() + " revocation lists";
    }
}
