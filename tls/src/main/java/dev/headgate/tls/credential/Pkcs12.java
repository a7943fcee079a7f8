package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.MessageText;
import dev.headgate.tls.encoding.Pkcs12Store;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One key of a PKCS#12 store with its certificates, leaf first. */
record Pkcs12(PrivateKey key, List<ReadCertificate> certificates) {

    /** The one entry with a key, or the one that is asked for; null with a problem. */
    static @Nullable Pkcs12 read(
            byte[] bytes, char[] password, @Nullable String alias, CredentialLimits limits, Findings findings) {
        Pkcs12Store opened =
                Pkcs12Store.open(bytes, password, limits.textBytes(), limits.iterations(), Input.KEY_STORE, findings);
        if (opened == null) return null;
        try {
            String chosen = choose(opened, alias, findings);
            return chosen == null ? null : entry(opened.store(), chosen, password, limits, findings);
        } catch (GeneralSecurityException | RuntimeException e) {
            Pkcs12Store.refuse(e, Input.KEY_STORE, findings);
            return null;
        }
    }

    private static @Nullable String choose(Pkcs12Store opened, @Nullable String alias, Findings findings)
            throws GeneralSecurityException {
        List<String> aliases = keyAliases(opened.store());
        // The JDK has them all in small letters, and so takes none from another.
        String wanted = alias == null ? null : alias.toLowerCase(Locale.ENGLISH);
        if (aliases.isEmpty()) {
            addNoKey(opened.hasPlainKey(), findings);
        } else if (wanted == null && aliases.size() > 1) {
            add(FindingCode.STORE_SEVERAL_KEYS, shown(aliases), "one, or an alias that says which", findings);
        } else if (wanted == null) {
            return aliases.getFirst();
        } else if (aliases.contains(wanted)) {
            return wanted;
        } else {
            add(FindingCode.STORE_ALIAS, shown(aliases), "a key " + MessageText.of(wanted), findings);
        }
        return null;
    }

    private static List<String> keyAliases(KeyStore store) throws GeneralSecurityException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) aliases.add(alias);
        }
        return aliases;
    }

    private static String shown(List<String> aliases) {
        return "keys " + MessageText.of(aliases.toString());
    }

    private static void addNoKey(boolean hasPlainKey, Findings findings) {
        if (hasPlainKey) {
            String expected = "one that is, or the key as PEM: openssl pkcs12 -in OLD -nodes -nocerts -out NEW";
            add(FindingCode.STORE_KEY_PLAIN, "a private key that is not encrypted", expected, findings);
        } else {
            add(FindingCode.STORE_NO_KEY, "no private key", "one with its certificates", findings);
        }
    }

    private static @Nullable Pkcs12 entry(
            KeyStore store, String alias, char[] password, CredentialLimits limits, Findings findings)
            throws GeneralSecurityException {
        if (!(store.getKey(alias, password) instanceof PrivateKey key)) {
            add(FindingCode.STORE_NO_KEY, "a secret key", "a private key", findings);
            return null;
        }
        if (KeyKind.of(key) == null) {
            add(FindingCode.KEY_ALGORITHM, "a key of another kind", "RSA, EC, Ed25519 or Ed448", findings);
            return null;
        }
        if (!Pkcs8.isFit(key, Input.KEY_STORE, 0, limits, findings)) return null;
        List<ReadCertificate> certificates = certificates(store.getCertificateChain(alias), limits, findings);
        return findings.hasProblem() ? null : new Pkcs12(key, certificates);
    }

    private static List<ReadCertificate> certificates(
            Certificate @Nullable [] chain, CredentialLimits limits, Findings findings)
            throws GeneralSecurityException {
        List<ReadCertificate> certificates = new ArrayList<>();
        if (chain == null || chain.length == 0) {
            add(FindingCode.CERTIFICATE_MISSING, "a key without certificates", "the chain of the key", findings);
        } else if (chain.length > limits.blockCount()) {
            String most = "at most " + limits.chainLength() + " certificates";
            add(FindingCode.CHAIN_TOO_LONG, chain.length + " certificates", most, findings);
        } else {
            for (Certificate certificate : chain) {
                ReadCertificate read = ReadCertificate.decode(certificate.getEncoded(), 0);
                if (read != null) {
                    certificates.add(read);
                } else {
                    add(FindingCode.CERTIFICATE_UNREADABLE, "no certificate", "X.509", findings);
                }
            }
        }
        return certificates;
    }

    private static void add(FindingCode code, String found, String expected, Findings findings) {
        findings.add(code, Input.KEY_STORE, 0, found, expected);
    }
}
