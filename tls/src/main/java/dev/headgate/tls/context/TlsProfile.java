package dev.headgate.tls.context;

import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.hello.CodeList;
import java.util.Arrays;

/**
 * Versions, cipher suites and groups that are taken, by order of preference. There is no profile with anything weaker: no renegotiation, no
 * compression, no CBC, no RSA key exchange, forward secrecy always.
 */
public enum TlsProfile {
    /** TLS 1.3 alone. */
    MODERN(true, false),
    /** TLS 1.3 and 1.2, for clients of the last ten years. */
    INTERMEDIATE(true, true),
    /** TLS 1.2 alone: for clients that measure it. No configuration offers it. */
    TLS_1_2_ALONE(false, true);

    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";

    private final boolean takesTls13;
    private final boolean takesTls12;

    TlsProfile(boolean takesTls13, boolean takesTls12) {
        this.takesTls13 = takesTls13;
        this.takesTls12 = takesTls12;
    }

    String[] versions() {
        if (!takesTls13) return new String[] {TLS_1_2};
        return takesTls12 ? new String[] {TLS_1_3, TLS_1_2} : new String[] {TLS_1_3};
    }

    String[] suites() {
        return Arrays.stream(Suite.values())
                .filter(suite -> suite.isOf(ClientHello.TLS_1_3) ? takesTls13 : takesTls12)
                .map(Suite::registeredName)
                .toArray(String[]::new);
    }

    static String[] groups() {
        return new String[] {"x25519", "secp256r1", "secp384r1"};
    }

    /** The newest version that both sides take, as it is on the wire; 0 when there is none. */
    public int versionWith(ClientHello hello) {
        if (takesTls13 && hello.offersVersion(ClientHello.TLS_1_3)) return ClientHello.TLS_1_3;
        return takesTls12 && hello.offersVersion(ClientHello.TLS_1_2) ? ClientHello.TLS_1_2 : 0;
    }

    /** Whether a cipher suite of {@code version} is taken by both sides. */
    public boolean sharesSuite(ClientHello hello, int version) {
        CodeList offered = hello.cipherSuites();
        for (Suite suite : Suite.values()) {
            if (suite.isOf(version) && offered.contains(suite.code())) {
                return true;
            }
        }
        return false;
    }

    /** Cipher suites by their registered names and codes, by preference. */
    private enum Suite {
        AES_128_GCM("TLS_AES_128_GCM_SHA256", 0x1301),
        AES_256_GCM("TLS_AES_256_GCM_SHA384", 0x1302),
        CHACHA20("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
        ECDHE_ECDSA_AES_128_GCM("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02B),
        ECDHE_RSA_AES_128_GCM("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F),
        ECDHE_ECDSA_AES_256_GCM("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02C),
        ECDHE_RSA_AES_256_GCM("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030),
        ECDHE_ECDSA_CHACHA20("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA9),
        ECDHE_RSA_CHACHA20("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA8);

        private static final int TLS_1_3_BYTE = 0x13;

        private final String registeredName;
        private final int code;

        Suite(String registeredName, int code) {
            this.registeredName = registeredName;
            this.code = code;
        }

        String registeredName() {
            return registeredName;
        }

        int code() {
            return code;
        }

        boolean isOf(int version) {
            return (code >>> 8 == TLS_1_3_BYTE) == (version == ClientHello.TLS_1_3);
        }
    }
}
