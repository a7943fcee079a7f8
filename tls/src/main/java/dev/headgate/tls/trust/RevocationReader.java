package dev.headgate.tls.trust;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.MessageText;
import dev.headgate.tls.encoding.PemBlock;
import dev.headgate.tls.encoding.PemReader;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads revocation lists (RFC 5280 §5), each of which must be whole and of one issuer. */
public final class RevocationReader {
    private static final String DELTA = "2.5.29.27";
    private static final String ISSUING_POINT = "2.5.29.28";

    private final TrustLimits limits;

    public RevocationReader(TrustLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads one list in DER, or any number of blocks {@code X509 CRL} in PEM. Who signed a list is judged when it is used.
     *
     * @param bytes of the file; lent
     * @param now by which a list counts as stale, which is warned of: from then on every certificate of its issuer is refused
     */
    public RevocationResult read(byte[] bytes, Instant now) {
        var findings = new Findings();
        List<X509CRL> lists = new ArrayList<>();
        if (bytes.length > 0 && bytes[0] == Der.SEQUENCE && bytes.length <= limits.listBytes()) {
            onList(bytes, 0, now, lists, findings);
        } else {
            readPem(bytes, now, lists, findings);
        }
        return findings.hasProblem()
                ? new RevocationResult.Refused(findings.toList())
                : new RevocationResult.Ready(new RevocationLists(lists), findings.toList());
    }

    private void readPem(byte[] bytes, Instant now, List<X509CRL> lists, Findings findings) {
        List<PemBlock> blocks = PemReader.read(bytes, Input.REVOCATION, limits.lists(), findings);
        blocks.forEach(PemBlock::wipe);
        for (PemBlock block : blocks) {
            if (block.label().equals(PemBlock.X509_CRL)) {
                onList(block.der(), block.line(), now, lists, findings);
            } else if (!block.isKnown()) {
                add(FindingCode.PEM_LABEL_UNKNOWN, block.line(), block.label(), PemBlock.X509_CRL, findings);
            }
        }
        if (lists.isEmpty() && !findings.hasProblem()) {
            String found = blocks.isEmpty() ? "no block" : MessageText.of(blocks.toString());
            add(FindingCode.LIST_MISSING, 0, found, "a block X509 CRL, or one list as DER", findings);
        }
    }

    private static void onList(byte[] der, int line, Instant now, List<X509CRL> lists, Findings findings) {
        X509CRL list = decode(der);
        if (list == null) {
            add(FindingCode.LIST_UNREADABLE, line, "no revocation list", "X.509, whole", findings);
            return;
        }
        String whose =
                "the list of " + MessageText.of(list.getIssuerX500Principal().getName());
        if (isPartial(list)) {
            add(FindingCode.LIST_UNSUPPORTED, line, whose + ", a part or of others too", "a whole list", findings);
        } else if (list.getNextUpdate() == null) {
            add(FindingCode.LIST_UNSUPPORTED, line, whose + " without nextUpdate", "a list that grows old", findings);
        } else {
            lists.add(list);
            checkTime(list, whose, line, now, findings);
        }
    }

    private static @Nullable X509CRL decode(byte[] der) {
        // The JDK would also take PEM here, and bytes behind the list.
        if (Der.whole(der, Der.SEQUENCE) == null) return null;
        try {
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException | RuntimeException e) {
            return null; // the JDK's decoder throws unchecked exceptions, too
        }
    }

    /** Whether it tells of changes only, or of some certificates, or has an extension that may mean so (RFC 5280 §5.2). */
    private static boolean isPartial(X509CRL list) {
        return list.getExtensionValue(DELTA) != null
                || list.getExtensionValue(ISSUING_POINT) != null
                || list.getCriticalExtensionOIDs() != null
                        && !list.getCriticalExtensionOIDs().isEmpty();
    }

    private static void checkTime(X509CRL list, String whose, int line, Instant now, Findings findings) {
        Instant from = list.getThisUpdate().toInstant();
        Instant next = list.getNextUpdate().toInstant();
        if (now.isAfter(next)) {
            String found = whose + ", which was to be renewed until " + next;
            add(FindingCode.LIST_STALE, line, found, "the next; all of its issuer are refused", findings);
        } else if (now.isBefore(from)) {
            String found = whose + ", from " + from;
            add(FindingCode.LIST_NOT_YET_VALID, line, found, "a valid one; all of its issuer are refused", findings);
        }
    }

    private static void add(FindingCode code, int line, String found, String expected, Findings findings) {
        findings.add(code, Input.REVOCATION, line, found, expected);
    }
}
