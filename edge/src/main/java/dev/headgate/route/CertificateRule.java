package dev.headgate.route;

import dev.headgate.config.CertificateMatch;
import dev.headgate.config.HostPattern;
import dev.headgate.engine.Immutable;
import dev.headgate.secure.ClientCertificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What routes want of a client's certificate; asked once per connection. */
@Immutable
final class CertificateRule {
    private final CertificateMatch match;
    private final List<X500Principal> subjects = new ArrayList<>(); // not changed later

    CertificateRule(CertificateMatch match) {
        this.match = match;
        match.subjects().forEach(name -> subjects.add(new X500Principal(name)));
    }

    /** Whether a connection with {@code client} fits. */
    boolean takes(@Nullable ClientCertificate client) {
        boolean isVerified = client != null && client.isVerified();
        if (client == null || !isVerified) {
            return !match.isVerified();
        }
        return match.isVerified()
                && (subjects.isEmpty() || subjects.contains(client.subject()))
                && (match.sha256().isEmpty()
                        || match.sha256().contains(client.facts().sha256()))
                && takesDns(client.facts().dnsNames())
                && takesUri(client.facts().uris());
    }

    private boolean takesDns(List<String> names) {
        if (match.dns().isEmpty()) return true;
        for (HostPattern pattern : match.dns()) {
            if (names.stream().anyMatch(pattern::matches)) return true;
        }
        return false;
    }

    private boolean takesUri(List<String> uris) {
        if (match.uris().isEmpty()) return true;
        for (String wanted : match.uris()) {
            boolean isOpen = wanted.endsWith("/*");
            String start = isOpen ? wanted.substring(0, wanted.length() - 1) : wanted;
            if (uris.stream().anyMatch(uri -> isOpen ? isBelow(uri, start) : uri.equals(start))) return true;
        }
        return false;
    }

    private static boolean isBelow(String uri, String start) {
        return uri.length() > start.length() && uri.startsWith(start);
    }
}
