package dev.headgate.tls.trust;

import dev.headgate.tls.encoding.ReadCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * Finds the ways from what a peer has sent to the anchors. It climbs once, without trying other turns: a search by depth, as
 * the JDK's builder does it, takes thousands of signatures for eight certificates that all could issue each other, and
 * anyone may send those.
 */
final class PathFinder {
    private final TrustAnchors anchors;
    private final Map<X500Principal, List<X509Certificate>> authorities =
            new HashMap<>(); // by subject; not changed later

    PathFinder(TrustAnchors anchors) {
        this.anchors = anchors;
        for (X509Certificate authority : anchors.authorities()) {
            authorities
                    .computeIfAbsent(authority.getSubjectX500Principal(), name -> new ArrayList<>())
                    .add(authority);
        }
    }

    /** The ways to anchors that are valid at {@code now}, the shortest first. The certificates need not be in order. */
    List<TrustPath> find(List<X509Certificate> sent, Instant now) {
        List<TrustPath> paths = new ArrayList<>();
        X509Certificate leaf = sent.getFirst();
        if (anchors.pinned().contains(leaf) || anchors.authorities().contains(leaf)) {
            paths.add(new TrustPath(List.of(leaf), leaf));
        }
        List<X509Certificate> path = new ArrayList<>(List.of(leaf));
        List<X509Certificate> rest = new ArrayList<>(sent.subList(1, sent.size()));
        X509Certificate top = leaf;
        while (top != null) {
            for (X509Certificate anchor : authorities.getOrDefault(top.getIssuerX500Principal(), List.of())) {
                boolean isIssuer = TrustPath.isValidAt(anchor, now) && !anchor.equals(top) && hasIssued(anchor, top);
                if (isIssuer) paths.add(new TrustPath(path, anchor));
            }
            X509Certificate below = top;
            top = rest.stream()
                    .filter(issuer -> hasIssued(issuer, below))
                    .min(Comparator.comparing(issuer -> !TrustPath.isValidAt(issuer, now)))
                    .orElse(null);
            rest.remove(top);
            if (top != null) path.add(top);
        }
        return paths;
    }

    private static boolean hasIssued(X509Certificate issuer, X509Certificate other) {
        return new ReadCertificate(issuer, 0).isIssuerOf(new ReadCertificate(other, 0));
    }
}
