package dev.headgate.tls.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Writes PEM (RFC 7468 §2). */
public final class PemWriter {
    private static final int LINE_LENGTH = 64;

    private PemWriter() {}

    /** One block; nothing of {@code content}, which may be a secret, is left in memory but in what is returned. */
    public static byte[] block(String label, byte[] content) {
        byte[] lines = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encode(content);
        byte[] begin = ("-----BEGIN " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
        byte[] text = Arrays.copyOf(begin, begin.length + lines.length + end.length);
        System.arraycopy(lines, 0, text, begin.length, lines.length);
        System.arraycopy(end, 0, text, begin.length + lines.length, end.length);
        Arrays.fill(lines, (byte) 0);
        return text;
    }
}
