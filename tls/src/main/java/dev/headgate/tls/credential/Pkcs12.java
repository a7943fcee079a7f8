package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key of a PKCS#12 store with its certificates, leaf first. The JDK bounds the rounds that a store may ask for. */
record Pkcs12(PrivateKey key, List<ReadCertificate> certificates) {

    /** The one entry with a key, or the one that is asked for; null with a problem. */
    static @Nullable Pkcs12 read(
            byte[] bytes, char[] password, @Nullable String alias, CredentialLimits limits, Findings findings) {
        if (bytes.length > limits.textBytes()) {
            add(FindingCode.STORE_TOO_LARGE, bytes.length + " bytes", "at most " + limits.textBytes(), findings);
            return null;
        }
        if (Der.whole(bytes, Der.SEQUENCE) == null) {
            add(FindingCode.STORE_UNREADABLE, "no PKCS#12", "a PKCS#12 key store as DER", findings);
            return null;
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            String chosen = choose(keyAliases(store), alias, findings);
            return chosen == null ? null : entry(store, chosen, password, limits, findings);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // The JDK's decoder also throws unchecked exceptions. Messages of both may quote what they read.
            if (e.getCause() instanceof UnrecoverableKeyException || e instanceof UnrecoverableKeyException) {
                add(FindingCode.KEY_PASSPHRASE_WRONG, "another password", "the one of this store", findings);
            } else {
                add(FindingCode.STORE_UNREADABLE, "no PKCS#12, or damaged", "a PKCS#12 key store", findings);
            }
            return null;
        }
    }

    private static List<String> keyAliases(KeyStore store) throws GeneralSecurityException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) aliases.add(alias);
        }
        return aliases;
    }

    private static @Nullable String choose(List<String> aliases, @Nullable String alias, Findings findings) {
        if (aliases.isEmpty()) {
            add(FindingCode.STORE_NO_KEY, "no private key", "one with its certificates", findings);
        } else if (alias == null && aliases.size() > 1) {
            add(FindingCode.STORE_SEVERAL_KEYS, "keys " + aliases, "one, or an alias that says which", findings);
        } else if (alias == null) {
            return aliases.getFirst();
        } else if (aliases.contains(alias)) {
            return alias;
        } else {
            add(FindingCode.STORE_ALIAS, "keys " + aliases, "a key " + alias, findings);
        }
        return null;
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
        List<ReadCertificate> certificates = new ArrayList<>();
        Certificate[] chain = store.getCertificateChain(alias);
        if (chain != null && chain.length <= limits.blockCount()) {
            for (Certificate certificate : chain) {
                ReadCertificate read = ReadCertificate.decode(certificate.getEncoded(), 0);
                if (read != null) certificates.add(read);
            }
        }
        if (!certificates.isEmpty()) return new Pkcs12(key, certificates);
        add(FindingCode.CERTIFICATE_MISSING, "a key without certificates", "the chain of the key", findings);
        return null;
    }

    private static void add(FindingCode code, String found, String expected, Findings findings) {
        findings.add(code, Input.KEY_STORE, 0, found, expected);
    }
}
