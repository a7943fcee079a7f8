package dev.headgate.tls.pki;

import dev.headgate.tls.encoding.Der;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What certificates and lists are written of. */
public final class Asn1 {
    private static final int BOOLEAN = 1;
    private static final int BIT_STRING = 3;
    private static final int NULL = 5;
    private static final int GENERALIZED_TIME = 0x18;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Asn1() {}

    public static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        var out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift >= 0; shift -= 7) {
                if (arc >>> shift != 0 || shift == 0) out.write(arc >>> shift & 0x7f | (shift == 0 ? 0 : 0x80));
            }
        }
        return Der.write(Der.OID, out.toByteArray());
    }

    static byte[] integer(long value) {
        return Der.write(Der.INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    static byte[] time(Instant instant) {
        return Der.write(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] extension(String oid, boolean isCritical, byte[] value) {
        byte[] critical = isCritical ? Der.write(BOOLEAN, new byte[] {-1}) : new byte[0];
        return Der.write(Der.SEQUENCE, oid(oid), critical, Der.write(Der.OCTET_STRING, value));
    }

    static byte[] bits(int... set) {
        byte[] content = new byte[2];
        for (int bit : set) content[1] |= (byte) (0x80 >>> bit);
        return Der.write(BIT_STRING, content);
    }

    /** Of the signatures that {@code key} makes here. */
    static byte[] algorithm(PrivateKey key) {
        return key instanceof ECPrivateKey
                ? Der.write(Der.SEQUENCE, oid("1.2.840.10045.4.3.2"))
                : Der.write(Der.SEQUENCE, oid("1.2.840.113549.1.1.11"), Der.write(NULL));
    }

    /** {@code tbs} with its signature. */
    static byte[] signed(byte[] tbs, PrivateKey key) {
        try {
            boolean isEc = key instanceof ECPrivateKey;
            Signature signature = Signature.getInstance(isEc ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(tbs);
            byte[] bits = Der.write(BIT_STRING, new byte[1], signature.sign());
            return Der.write(Der.SEQUENCE, tbs, algorithm(key), bits);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
