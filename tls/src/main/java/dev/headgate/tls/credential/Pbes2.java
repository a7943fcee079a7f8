package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2). Read here, not by the JDK's
 * classes, so that rounds are bounded before they are made and passphrases may have any letters (as UTF-8).
 */
final class Pbes2 {
    private static final String PBES2 = "2a864886f70d01050d";
    private static final String PBKDF2 = "2a864886f70d01050c";
    private static final int IV_BYTES = 16;

    private final String prf; // as the JDK names PBKDF2 with it
    private final byte[] salt;
    private final int rounds;
    private final int keyBytes;
    private final byte[] iv;
    private final byte[] encrypted;

    Pbes2(String prf, byte[] salt, int rounds, int keyBytes, byte[] iv, byte[] encrypted) {
        this.prf = prf;
        this.salt = salt;
        this.rounds = rounds;
        this.keyBytes = keyBytes;
        this.iv = iv;
        this.encrypted = encrypted;
    }

    int rounds() {
        return rounds;
    }

    /** Its parameters, or null when it is encrypted in another way or malformed. */
    static @Nullable Pbes2 parse(byte[] der) {
        Der info = Der.whole(der, Der.SEQUENCE);
        Der algorithm = info == null ? null : info.take(Der.SEQUENCE);
        if (info == null || algorithm == null || !PBES2.equals(takeOid(algorithm))) return null;
        Der encrypted = info.take(Der.OCTET_STRING);
        Der parameters = algorithm.take(Der.SEQUENCE);
        Der kdf = parameters == null ? null : parameters.take(Der.SEQUENCE);
        Der cipher = parameters == null ? null : parameters.take(Der.SEQUENCE);
        if (encrypted == null || kdf == null || cipher == null || !PBKDF2.equals(takeOid(kdf))) return null;
        int keyBytes = keyBytes(takeOid(cipher));
        Der iv = cipher.take(Der.OCTET_STRING);
        Der kdfParameters = kdf.take(Der.SEQUENCE);
        if (keyBytes < 0 || iv == null || iv.content().length != IV_BYTES || kdfParameters == null) return null;
        Der salt = kdfParameters.take(Der.OCTET_STRING);
        Der rounds = kdfParameters.take(Der.INTEGER);
        if (salt == null || salt.content().length == 0 || rounds == null) return null;
        kdfParameters.take(Der.INTEGER); // the key's length, which the cipher says too
        String prf = prf(kdfParameters.take(Der.SEQUENCE));
        if (prf == null) return null;
        int count = rounds.smallInteger();
        // More than 31 bits of rounds are as refused as too many.
        return new Pbes2(
                prf,
                salt.content(),
                count <= 0 ? Integer.MAX_VALUE : count,
                keyBytes,
                iv.content(),
                encrypted.content());
    }

    private static @Nullable String takeOid(Der sequence) {
        Der oid = sequence.take(Der.OID);
        return oid == null ? null : HexFormat.of().formatHex(oid.content());
    }

    private static int keyBytes(@Nullable String cipher) {
        if (cipher == null) return -1;
        return switch (cipher) {
            case "60864801650304" + "0102" -> 16;
            case "60864801650304" + "0116" -> 24;
            case "60864801650304" + "012a" -> 32;
            default -> -1;
        };
    }

    /** Absent means HMAC with SHA-1 (RFC 8018 §A.2). */
    private static @Nullable String prf(@Nullable Der algorithm) {
        String oid = algorithm == null ? "2a864886f70d0207" : takeOid(algorithm);
        if (oid == null) return null;
        return switch (oid) {
            case "2a864886f70d0207" -> "PBKDF2WithHmacSHA1";
            case "2a864886f70d0208" -> "PBKDF2WithHmacSHA224";
            case "2a864886f70d0209" -> "PBKDF2WithHmacSHA256";
            case "2a864886f70d020a" -> "PBKDF2WithHmacSHA384";
            case "2a864886f70d020b" -> "PBKDF2WithHmacSHA512";
            default -> null;
        };
    }

    /** The key of the cipher, made with all rounds; the caller's to {@link #decrypt} with. */
    byte[] deriveKey(char[] passphrase) {
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, rounds, keyBytes * 8);
        try {
            return SecretKeyFactory.getInstance(prf).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + prf, e);
        } finally {
            spec.clearPassword();
        }
    }

    /**
     * The PrivateKeyInfo, which is the caller's to wipe; or null when the key does not fit.
     *
     * @param key that {@link #deriveKey} made; wiped
     */
    byte @Nullable [] decrypt(byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            byte[] info = cipher.doFinal(encrypted);
            // One wrong key in 256 leaves padding that looks right.
            if (Pkcs8.isPrivateKeyInfo(info)) return info;
            Arrays.fill(info, (byte) 0);
            return null;
        } catch (GeneralSecurityException e) {
            return null; // wrong padding, which is all that a wrong key shows
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
