package dev.headgate.tls.transport;

import dev.headgate.tls.trust.PeerTrust;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says which {@link TlsFailure} an exception of the JDK's stands for: by its types, and by its message where it has no type for the case. */
final class TlsFailures {
    private static final int DETAIL_CHARS_MAX = 200;
    private static final int CAUSES_MAX = 8;
    private static final String PEER_ALERT = "received fatal alert: ";

    private TlsFailures() {}

    static TlsFailure kindOf(SSLException failure) {
        TlsFailure byCertificate = byCertificate(failure);
        return byCertificate != null ? byCertificate : byMessage(textOf(failure).toLowerCase(Locale.ROOT));
    }

    static TlsFailure kindOf(CertificateException failure) {
        TlsFailure known = byCertificate(failure);
        return known == null ? TlsFailure.CERTIFICATE_INVALID : known;
    }

    /** What to tell people of it, in one line of bounded length. */
    static String detailOf(Throwable failure) {
        Throwable deepest = failure;
        for (int i = 0; i < CAUSES_MAX && deepest.getCause() != null; i++) {
            deepest = deepest.getCause();
        }
        return oneLine(textOf(deepest));
    }

    /** {@code text} without anything that could end a line or a terminal's patience. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < DETAIL_CHARS_MAX; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return line.toString();
    }

    private static String textOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static @Nullable TlsFailure byCertificate(Throwable failure) {
        TlsFailure found = null;
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++, at = at.getCause()) {
            TlsFailure here = switch (at) {
                case CertificateExpiredException e -> TlsFailure.CERTIFICATE_EXPIRED;
                case CertificateNotYetValidException e -> TlsFailure.CERTIFICATE_NOT_YET_VALID;
                case CertificateRevokedException e -> TlsFailure.CERTIFICATE_REVOKED;
                case CertPathValidatorException e -> byReason(e.getReason());
                case CertificateException e -> byCertificateMessage(textOf(e));
                case java.security.cert.CertPathBuilderException e -> TlsFailure.CERTIFICATE_UNTRUSTED;
                default -> null;
            };
            found = here == null ? found : here; // The deepest knows best.
        }
        return found;
    }

    private static TlsFailure byReason(@Nullable Reason reason) {
        if (reason == BasicReason.EXPIRED) return TlsFailure.CERTIFICATE_EXPIRED;
        if (reason == BasicReason.NOT_YET_VALID) return TlsFailure.CERTIFICATE_NOT_YET_VALID;
        if (reason == BasicReason.REVOKED) return TlsFailure.CERTIFICATE_REVOKED;
        return TlsFailure.CERTIFICATE_INVALID;
    }

    private static TlsFailure byCertificateMessage(String message) {
        if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
            return TlsFailure.CERTIFICATE_NAME;
        }
        // What the JDK has a type for comes by that; this is of our own judge of peers.
        return message.startsWith(PeerTrust.NO_ISSUER)
                ? TlsFailure.CERTIFICATE_UNTRUSTED
                : TlsFailure.CERTIFICATE_INVALID;
    }

    /** BoringSSL, which Conscrypt is made of, has a reason of its own for each alert that a peer can send. */
    private static boolean isAlertOfBoringSsl(String message) {
        return message.contains("openssl_internal:sslv3_alert_")
                || message.contains("openssl_internal:tlsv1_alert_")
                || message.contains("openssl_internal:tlsv1_unrecognized_name");
    }

    private static TlsFailure byMessage(String message) {
        if (message.contains(PEER_ALERT) || isAlertOfBoringSsl(message)) return TlsFailure.PEER_ALERT;
        if (message.contains("empty client certificate chain") || message.contains("empty server certificate chain")) {
            return TlsFailure.CERTIFICATE_MISSING;
        }
        if (message.contains("application layer protocol")
                || message.contains("application protocol")
                || message.contains("unexpected application_layer_protocol_negotiation") // though none was offered
                || message.contains("invalid_alpn_protocol")) {
            return TlsFailure.PROTOCOL_MISMATCH;
        }
        if (message.contains("inappropriate_fallback") || message.contains("potential downgrade")) {
            return TlsFailure.DOWNGRADE;
        }
        if (message.contains("no cipher suites in common")
                || message.contains("no available authentication scheme")
                || message.contains("no supported")
                || message.contains("no common")
                || message.contains("no appropriate cipher suite")) {
            return TlsFailure.CIPHER_MISMATCH;
        }
        if (message.contains("protocol version")
                || message.contains("client requested protocol")
                || message.contains("no appropriate protocol")
                || message.contains("selected protocol")) {
            return TlsFailure.VERSION_MISMATCH;
        }
        if (message.contains("renegotiation")) return TlsFailure.RENEGOTIATION;
        return TlsFailure.PROTOCOL_ERROR;
    }
}
