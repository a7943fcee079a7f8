package dev.headgate.tls.encoding;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a PKCS#12 store (RFC 7292 §4) says before any of it is decrypted: how many rounds its passwords ask for, and whether
 * it has a key that is not encrypted, which the JDK passes over. What is inside an encrypted part is not seen; there the
 * JDK's own limit holds, of five million rounds for each key.
 */
final class Pkcs12Scan {
    private static final String DATA = "2a864886f70d010701";
    private static final String ENCRYPTED_DATA = "2a864886f70d010706";
    private static final String KEY_BAG = "2a864886f70d010c0a0101";
    private static final String SHROUDED_KEY_BAG = "2a864886f70d010c0a0102";
    private static final String PBES2 = "2a864886f70d01050d";
    private static final String PBMAC1 = "2a864886f70d01050e";

    private long rounds;
    private boolean hasPlainKey;
    private boolean isWhole = true;

    private Pkcs12Scan() {}

    /** Null when it is no store, or one whose parameters cannot be read. */
    static @Nullable Pkcs12Scan of(byte[] der) {
        Der store = Der.whole(der, Der.SEQUENCE);
        if (store == null || store.take(Der.INTEGER) == null) return null;
        Pkcs12Scan scan = new Pkcs12Scan();
        Der safes = dataOf(store.take(Der.SEQUENCE));
        while (safes != null && !safes.isAtEnd() && scan.isWhole) scan.onSafe(safes.take(Der.SEQUENCE));
        if (!store.isAtEnd()) scan.onMac(store.take(Der.SEQUENCE));
        return safes != null && scan.isWhole ? scan : null;
    }

    /** Of all passwords that are not inside an encrypted part, together. */
    long rounds() {
        return rounds;
    }

    boolean hasPlainKey() {
        return hasPlainKey;
    }

    /** What a ContentInfo of type data has in its octets; null when it has none. */
    private static @Nullable Der dataOf(@Nullable Der contentInfo) {
        return DATA.equals(takeOid(contentInfo)) ? sequenceInOctets(take(contentInfo, Der.EXPLICIT_0)) : null;
    }

    private static @Nullable Der sequenceInOctets(@Nullable Der explicit) {
        Der octets = take(explicit, Der.OCTET_STRING);
        byte[] content = octets == null ? null : Ber.toDer(octets.content());
        return content == null ? null : Der.whole(content, Der.SEQUENCE);
    }

    private void onSafe(@Nullable Der safe) {
        String type = takeOid(safe);
        Der explicit = take(safe, Der.EXPLICIT_0);
        if (DATA.equals(type)) {
            Der bags = sequenceInOctets(explicit);
            isWhole &= bags != null;
            while (bags != null && !bags.isAtEnd() && isWhole) onBag(bags.take(Der.SEQUENCE));
        } else if (ENCRYPTED_DATA.equals(type)) {
            Der encrypted = take(explicit, Der.SEQUENCE);
            isWhole &= take(encrypted, Der.INTEGER) != null;
            Der content = take(encrypted, Der.SEQUENCE);
            isWhole &= takeOid(content) != null;
            onAlgorithm(take(content, Der.SEQUENCE));
        } else {
            isWhole = false; // by public key, which the JDK does not read either
        }
    }

    private void onBag(@Nullable Der bag) {
        String type = takeOid(bag);
        Der value = take(bag, Der.EXPLICIT_0);
        if (type == null || value == null) {
            isWhole = false;
        } else if (type.equals(KEY_BAG)) {
            hasPlainKey = true;
        } else if (type.equals(SHROUDED_KEY_BAG)) {
            onAlgorithm(take(value.take(Der.SEQUENCE), Der.SEQUENCE));
        }
    }

    /** RFC 7292 §4: one round when it does not say; with PBMAC1 they stand in the algorithm too (RFC 9579). */
    private void onMac(@Nullable Der mac) {
        Der algorithm = take(take(mac, Der.SEQUENCE), Der.SEQUENCE);
        isWhole &= algorithm != null && take(mac, Der.OCTET_STRING) != null;
        Der count = take(mac, Der.INTEGER);
        rounds += count == null ? 1 : roundsOf(count);
        if (PBMAC1.equals(takeOid(algorithm))) onKdf(take(algorithm, Der.SEQUENCE));
    }

    /** PBES2, or one of the older kinds, of which each has salt and rounds. */
    private void onAlgorithm(@Nullable Der algorithm) {
        String kind = takeOid(algorithm);
        Der parameters = take(algorithm, Der.SEQUENCE);
        if (PBES2.equals(kind)) {
            onKdf(parameters);
        } else {
            onSaltAndRounds(parameters);
        }
    }

    private void onKdf(@Nullable Der parameters) {
        Der kdf = take(parameters, Der.SEQUENCE);
        isWhole &= takeOid(kdf) != null;
        onSaltAndRounds(take(kdf, Der.SEQUENCE));
    }

    private void onSaltAndRounds(@Nullable Der parameters) {
        isWhole &= take(parameters, Der.OCTET_STRING) != null;
        Der count = take(parameters, Der.INTEGER);
        isWhole &= count != null;
        if (count != null) rounds += roundsOf(count);
    }

    /** More than 31 bits are as refused as too many. */
    private static int roundsOf(Der count) {
        int rounds = count.smallInteger();
        return rounds < 0 ? Integer.MAX_VALUE : rounds;
    }

    /** The next child of {@code parent}, if both are there. */
    private static @Nullable Der take(@Nullable Der parent, int tag) {
        return parent == null ? null : parent.take(tag);
    }

    private static @Nullable String takeOid(@Nullable Der parent) {
        Der oid = take(parent, Der.OID);
        return oid == null ? null : HexFormat.of().formatHex(oid.content());
    }
}
