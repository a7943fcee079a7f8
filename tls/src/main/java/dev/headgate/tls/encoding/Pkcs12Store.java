package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#12 store as the JDK has read it, after its rounds have been counted.
 *
 * @param store that is loaded
 * @param hasPlainKey whether it has a key that is not encrypted, and so is not in {@code store}
 */
public record Pkcs12Store(KeyStore store, boolean hasPlainKey) {

    /**
     * Opens a store in DER or BER; null with a problem.
     *
     * @param password of the store, or null when it has none; lent, and not wiped
     * @param bytesMax longest store
     * @param roundsMax most rounds that all its passwords together may ask for
     */
    public static @Nullable Pkcs12Store open(
            byte[] bytes, char @Nullable [] password, int bytesMax, int roundsMax, Input input, Findings findings) {
        if (bytes.length > bytesMax) {
            findings.add(
                    FindingCode.STORE_TOO_LARGE, input, 0, bytes.length + " bytes", "at most " + bytesMax + " bytes");
            return null;
        }
        byte[] der = Ber.toDer(bytes);
        Pkcs12Scan scan = der == null ? null : Pkcs12Scan.of(der);
        if (der == null || scan == null) {
            findings.add(FindingCode.STORE_UNREADABLE, input, 0, "no PKCS#12", "a PKCS#12 key store");
            return null;
        }
        if (scan.rounds() > roundsMax) {
            String found = "more than " + roundsMax + " iterations in all";
            findings.add(FindingCode.KEY_ITERATIONS, input, 0, found, "at most " + roundsMax);
            return null;
        }
        // What has been counted is what is read: the JDK gets the same DER.
        return load(der, password, scan.hasPlainKey(), input, findings);
    }

    private static @Nullable Pkcs12Store load(
            byte[] der, char @Nullable [] password, boolean hasPlainKey, Input input, Findings findings) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(der), password);
            return new Pkcs12Store(store, hasPlainKey);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            refuse(e, input, findings);
            return null;
        }
    }

    /** Says why reading a store failed. The JDK's decoder also throws unchecked exceptions; messages may quote what it read. */
    public static void refuse(Exception failure, Input input, Findings findings) {
        if (failure instanceof UnrecoverableKeyException || failure.getCause() instanceof UnrecoverableKeyException) {
            findings.add(FindingCode.KEY_PASSPHRASE_WRONG, input, 0, "another password", "the one of this store");
        } else {
            findings.add(FindingCode.STORE_UNREADABLE, input, 0, "no PKCS#12, or damaged", "a PKCS#12 key store");
        }
    }
}
