package dev.headgate.bench.target;

/** What Headgate takes over TLS by default, in OpenSSL's words, so that the others take the same in the same order. */
final class TlsWords {
    /** TLS 1.3. */
    static final String SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    /** TLS 1.2. */
    static final String CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
            + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
            + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    static final String GROUPS = "X25519:P-256:P-384";

    private TlsWords() {}
}
