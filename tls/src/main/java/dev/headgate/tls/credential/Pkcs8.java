package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.KeyStrength;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2): which kind of key it holds, and the key. The other two forms are wrapped into it. */
final class Pkcs8 {
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] NULL = {5, 0};

    private static final byte[] RSA = oid("2a864886f70d010101");
    private static final byte[] EC = oid("2a8648ce3d0201");

    private Pkcs8() {}

    private static byte[] oid(String hex) {
        return Der.write(Der.OID, HexFormat.of().parseHex(hex));
    }

    /** An RSAPrivateKey (RFC 8017 §A.1.2), wrapped. */
    static byte[] wrapPkcs1(byte[] der) {
        return wrap(Der.write(Der.SEQUENCE, RSA, NULL), der);
    }

    /** An ECPrivateKey (RFC 5915 §3) on {@code curve}, which is an object identifier as DER, wrapped. */
    static byte[] wrapSec1(byte[] der, byte[] curve) {
        return wrap(Der.write(Der.SEQUENCE, EC, curve), der);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        byte[] octets = Der.write(Der.OCTET_STRING, key);
        byte[] info = Der.write(Der.SEQUENCE, VERSION_0, algorithm, octets);
        Arrays.fill(octets, (byte) 0);
        return info;
    }

    /** Whether it has the form of a PrivateKeyInfo: what a wrong passphrase decrypts to has not. */
    static boolean isPrivateKeyInfo(byte[] der) {
        return algorithm(der) != null;
    }

    private static @Nullable Der algorithm(byte[] der) {
        Der info = Der.whole(der, Der.SEQUENCE);
        if (info == null || info.take(Der.INTEGER) == null) return null;
        Der algorithm = info.take(Der.SEQUENCE);
        return info.take(Der.OCTET_STRING) == null ? null : algorithm;
    }

    /** The key, or null with a problem. */
    static @Nullable PrivateKey decode(byte[] der, Input input, int line, CredentialLimits limits, Findings findings) {
        Der algorithm = algorithm(der);
        Der oid = algorithm == null ? null : algorithm.take(Der.OID);
        if (algorithm == null || oid == null) {
            findings.add(FindingCode.KEY_UNREADABLE, input, line, "no private key", "PKCS#8, PKCS#1 or SEC 1");
            return null;
        }
        KeyKind kind = switch (HexFormat.of().formatHex(oid.content())) {
            case "2a864886f70d010101" -> KeyKind.RSA;
            case "2a8648ce3d0201" -> curveKind(algorithm.take(Der.OID));
            case "2b6570" -> KeyKind.ED25519;
            case "2b6571" -> KeyKind.ED448;
            default -> {
                findings.add(
                        FindingCode.KEY_ALGORITHM,
                        input,
                        line,
                        "a key of another algorithm",
                        "RSA, EC, Ed25519 or Ed448");
                yield null;
            }
        };
        if (kind == null) {
            if (!findings.hasProblem()) {
                findings.add(
                        FindingCode.KEY_CURVE, input, line, "a key on another curve", "P-256, P-384 or P-521, by name");
            }
            return null;
        }
        try {
            PrivateKey key = KeyFactory.getInstance(kind.keyAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
            return isFit(key, input, line, limits, findings) ? key : null;
        } catch (GeneralSecurityException | RuntimeException e) {
            // The JDK's decoders also throw unchecked exceptions for wrong keys. Their messages may quote them.
            findings.add(FindingCode.KEY_UNREADABLE, input, line, "no " + kind + " key", "a whole private key");
            return null;
        }
    }

    private static @Nullable KeyKind curveKind(@Nullable Der oid) {
        if (oid == null) return null;
        return switch (HexFormat.of().formatHex(oid.content())) {
            case "2a8648ce3d030107" -> KeyKind.ECDSA_P256;
            case "2b81040022" -> KeyKind.ECDSA_P384;
            case "2b81040023" -> KeyKind.ECDSA_P521;
            default -> null;
        };
    }

    /** Length in both directions, and for RSA that no number is longer than the modulus: each is an exponent of a signature. */
    static boolean isFit(PrivateKey key, Input input, int line, CredentialLimits limits, Findings findings) {
        if (!(key instanceof RSAPrivateKey rsa)) return true;
        int bits = rsa.getModulus().bitLength();
        if (bits < KeyStrength.RSA_BITS_MIN) {
            findings.add(
                    FindingCode.KEY_WEAK,
                    input,
                    line,
                    "RSA of " + bits + " bits",
                    "at least " + KeyStrength.RSA_BITS_MIN + " bits");
            return false;
        }
        if (bits > limits.rsaBits()) {
            String most = "at most " + limits.rsaBits() + " bits";
            findings.add(FindingCode.KEY_TOO_LONG, input, line, "RSA of " + bits + " bits", most);
            return false;
        }
        if (isConsistent(rsa)) return true;
        findings.add(FindingCode.KEY_UNREADABLE, input, line, "numbers that make no RSA key", "a whole private key");
        return false;
    }

    private static boolean isConsistent(RSAPrivateKey key) {
        BigInteger modulus = key.getModulus();
        boolean isShort = key.getPrivateExponent().signum() > 0
                && key.getPrivateExponent().compareTo(modulus) < 0;
        if (!(key instanceof RSAPrivateCrtKey crt)) return isShort;
        BigInteger p = crt.getPrimeP();
        BigInteger q = crt.getPrimeQ();
        return isShort
                && p.bitLength() + q.bitLength() <= modulus.bitLength() + 1
                && p.multiply(q).equals(modulus)
                && crt.getPrimeExponentP().compareTo(p) < 0
                && crt.getPrimeExponentQ().compareTo(q) < 0
                && crt.getCrtCoefficient().compareTo(p) < 0
                && crt.getPublicExponent().compareTo(modulus) < 0;
    }
}
