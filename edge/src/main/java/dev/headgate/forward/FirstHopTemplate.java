package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.charset.StandardCharsets;

/**
 * The forwarding fields of a listener's requests with gaps for the client's address, which stands behind the first two parts, and for the
 * authority, behind the next two. There is one for each way of quoting, which {@code Forwarded} needs for what is no token (RFC 7239 §4).
 */
@Immutable
final class FirstHopTemplate {
    static final int ADDRESSES = 2;
    static final int GAPS = 4;

    private static final int SEPARATOR_LENGTH = 2;
    private static final int CRLF_LENGTH = 2;

    /** The fields, and how often address and authority stand before each line. */
    private static final int[] IDS = {
        Field.X_FORWARDED_FOR, Field.FORWARDED, Field.X_FORWARDED_PROTO, Field.X_FORWARDED_HOST, Field.X_FORWARDED_PORT,
    };

    private static final int[] ADDRESSES_BEFORE = {0, 1, 2, 2, 2, 2};
    private static final int[] AUTHORITIES_BEFORE = {0, 0, 1, 1, 2, 2};

    private final byte[][] parts;
    private final int[] lines =
            new int[IDS.length + 1]; // where each line begins if the gaps are empty, and where the last one ends

    private FirstHopTemplate(byte[][] parts) {
        this.parts = parts;
        StringBuilder all = new StringBuilder();
        for (byte[] part : parts) {
            all.append(new String(part, StandardCharsets.US_ASCII));
        }
        for (int i = 1; i < lines.length; i++) {
            lines[i] = all.indexOf("\r\n", lines[i - 1]) + CRLF_LENGTH;
        }
    }

    static FirstHopTemplate of(String scheme, int port, boolean isIpv6, boolean isHostQuoted) {
        String quote = isHostQuoted ? "\"" : "";
        return new FirstHopTemplate(new byte[][] {
            ascii("X-Forwarded-For: "),
            ascii("\r\nForwarded: for=" + (isIpv6 ? "\"[" : "")),
            ascii((isIpv6 ? "]\"" : "") + ";host=" + quote),
            ascii(quote + ";proto=" + scheme + "\r\nX-Forwarded-Proto: " + scheme + "\r\nX-Forwarded-Host: "),
            ascii("\r\nX-Forwarded-Port: " + port + "\r\n"),
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What stands before, between and behind the gaps. Not to be changed. */
    byte[][] parts() {
        return parts;
    }

    /** Enters the lines, which begin at {@code store}. */
    void enter(FieldSection fields, int store, int addressLength, int authorityLength) {
        int line = store;
        for (int i = 0; i < IDS.length; i++) {
            int next = store
                    + lines[i + 1]
                    + ADDRESSES_BEFORE[i + 1] * addressLength
                    + AUTHORITIES_BEFORE[i + 1] * authorityLength;
            line = enterLine(fields, IDS[i], line, next);
        }
    }

    /** Enters a line that ends at {@code end}; answers that. */
    static int enterLine(FieldSection fields, int id, int line, int end) {
        int nameLength = Field.wireName(id).length;
        int value = line + nameLength + SEPARATOR_LENGTH;
        fields.append(line, nameLength, value, end - CRLF_LENGTH - value, id, true);
        return end;
    }
}
