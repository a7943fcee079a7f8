package dev.headgate.http;

/**
 * What an HTTP/1.1 decoder takes before it refuses. Byte counts of lines leave out their CRLF; the head and the trailer
 * section count everything up to and with their last CRLF.
 *
 * @param requestLineBytes longest request or status line
 * @param fieldLineBytes longest field line
 * @param headBytes longest head, empty lines before it included
 * @param fieldCount most field lines in a head, dropped ones included
 * @param nameBytes longest field name
 * @param methodBytes longest method
 * @param leadingCrlfCount empty lines that are skipped before a request line (RFC 9112 §2.2)
 * @param trailerBytes longest trailer section
 * @param trailerCount most trailer field lines
 * @param chunkExtensionBytes chunk extensions of one message, all chunks together
 * @param chunkLineBytes longest chunk-size line with its extension
 * @param chunkSizeDigits most hexadecimal digits of a chunk size, at most 16
 * @param underscoreNames what happens to names that contain an underscore
 * @param obsText whether field values may contain bytes of 0x80 and above (RFC 9110 §5.5)
 */
public record Http1Limits(
        int requestLineBytes,
        int fieldLineBytes,
        int headBytes,
        int fieldCount,
        int nameBytes,
        int methodBytes,
        int leadingCrlfCount,
        int trailerBytes,
        int trailerCount,
        int chunkExtensionBytes,
        int chunkLineBytes,
        int chunkSizeDigits,
        UnderscoreNames underscoreNames,
        ObsText obsText) {

    /** No limit can be set above this. */
    public static final int BYTES_MAX = 16 << 20;

    /** The widest field name that can be configured: lengths are kept in 16 bits. */
    public static final int NAME_BYTES_MAX = 65_535;

    /** The defaults for requests from clients. */
    public static final Http1Limits DEFAULTS = new Http1Limits(
            8 << 10,
            16 << 10,
            32 << 10,
            100,
            256,
            32,
            2,
            16 << 10,
            100,
            16 << 10,
            256,
            16,
            UnderscoreNames.DROP,
            ObsText.ALLOW);

    /** The defaults for responses from origins. */
    public static final Http1Limits RESPONSE_DEFAULTS = new Http1Limits(
            8 << 10,
            16 << 10,
            64 << 10,
            200,
            256,
            32,
            0,
            16 << 10,
            100,
            16 << 10,
            256,
            16,
            UnderscoreNames.ALLOW,
            ObsText.ALLOW);

    public Http1Limits {
        checkRange("requestLineBytes", requestLineBytes, 16, BYTES_MAX);
        checkRange("fieldLineBytes", fieldLineBytes, 16, BYTES_MAX);
        checkRange("headBytes", headBytes, 32, BYTES_MAX);
        checkRange("fieldCount", fieldCount, 1, 65_535);
        checkRange("nameBytes", nameBytes, 8, NAME_BYTES_MAX);
        checkRange("methodBytes", methodBytes, 7, 1024);
        checkRange("leadingCrlfCount", leadingCrlfCount, 0, 16);
        checkRange("trailerBytes", trailerBytes, 2, BYTES_MAX);
        checkRange("trailerCount", trailerCount, 0, 65_535);
        checkRange("chunkExtensionBytes", chunkExtensionBytes, 0, BYTES_MAX);
        checkRange("chunkLineBytes", chunkLineBytes, 16, 65_535);
        checkRange("chunkSizeDigits", chunkSizeDigits, 1, 16);
    }

    /** What happens to a field whose name contains an underscore, which many origins read as a hyphen. */
    public enum UnderscoreNames {
        /** The field is left out. */
        DROP,
        /** The message is refused. */
        REJECT,
        /** The field is kept, unless its name passes for one that matters to security. */
        ALLOW
    }

    /** What happens to bytes of 0x80 and above in a field value. */
    public enum ObsText {
        ALLOW,
        REJECT
    }

    /** This with another head size and field count. */
    public Http1Limits withHead(int bytes, int count) {
        return new Http1Limits(
                requestLineBytes,
                fieldLineBytes,
                bytes,
                count,
                nameBytes,
                methodBytes,
                leadingCrlfCount,
                trailerBytes,
                trailerCount,
                chunkExtensionBytes,
                chunkLineBytes,
                chunkSizeDigits,
                underscoreNames,
                obsText);
    }

    /** This with another trailer section. */
    public Http1Limits withTrailers(int bytes, int count) {
        return new Http1Limits(
                requestLineBytes,
                fieldLineBytes,
                headBytes,
                fieldCount,
                nameBytes,
                methodBytes,
                leadingCrlfCount,
                bytes,
                count,
                chunkExtensionBytes,
                chunkLineBytes,
                chunkSizeDigits,
                underscoreNames,
                obsText);
    }

    /** This with other longest lines. */
    public Http1Limits withLines(int requestLine, int fieldLine) {
        return new Http1Limits(
                requestLine,
                fieldLine,
                headBytes,
                fieldCount,
                nameBytes,
                methodBytes,
                leadingCrlfCount,
                trailerBytes,
                trailerCount,
                chunkExtensionBytes,
                chunkLineBytes,
                chunkSizeDigits,
                underscoreNames,
                obsText);
    }

    /** This with another answer to underscores in names. */
    public Http1Limits withUnderscoreNames(UnderscoreNames policy) {
        return new Http1Limits(
                requestLineBytes,
                fieldLineBytes,
                headBytes,
                fieldCount,
                nameBytes,
                methodBytes,
                leadingCrlfCount,
                trailerBytes,
                trailerCount,
                chunkExtensionBytes,
                chunkLineBytes,
                chunkSizeDigits,
                policy,
                obsText);
    }

    /** This with another answer to bytes of 0x80 and above in values. */
    public Http1Limits withObsText(ObsText policy) {
        return new Http1Limits(
                requestLineBytes,
                fieldLineBytes,
                headBytes,
                fieldCount,
                nameBytes,
                methodBytes,
                leadingCrlfCount,
                trailerBytes,
                trailerCount,
                chunkExtensionBytes,
                chunkLineBytes,
                chunkSizeDigits,
                underscoreNames,
                policy);
    }

    private static void checkRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " out of range: value=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
