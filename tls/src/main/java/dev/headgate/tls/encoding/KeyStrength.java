package dev.headgate.tls.encoding;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;

/** Which keys are too short to be believed. */
public final class KeyStrength {
    public static final int RSA_BITS_MIN = 2048; // NIST SP 800-131A: shorter ones are disallowed

    private KeyStrength() {}

    public static boolean isWeak(PublicKey key) {
        return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN;
    }
}
