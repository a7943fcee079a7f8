package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Reads the subject alternative names of a leaf (RFC 5280 §4.2.1.6). */
final class NameReader {
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;

    private final Set<String> exact = new LinkedHashSet<>();
    private final Set<String> wildcards = new LinkedHashSet<>();
    private final Set<InetAddress> addresses = new LinkedHashSet<>();
    private int unusableCount;

    private NameReader() {}

    static CoveredNames read(ReadCertificate leaf, Input input, Findings findings) {
        NameReader reader = new NameReader();
        byte[] extension = leaf.certificate().getExtensionValue(SUBJECT_ALTERNATIVE_NAME);
        if (extension != null) reader.onExtension(extension);
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

    /** Read here, for the JDK has no name at all when one of them is wrong. */
    private void onExtension(byte[] extension) {
        Der value = Der.whole(extension, Der.OCTET_STRING);
        Der names = value == null ? null : Der.whole(value.content(), Der.SEQUENCE);
        if (names == null) {
            unusableCount++;
            return;
        }
        while (!names.isAtEnd()) {
            Der name = names.take();
            if (name == null) {
                unusableCount++;
                return; // where the next one begins is not known
            }
            onName(name);
        }
    }

    private void onName(Der name) {
        switch (name.tag()) {
            case DNS_NAME -> onHost(new String(name.content(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
            case IP_ADDRESS -> onAddress(name.content());
            default -> {} // names of mail, users and directories
        }
    }

    private void onAddress(byte[] address) {
        try {
            addresses.add(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            unusableCount++; // neither 4 nor 16 bytes, such as the block of a name constraint
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
