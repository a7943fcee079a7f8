package dev.headgate.tls.trust;

/** Places in the JDK's list of key usages, which are the bits of RFC 5280 §4.2.1.3. */
final class KeyUsage {
    static final int KEY_CERT_SIGN = 5;
    static final int CRL_SIGN = 6;

    private KeyUsage() {}
}
