package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import org.jspecify.annotations.Nullable;

/** Whether a leaf wants a response about its status in each handshake ("must staple", RFC 7633), which is never sent here. */
final class StaplingCheck {
    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
    private static final int STATUS_REQUEST = 5;
    private static final int STATUS_REQUEST_V2 = 17;

    private StaplingCheck() {}

    static void check(ReadCertificate leaf, Input input, Findings findings) {
        if (!wantsStatus(leaf.certificate().getExtensionValue(TLS_FEATURE))) return;
        findings.add(
                FindingCode.CERTIFICATE_MUST_STAPLE,
                input,
                leaf.line(),
                "the certificate of " + leaf.name() + ", which demands a stapled OCSP response",
                "one without must-staple: none is sent, and browsers refuse it without");
    }

    private static boolean wantsStatus(byte @Nullable [] extension) {
        Der value = extension == null ? null : Der.whole(extension, Der.OCTET_STRING);
        Der features = value == null ? null : Der.whole(value.content(), Der.SEQUENCE);
        if (features == null) return false;
        for (Der feature = features.take(Der.INTEGER); feature != null; feature = features.take(Der.INTEGER)) {
            int number = feature.smallInteger();
            if (number == STATUS_REQUEST || number == STATUS_REQUEST_V2) return true;
        }
        return false;
    }
}
