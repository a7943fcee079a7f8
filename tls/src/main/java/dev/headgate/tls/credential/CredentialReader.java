package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.KeyStrength;
import dev.headgate.tls.encoding.PemBlock;
import dev.headgate.tls.encoding.PemCertificates;
import dev.headgate.tls.encoding.PemReader;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.encoding.ValidityCheck;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads credentials, and checks them: key fits leaf, chain in order, nothing weak, nothing about to expire. */
public final class CredentialReader {
    private final CredentialLimits limits;

    public CredentialReader(CredentialLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads PEM (RFC 7468). Both texts may be the same: each is searched for its own blocks.
     *
     * @param certificates text with the chain, in any order
     * @param key text with one private key: PKCS#8, encrypted or not, PKCS#1 or SEC 1
     * @param passphrase of the key, or null; lent, and not wiped
     * @param now by which expiry is judged
     */
    public CredentialResult readPem(byte[] certificates, byte[] key, char @Nullable [] passphrase, Instant now) {
        Findings findings = new Findings();
        List<ReadCertificate> read = PemCertificates.read(certificates, Input.CERTIFICATES, limits.pem(), findings);
        List<PemBlock> keyBlocks = PemReader.read(key, Input.KEY, limits.pem(), findings);
        if (findings.hasProblem()) {
            keyBlocks.forEach(PemBlock::wipe);
            return refused(findings);
        }
        var found = new KeyReader(limits, findings).read(keyBlocks, passphrase);
        if (found == null) return refused(findings);
        return assemble(found.key(), read, Input.CERTIFICATES, now, findings);
    }

    /**
     * Reads a PKCS#12 key store (RFC 7292).
     *
     * @param store its bytes
     * @param password of the store and of the key in it; lent, and not wiped
     * @param alias which key to take, or null when there is one only
     * @param now by which expiry is judged
     */
    public CredentialResult readPkcs12(byte[] store, char[] password, @Nullable String alias, Instant now) {
        Findings findings = new Findings();
        Pkcs12 entry = Pkcs12.read(store, password, alias, limits, findings);
        if (entry == null) return refused(findings);
        return assemble(entry.key(), entry.certificates(), Input.KEY_STORE, now, findings);
    }

    private CredentialResult assemble(
            PrivateKey key, List<ReadCertificate> certificates, Input input, Instant now, Findings findings) {
        KeyProof proof = KeyProof.of(key);
        if (proof == null) {
            Input place = input == Input.KEY_STORE ? input : Input.KEY;
            findings.add(FindingCode.KEY_UNREADABLE, place, 0, "a key that cannot sign", "a whole private key");
            return refused(findings);
        }
        List<ReadCertificate> chain = new ChainBuilder(input, limits, findings, now).build(certificates, proof);
        if (findings.hasProblem()) return refused(findings);
        for (ReadCertificate certificate : chain) {
            checkStrength(certificate, input, findings);
            ValidityCheck.check(certificate, input, now, findings);
        }
        PurposeCheck.check(chain.getFirst(), input, findings);
        StaplingCheck.check(chain.getFirst(), input, findings);
        CoveredNames names = NameReader.read(chain.getFirst(), input, findings);
        if (findings.hasProblem()) return refused(findings);
        List<X509Certificate> shown =
                chain.stream().map(ReadCertificate::certificate).toList();
        return new CredentialResult.Ready(new Credential(key, proof.kind(), shown, names), findings.toList());
    }

    private static void checkStrength(ReadCertificate certificate, Input input, Findings findings) {
        if (!KeyStrength.isWeak(certificate.key())) return;
        findings.add(
                FindingCode.CERTIFICATE_KEY_WEAK,
                input,
                certificate.line(),
                "a short RSA key of " + certificate.name(),
                "at least " + KeyStrength.RSA_BITS_MIN + " bits");
    }

    private static CredentialResult refused(Findings findings) {
        return new CredentialResult.Refused(findings.toList());
    }
}
