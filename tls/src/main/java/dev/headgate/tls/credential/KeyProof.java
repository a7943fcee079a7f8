package dev.headgate.tls.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/**
 * A signature by which a private key is recognised. Signing and verifying, rather than comparing numbers: it is one rule
 * for all kinds of keys, and a damaged key that no handshake could use is found too.
 */
final class KeyProof {
    private static final byte[] TEXT = "headgate: does this key belong to it?".getBytes(StandardCharsets.US_ASCII);

    private final KeyKind kind;
    private final byte[] signature; // over TEXT

    KeyProof(KeyKind kind, byte[] signature) {
        this.kind = kind;
        this.signature = signature;
    }

    KeyKind kind() {
        return kind;
    }

    /** Null when the key is of no known kind or cannot sign. */
    static @Nullable KeyProof of(PrivateKey key) {
        KeyKind kind = KeyKind.of(key);
        if (kind == null) return null;
        try {
            Signature signer = Signature.getInstance(kind.signatureAlgorithm());
            signer.initSign(key);
            signer.update(TEXT);
            return new KeyProof(kind, signer.sign());
        } catch (GeneralSecurityException | RuntimeException e) {
            return null; // the caller says so; the JDK throws unchecked exceptions for some damaged keys
        }
    }

    boolean fits(PublicKey key) {
        if (KeyKind.of(key) != kind) return false;
        try {
            Signature verifier = Signature.getInstance(kind.signatureAlgorithm());
            verifier.initVerify(key);
            verifier.update(TEXT);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false; // a signature of another length is an exception, not a no
        }
    }
}
