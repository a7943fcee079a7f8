package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.util.ArrayList;
import java.util.List;

/** Reads the certificates of a PEM text; what else people keep in such a text is passed over, misspelt labels are not. */
public final class PemCertificates {
    private PemCertificates() {}

    /** All certificates in order; with none there is a problem among the findings. */
    public static List<ReadCertificate> read(byte[] text, Input input, PemLimits limits, Findings findings) {
        List<ReadCertificate> read = new ArrayList<>();
        List<PemBlock> blocks = PemReader.read(text, input, limits, findings);
        blocks.forEach(PemBlock::wipe); // of keys, which may stand in the same text, and are read from their own
        for (PemBlock block : blocks) {
            if (block.isCertificate()) {
                add(block, read, input, findings);
            } else if (!block.isKnown()) {
                findings.add(FindingCode.PEM_LABEL_UNKNOWN, input, block.line(), block.label(), "CERTIFICATE");
            }
        }
        if (read.isEmpty() && !findings.hasProblem()) {
            String found = blocks.isEmpty() ? "no block" : MessageText.of(blocks.toString());
            findings.add(FindingCode.CERTIFICATE_MISSING, input, 0, found, "a block CERTIFICATE");
        }
        return read;
    }

    private static void add(PemBlock block, List<ReadCertificate> read, Input input, Findings findings) {
        ReadCertificate certificate = ReadCertificate.decode(block.der(), block.line());
        if (certificate != null) {
            read.add(certificate);
        } else {
            String expected = "X.509 as DER in base64";
            findings.add(FindingCode.CERTIFICATE_UNREADABLE, input, block.line(), "no certificate", expected);
        }
    }
}
