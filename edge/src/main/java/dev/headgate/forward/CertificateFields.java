package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.http.FieldSection;

/**
 * What an origin is told of a client's certificate, as lines that are made once per connection. Whatever a request itself says of certificates is
 * removed, but for the word of a trusted proxy on a listener that tells nothing.
 */
@HotPath
@Immutable
public final class CertificateFields {
    /** Tells nothing. */
    public static final CertificateFields NONE = new CertificateFields(false, false, new byte[0], new int[0]);

    /** More than is forwarded: nothing of it is kept. */
    static final CertificateFields TOO_LONG = new CertificateFields(true, true, new byte[0], new int[0]);

    /** More than this is not forwarded; a request that it would belong to is refused. */
    public static final int LINES_BYTES_MAX = 24 * 1024;

    /** Words of {@link #lineWords} for each line. */
    private static final int WORDS = 3;

    private final boolean isTold;
    private final boolean isTooLong;
    private final byte[] lines;
    private final int[] lineWords; // of each line its field's number, the length of its name, and the whole length

    CertificateFields(byte[] lines, int[] lineWords) {
        this(true, false, lines, lineWords);
    }

    private CertificateFields(boolean isTold, boolean isTooLong, byte[] lines, int[] lineWords) {
        this.isTold = isTold;
        this.isTooLong = isTooLong;
        this.lines = lines;
        this.lineWords = lineWords;
    }

    /** The bytes that {@link #apply} appends to the store. */
    public int addedBytes() {
        return lines.length;
    }

    /**
     * Rewrites the fields of a retained request. Comes after {@link ForwardingFields#apply}, which has removed what an untrusted peer says.
     *
     * @return false when the lines are too long, or there is no room
     */
    public boolean apply(FieldSection fields, boolean isFromTrustedProxy) {
        if (isTold && isFromTrustedProxy) {
            IdentityFields.stripCertificates(fields);
        }
        if (isTooLong) {
            return false;
        }
        if (lines.length == 0) {
            return true;
        }
        int line = fields.addBytes(lines, lines.length);
        if (line < 0) {
            return false;
        }
        for (int i = 0; i < lineWords.length; i += WORDS) {
            int nameLength = lineWords[i + 1];
            int length = lineWords[i + 2];
            int value = line + nameLength + 2;
            fields.append(line, nameLength, value, line + length - 2 - value, lineWords[i], true);
            line += length;
        }
        return true;
    }
}
