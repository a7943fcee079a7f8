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
        Der safes = scan.dataOf(store.take(Der.SEQUENCE));
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
    private @Nullable Der dataOf(@Nullable Der contentInfo) {
        if (contentInfo == null || !DATA.equals(takeOid(contentInfo))) return null;
        return sequenceInOctets(contentInfo.take(Der.EXPLICIT_0));
    }

    private static @Nullable Der sequenceInOctets(@Nullable Der explicit) {
        Der octets = explicit == null ? null : explicit.take(Der.OCTET_STRING);
        byte[] content = octets == null ? null : Ber.toDer(octets.content());
        return content == null ? null : Der.whole(content, Der.SEQUENCE);
    }

    private void onSafe(@Nullable Der safe) {
        String type = safe == null ? null : takeOid(safe);
        Der explicit = safe == null ? null : safe.take(Der.EXPLICIT_0);
        if (DATA.equals(type)) {
            Der bags = sequenceInOctets(explicit);
            isWhole &= bags != null;
            while (bags != null && !bags.isAtEnd() && isWhole) onBag(bags.take(Der.SEQUENCE));
        } else if (ENCRYPTED_DATA.equals(type)) {
            Der encrypted = explicit == null ? null : explicit.take(Der.SEQUENCE);
            boolean hasVersion = encrypted != null && encrypted.take(Der.INTEGER) != null;
            Der content = hasVersion ? encrypted.take(Der.SEQUENCE) : null;
            isWhole &= content != null && content.take(Der.OID) != null;
            onAlgorithm(content == null ? null : content.take(Der.SEQUENCE));
        } else {
            isWhole = false; // by public key, which the JDK does not read either
        }
    }

    private void onBag(@Nullable Der bag) {
        String type = bag == null ? null : takeOid(bag);
        Der value = bag == null ? null : bag.take(Der.EXPLICIT_0);
        if (type == null || value == null) {
            isWhole = false;
        } else if (type.equals(KEY_BAG)) {
            hasPlainKey = true;
        } else if (type.equals(SHROUDED_KEY_BAG)) {
            Der key = value.take(Der.SEQUENCE);
            onAlgorithm(key == null ? null : key.take(Der.SEQUENCE));
        }
    }

    /** RFC 7292 §4: one round when it does not say; with PBMAC1 they stand in the algorithm (RFC 9579). */
    private void onMac(@Nullable Der mac) {
        Der digest = mac == null ? null : mac.take(Der.SEQUENCE);
        Der algorithm = digest == null ? null : digest.take(Der.SEQUENCE);
        if (mac == null || algorithm == null || mac.take(Der.OCTET_STRING) == null) {
            isWhole = false;
            return;
        }
        Der count = mac.take(Der.INTEGER);
        rounds += count == null ? 1 : roundsOf(count);
        if (PBMAC1.equals(takeOid(algorithm))) onKdf(algorithm.take(Der.SEQUENCE));
    }

    /** PBES2, or one of the older kinds, of which each has salt and rounds. */
    private void onAlgorithm(@Nullable Der algorithm) {
        String kind = algorithm == null ? null : takeOid(algorithm);
        Der parameters = kind == null ? null : algorithm.take(Der.SEQUENCE);
        if (PBES2.equals(kind)) {
            onKdf(parameters);
        } else {
            onSaltAndRounds(parameters);
        }
    }

    private void onKdf(@Nullable Der parameters) {
        Der kdf = parameters == null ? null : parameters.take(Der.SEQUENCE);
        onSaltAndRounds(kdf == null || kdf.take(Der.OID) == null ? null : kdf.take(Der.SEQUENCE));
    }

    private void onSaltAndRounds(@Nullable Der parameters) {
        boolean hasSalt = parameters != null && parameters.take(Der.OCTET_STRING) != null;
        Der count = hasSalt ? parameters.take(Der.INTEGER) : null;
        isWhole &= count != null;
        if (count != null) rounds += roundsOf(count);
    }

    /** More than 31 bits are as refused as too many. */
    private static int roundsOf(Der count) {
        int rounds = count.smallInteger();
        return rounds < 0 ? Integer.MAX_VALUE : rounds;
    }

    private static @Nullable String takeOid(Der sequence) {
        Der oid = sequence.take(Der.OID);
        return oid == null ? null : HexFormat.of().formatHex(oid.content());
    }
}
