package dev.headgate.tls.trust;

/** What the verified peer is in the handshake. */
public enum Purpose {
    /** A client that shows a certificate to a server (mTLS). */
    CLIENT("1.3.6.1.5.5.7.3.2"),
    /** A server, such as an upstream. */
    SERVER("1.3.6.1.5.5.7.3.1");

    private final String extendedKeyUsage;

    Purpose(String extendedKeyUsage) {
        this.extendedKeyUsage = extendedKeyUsage;
    }

    /** The object identifier that a certificate must allow, if it limits what it is for (RFC 5280 §4.2.1.12). */
    String extendedKeyUsage() {
        return extendedKeyUsage;
    }
}
