package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.KeyStrength;
import dev.headgate.tls.encoding.MessageText;
import dev.headgate.tls.encoding.PemBlock;
import dev.headgate.tls.encoding.PemReader;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads credentials, and checks them: key fits leaf, chain in order, nothing weak, nothing about to expire. */
public final class CredentialReader {
    private static final Duration EXPIRY_NOTICE = Duration.ofDays(30);

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
        List<ReadCertificate> read = readCertificates(certificates, findings);
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

    private List<ReadCertificate> readCertificates(byte[] text, Findings findings) {
        List<ReadCertificate> read = new ArrayList<>();
        List<PemBlock> blocks = PemReader.read(text, Input.CERTIFICATES, limits.pem(), findings);
        blocks.forEach(PemBlock::wipe); // of keys, which may stand in the same text, and are read from their own
        for (PemBlock block : blocks) {
            if (block.isCertificate()) {
                addCertificate(block, read, findings);
            } else if (!block.isKnown()) {
                add(FindingCode.PEM_LABEL_UNKNOWN, block.line(), block.label(), "CERTIFICATE", findings);
            }
        }
        if (read.isEmpty() && !findings.hasProblem()) {
            String found = blocks.isEmpty() ? "no block" : MessageText.of(blocks.toString());
            add(FindingCode.CERTIFICATE_MISSING, 0, found, "a block CERTIFICATE", findings);
        }
        return read;
    }

    private static void addCertificate(PemBlock block, List<ReadCertificate> read, Findings findings) {
        ReadCertificate certificate = ReadCertificate.decode(block.der(), block.line());
        if (certificate != null) {
            read.add(certificate);
        } else {
            add(FindingCode.CERTIFICATE_UNREADABLE, block.line(), "no certificate", "X.509 as DER in base64", findings);
        }
    }

    private static void add(FindingCode code, int line, String found, String expected, Findings findings) {
        findings.add(code, Input.CERTIFICATES, line, found, expected);
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
            checkValidity(certificate, input, now, findings);
        }
        PurposeCheck.check(chain.getFirst(), input, findings);
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

    private static void checkValidity(ReadCertificate certificate, Input input, Instant now, Findings findings) {
        Instant from = certificate.certificate().getNotBefore().toInstant();
        Instant until = certificate.certificate().getNotAfter().toInstant();
        String whose = "the certificate of " + certificate.name();
        int line = certificate.line();
        if (now.isAfter(until)) {
            findings.add(FindingCode.CERTIFICATE_EXPIRED, input, line, whose + ", until " + until, "a valid one");
        } else if (now.isBefore(from)) {
            findings.add(FindingCode.CERTIFICATE_NOT_YET_VALID, input, line, whose + ", from " + from, "a valid one");
        } else if (until.isBefore(now.plus(EXPIRY_NOTICE))) {
            String found = whose + ", until " + until;
            findings.add(FindingCode.CERTIFICATE_EXPIRES_SOON, input, line, found, "more than 30 days left");
        }
    }

    private static CredentialResult refused(Findings findings) {
        return new CredentialResult.Refused(findings.toList());
    }
}
