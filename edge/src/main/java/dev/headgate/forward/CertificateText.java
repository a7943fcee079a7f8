package dev.headgate.forward;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text out of certificates, in a form that cannot get out of a field value, or out of the quotes within one. Whoever makes a certificate chooses
 * what stands in it.
 */
final class CertificateText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String PEM_START = "-----BEGIN CERTIFICATE-----\n";
    private static final String PEM_END = "-----END CERTIFICATE-----\n";
    private static final int PEM_LINE_CHARS = 64;
    private static final String URI_MARKS = "-._~:/?#[]@!$&'()*+%,;=";
    private static final String UNRESERVED_MARKS = "-._~";

    private CertificateText() {}

    /**
     * A distinguished name for the inside of double quotes. Quotes, backslashes, controls and what is no ASCII become pairs of hex digits behind a backslash,
     * which mean the same (RFC 4514 §2.4): there is no quote in it, and no backslash that another one could take for its own.
     *
     * @param name as the JDK writes it by RFC 2253
     */
    static String quotable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\' || i == name.length()) {
                append(c, text);
            } else if (isHexDigit(name.charAt(i))) {
                text.append('\\'); // A pair of digits follows.
            } else {
                int special = name.codePointAt(i);
                i += Character.charCount(special);
                if (isPlain(special)) text.append('\\');
                append(special, text);
            }
        }
        return text.toString();
    }

    private static void append(int c, StringBuilder text) {
        if (isPlain(c)) {
            text.append((char) c);
        } else {
            hexPairs(c, '\\', text);
        }
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private static boolean isHexDigit(char c) {
        return Character.digit(c, 16) >= 0;
    }

    /** A name or URI, in quotes if it needs them; what cannot stand in a URI, such as a quote, is percent-encoded. */
    static String plain(String name) {
        String text = percentEncoded(name, URI_MARKS);
        boolean isSplit = text.indexOf(',') >= 0 || text.indexOf(';') >= 0 || text.indexOf('=') >= 0;
        return isSplit ? '"' + text + '"' : text;
    }

    /** In PEM, and percent-encoded as a whole. */
    static String encodedPem(String base64) {
        StringBuilder pem = new StringBuilder(PEM_START);
        for (int at = 0; at < base64.length(); at += PEM_LINE_CHARS) {
            pem.append(base64, at, Math.min(base64.length(), at + PEM_LINE_CHARS))
                    .append('\n');
        }
        return percentEncoded(pem.append(PEM_END).toString(), UNRESERVED_MARKS);
    }

    private static String percentEncoded(String name, String marks) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            boolean isKept =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || marks.indexOf(c) >= 0;
            if (isKept) {
                text.append((char) c);
            } else {
                hexPairs(c, '%', text);
            }
        }
        return text.toString();
    }

    private static void hexPairs(int c, char mark, StringBuilder text) {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            text.append(mark).append(HEX.toHexDigits(b));
        }
    }
}
