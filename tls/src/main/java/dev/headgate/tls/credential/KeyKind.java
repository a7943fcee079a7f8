package dev.headgate.tls.credential;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import org.jspecify.annotations.Nullable;

/** With what a server signs. A client's signature algorithms choose among credentials by it (RFC 8446 §4.2.3). */
public enum KeyKind {
    RSA("RSA", "SHA256withRSA"),
    ECDSA_P256("EC", "SHA256withECDSA"),
    ECDSA_P384("EC", "SHA384withECDSA"),
    ECDSA_P521("EC", "SHA512withECDSA"),
    ED25519("Ed25519", "Ed25519"),
    ED448("Ed448", "Ed448");

    private final String keyAlgorithm;
    private final String signatureAlgorithm;

    KeyKind(String keyAlgorithm, String signatureAlgorithm) {
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }

    String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /** Whether it is what JSSE asks for by {@code keyType}: {@code EC}, {@code RSA}, {@code RSASSA-PSS} or {@code EdDSA}. */
    public boolean isOfKeyType(String keyType) {
        return switch (this) {
            case RSA ->
                keyType.equals("RSA"); // An RSA key signs by PSS as well, and JSSE asks for it by this name then too.
            case ECDSA_P256, ECDSA_P384, ECDSA_P521 -> keyType.equals("EC");
            case ED25519, ED448 -> keyType.equals("EdDSA");
        };
    }

    /** The kind of a public or private key, or null when no server should have one. */
    static @Nullable KeyKind of(Key key) {
        if (key instanceof RSAKey && key.getAlgorithm().equals("RSA")) return RSA;
        if (key instanceof ECKey ec) {
            return switch (ec.getParams().getOrder().bitLength()) {
                case 256 -> isSecp256r1(ec) ? ECDSA_P256 : null;
                case 384 -> ECDSA_P384;
                case 521 -> ECDSA_P521;
                default -> null;
            };
        }
        if (key instanceof EdECKey ed) {
            return switch (ed.getParams().getName()) {
                case "Ed25519" -> ED25519;
                case "Ed448" -> ED448;
                default -> null;
            };
        }
        return null;
    }

    /** secp256k1 is as long, and has a = 0. */
    private static boolean isSecp256r1(ECKey key) {
        return key.getParams().getCurve().getA().signum() != 0;
    }
}
