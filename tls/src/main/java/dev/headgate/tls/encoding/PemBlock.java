package dev.headgate.tls.encoding;

import java.util.Arrays;

/** One block of a PEM text. */
public final class PemBlock {
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String X509_CERTIFICATE = "X509 CERTIFICATE"; // the same, says RFC 7468 §5.1
    public static final String X509_CRL = "X509 CRL";
    public static final String PKCS8 = "PRIVATE KEY";
    public static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
    public static final String PKCS1 = "RSA PRIVATE KEY";
    public static final String SEC1 = "EC PRIVATE KEY";
    public static final String EC_PARAMETERS = "EC PARAMETERS";

    private final String label;
    private final int line; // of its BEGIN, from 1
    private final boolean isLegacyEncrypted;
    private final byte[] der; // empty when it is encrypted the legacy way

    PemBlock(String label, int line, boolean isLegacyEncrypted, byte[] der) {
        this.label = label;
        this.line = line;
        this.isLegacyEncrypted = isLegacyEncrypted;
        this.der = der;
    }

    public String label() {
        return label;
    }

    public int line() {
        return line;
    }

    public boolean isLegacyEncrypted() {
        return isLegacyEncrypted;
    }

    public byte[] der() {
        return der;
    }

    public boolean isCertificate() {
        return label.equals(CERTIFICATE) || label.equals(X509_CERTIFICATE);
    }

    public boolean isPrivateKey() {
        return switch (label) {
            case PKCS8, ENCRYPTED_PKCS8, PKCS1, SEC1 -> true;
            default -> false;
        };
    }

    /** Overwrites the content of a private key; other blocks stay. */
    public void wipe() {
        if (isPrivateKey()) Arrays.fill(der, (byte) 0);
    }

    /** Whether it is among what people keep beside keys and certificates, and so no misspelling. */
    public boolean isKnown() {
        return isCertificate()
                || isPrivateKey()
                || label.equals(EC_PARAMETERS)
                || label.equals(X509_CRL)
                || label.equals("DH PARAMETERS")
                || label.equals("PUBLIC KEY")
                || label.equals("CERTIFICATE REQUEST");
    }

    @Override
    public String toString() {
        return label + " at line " + line;
    }
}
