package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which words a listener has for the certificates of its clients.
 *
 * <p>A certificate that is not verified is forwarded only together with {@link Kind#VERIFY}, for an origin that is not told would take it for one
 * that is.
 */
@Immutable
public final class CertificateForwarding {
    /** Says nothing. */
    public static final CertificateForwarding NONE = new CertificateForwarding(Set.of());

    private static final String VERIFY_NAME = "X-SSL-Client-Verify";

    private final Set<Kind> kinds;
    private final CertificateFields ofNobody;

    /** A field, or a form of it. */
    public enum Kind {
        /** {@code Client-Cert} (RFC 9440 §2.2). */
        CLIENT_CERT,
        /** {@code Client-Cert-Chain} (RFC 9440 §2.3), which never comes alone. */
        CLIENT_CERT_CHAIN,
        /** {@code X-Forwarded-Client-Cert}, as Envoy has it, with hash, subject and names. */
        XFCC,
        /** The same with the certificate. */
        XFCC_CERT,
        /** {@code X-SSL-Client-Verify}, with the words of nginx. */
        VERIFY
    }

    public CertificateForwarding(Set<Kind> kinds) {
        this.kinds = Set.copyOf(kinds);
        this.ofNobody = made(null);
    }

    /** The fields of a client. */
    public CertificateFields of(@Nullable ClientFacts client) {
        return client == null ? ofNobody : made(client);
    }

    private CertificateFields made(@Nullable ClientFacts client) {
        if (kinds.isEmpty()) {
            return CertificateFields.NONE;
        }
        Lines lines = new Lines();
        if (kinds.contains(Kind.VERIFY)) {
            String word = client == null ? "NONE" : client.isVerified() ? "SUCCESS" : "FAILED:" + client.fault();
            lines.add(VERIFY_NAME, word);
        }
        if (client != null && (client.isVerified() || kinds.contains(Kind.VERIFY))) {
            addCertificate(client, lines);
        }
        return lines.toFields();
    }

    private void addCertificate(ClientFacts client, Lines lines) {
        List<byte[]> chain = client.chain();
        if (kinds.contains(Kind.CLIENT_CERT) || kinds.contains(Kind.CLIENT_CERT_CHAIN)) {
            lines.add("Client-Cert", byteSequence(chain.getFirst()));
        }
        if (kinds.contains(Kind.CLIENT_CERT_CHAIN) && chain.size() > 1) {
            StringJoiner above = new StringJoiner(", ");
            chain.stream().skip(1).map(CertificateForwarding::byteSequence).forEach(above::add);
            lines.add("Client-Cert-Chain", above.toString());
        }
        if (kinds.contains(Kind.XFCC) || kinds.contains(Kind.XFCC_CERT)) {
            lines.add("X-Forwarded-Client-Cert", element(client, kinds.contains(Kind.XFCC_CERT)));
        }
    }

    /** RFC 9651 §3.3.5. */
    private static String byteSequence(byte[] der) {
        return ":" + Base64.getEncoder().encodeToString(der) + ":";
    }

    private static String element(ClientFacts client, boolean isWithCertificate) {
        StringJoiner pairs = new StringJoiner(";");
        pairs.add("Hash=" + client.sha256());
        if (isWithCertificate) {
            String base64 = Base64.getEncoder().encodeToString(client.chain().getFirst());
            pairs.add("Cert=\"" + CertificateText.encodedPem(base64) + "\"");
        }
        pairs.add("Subject=\"" + CertificateText.quotable(client.subject()) + "\"");
        client.uris().forEach(uri -> pairs.add("URI=" + CertificateText.plain(uri)));
        client.dnsNames().forEach(name -> pairs.add("DNS=" + CertificateText.plain(name)));
        return pairs.toString();
    }

    /** Field lines in the making. */
    private static final class Lines {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> words = new ArrayList<>();

        void add(String name, String value) {
            byte[] line = (name + ": " + value + "\r\n").getBytes(StandardCharsets.US_ASCII);
            bytes.writeBytes(line);
            words.addAll(List.of(Field.idOf(name), name.length(), line.length));
        }

        CertificateFields toFields() {
            return bytes.size() > CertificateFields.LINES_BYTES_MAX
                    ? CertificateFields.TOO_LONG
                    : new CertificateFields(
                            bytes.toByteArray(), words.stream().mapToInt(i -> i).toArray());
        }
    }
}
