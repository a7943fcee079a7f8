package dev.headgate.tls.credential;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.encoding.MessageText;
import dev.headgate.tls.encoding.PemWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a TLS server shows: a key, and a chain whose leaf has it.
 *
 * @param key that the leaf certifies; whoever holds this object holds the secret
 * @param kind with what it signs
 * @param chain from the leaf upwards, without root unless the leaf signed itself
 * @param names that the leaf covers
 */
@Immutable
public record Credential(PrivateKey key, KeyKind kind, List<X509Certificate> chain, CoveredNames names) {
    public Credential {
        chain = List.copyOf(chain);
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The leaf in PEM, to be given to those who are to trust it. */
    public byte[] leafPem() {
        try {
            return PemWriter.block("CERTIFICATE", leaf().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** From when the leaf is valid. */
    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /** Until when the leaf is valid. */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** Without the key. */
    @Override
    public String toString() {
        String subject = MessageText.of(leaf().getSubjectX500Principal().getName());
        return kind + " credential of " + subject + ", until " + notAfter();
    }
}
