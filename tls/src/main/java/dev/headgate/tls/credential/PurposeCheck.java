package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.cert.CertificateParsingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a leaf says that it may be shown by a TLS server; one that says nothing may (RFC 5280 §4.2.1.3, §4.2.1.12). */
final class PurposeCheck {
    private static final String ANY = "2.5.29.37.0";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int DIGITAL_SIGNATURE = 0; // a place in the list of the JDK

    private PurposeCheck() {}

    static void check(ReadCertificate leaf, Input input, Findings findings) {
        List<String> purposes = purposes(leaf);
        if (purposes != null && !purposes.contains(SERVER_AUTH) && !purposes.contains(ANY)) {
            findings.add(
                    FindingCode.CERTIFICATE_PURPOSE,
                    input,
                    leaf.line(),
                    "the certificate of " + leaf.name() + ", which is not for servers",
                    "the extended key usage serverAuth; clients refuse others");
        }
        // All keys that are taken here sign; none decrypts, as it did before TLS 1.3 for RSA.
        boolean[] usage = leaf.certificate().getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            findings.add(
                    FindingCode.CERTIFICATE_KEY_USAGE,
                    input,
                    leaf.line(),
                    "the certificate of " + leaf.name() + ", whose key may not sign",
                    "the key usage digitalSignature; clients refuse others");
        }
    }

    /** Null when it does not say. */
    private static @Nullable List<String> purposes(ReadCertificate leaf) {
        try {
            return leaf.certificate().getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            return List.of(); // says something that clients cannot read either
        }
    }
}
