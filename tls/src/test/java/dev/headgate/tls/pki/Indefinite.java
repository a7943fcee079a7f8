package dev.headgate.tls.pki;

import dev.headgate.tls.encoding.Der;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The same value as DER, written with indefinite lengths and octet strings in pieces (X.690 §8.1.3.6, §8.7). */
public final class Indefinite {
    private static final int CONSTRUCTED = 0x20;
    private static final int PIECE_BYTES = 100;

    private Indefinite() {}

    public static byte[] of(byte[] der) {
        int tag = der[0] & 0xff;
        Der element = Der.whole(der, tag);
        if (element == null) throw new IllegalArgumentException("no DER");
        var out = new ByteArrayOutputStream();
        if (tag == Der.OCTET_STRING) {
            out.writeBytes(new byte[] {(byte) (tag | CONSTRUCTED), (byte) 0x80});
            byte[] content = element.content();
            for (int at = 0; at < content.length; at += PIECE_BYTES) {
                int end = Math.min(content.length, at + PIECE_BYTES);
                out.writeBytes(Der.write(Der.OCTET_STRING, Arrays.copyOfRange(content, at, end)));
            }
        } else if ((tag & CONSTRUCTED) != 0) {
            out.writeBytes(new byte[] {(byte) tag, (byte) 0x80});
            for (Der child = element.take(); child != null; child = element.take()) out.writeBytes(of(child.encoded()));
        } else {
            return der;
        }
        out.writeBytes(new byte[2]);
        return out.toByteArray();
    }
}
