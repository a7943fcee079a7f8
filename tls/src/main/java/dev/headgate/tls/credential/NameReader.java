package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the subject alternative names of a leaf (RFC 5280 §4.2.1.6). */
final class NameReader {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;

    private final Set<String> exact = new LinkedHashSet<>();
    private final Set<String> wildcards = new LinkedHashSet<>();
    private final Set<InetAddress> addresses = new LinkedHashSet<>();
    private int unusableCount;

    private NameReader() {}

    static CoveredNames read(ReadCertificate leaf, Input input, Findings findings) {
        NameReader reader = new NameReader();
        try {
            Collection<List<?>> names = leaf.certificate().getSubjectAlternativeNames();
            if (names != null) names.forEach(reader::onName);
        } catch (CertificateParsingException e) {
            reader.unusableCount++;
        }
        if (reader.unusableCount > 0) {
            findings.add(
                    FindingCode.NAME_UNUSABLE,
                    input,
                    leaf.line(),
                    reader.unusableCount + " alternative names that are no host names",
                    "host names, *.name, or addresses; passed over");
        }
        CoveredNames covered = new CoveredNames(reader.exact, reader.wildcards, reader.addresses);
        if (covered.isEmpty()) {
            findings.add(
                    FindingCode.NAMES_NONE,
                    input,
                    leaf.line(),
                    "no subject alternative name",
                    "one per host; clients do not look at the common name");
        }
        return covered;
    }

    private void onName(List<?> typeAndValue) {
        int type = (Integer) typeAndValue.get(0);
        if (type == DNS_NAME) {
            onHost(((String) typeAndValue.get(1)).toLowerCase(Locale.ROOT));
        } else if (type == IP_ADDRESS) {
            addresses.add(InetAddress.ofLiteral((String) typeAndValue.get(1)));
        }
    }

    private void onHost(String name) {
        boolean isWildcard = name.startsWith("*.");
        String host = isWildcard ? name.substring(2) : name;
        // *.com would cover what nobody was ever given.
        if (!isHost(host) || isWildcard && host.indexOf('.') < 0) {
            unusableCount++;
        } else if (isWildcard) {
            wildcards.add(host);
        } else {
            exact.add(host);
        }
    }

    private static boolean isHost(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) return false;
        int labelStart = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i < name.length() ? name.charAt(i) : '.';
            if (c == '.') {
                if (i == labelStart || i - labelStart > LABEL_LENGTH_MAX) return false;
                labelStart = i + 1;
            } else if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                return false;
            }
        }
        return true;
    }
}
