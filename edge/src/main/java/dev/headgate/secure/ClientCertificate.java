package dev.headgate.secure;

import dev.headgate.engine.Immutable;
import dev.headgate.forward.ClientFacts;
import dev.headgate.tls.transport.PeerFault;
import dev.headgate.tls.transport.SecureConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the client of a connection has shown.
 *
 * @param subject as a name, to compare
 * @param facts the rest, as text
 */
@Immutable
public record ClientCertificate(X500Principal subject, ClientFacts facts) {
    private static final int DNS_NAME = 2; // RFC 5280 §4.2.1.6
    private static final int URI = 6;
    private static final String TOKEN_START = "tls.certificate_";

    /** Types that RFC 2253 has no word for, and people look for. */
    private static final Map<String, String> WORDS =
            Map.of("1.2.840.113549.1.9.1", "emailAddress", "2.5.4.5", "serialNumber");

    /** The one of {@code connection}; null when it has shown none. */
    public static @Nullable ClientCertificate of(SecureConnection connection) {
        List<X509Certificate> chain = connection.peerCertificates();
        return chain.isEmpty() ? null : of(chain, connection.peerFault());
    }

    /** What is needed of it once origins' fields are made. */
    public ClientCertificate withoutChain() {
        return new ClientCertificate(subject, facts.withoutChain());
    }

    static ClientCertificate of(List<X509Certificate> chain, @Nullable PeerFault fault) {
        X509Certificate own = chain.getFirst();
        List<byte[]> encoded = new ArrayList<>();
        try {
            for (X509Certificate certificate : chain) {
                encoded.add(certificate.getEncoded());
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded.getFirst());
            X500Principal subject = own.getSubjectX500Principal();
            ClientFacts facts = new ClientFacts(
                    encoded,
                    fault == null ? "" : wordOf(fault),
                    HexFormat.of().formatHex(digest),
                    subject.getName(X500Principal.RFC2253, WORDS),
                    alternativeNames(own, URI),
                    alternativeNames(own, DNS_NAME));
            return new ClientCertificate(subject, facts);
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a certificate that came over the wire cannot be written", e);
        }
    }

    private static String wordOf(PeerFault fault) {
        String token = fault.kind().token();
        return token.startsWith(TOKEN_START) ? token.substring(TOKEN_START.length()) : token;
    }

    /** Names of one kind; none when they cannot be read, for then there is nothing that one could rely upon. */
    private static List<String> alternativeNames(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0) instanceof Integer type && type == kind && name.get(1) instanceof String text) {
                    names.add(kind == DNS_NAME ? text.toLowerCase(Locale.ROOT) : text);
                }
            }
        } catch (CertificateParsingException e) {
            names.clear();
        }
        return names;
    }

    /** Whether somebody stands behind it, as the listener wants. */
    public boolean isVerified() {
        return facts.isVerified();
    }
}
