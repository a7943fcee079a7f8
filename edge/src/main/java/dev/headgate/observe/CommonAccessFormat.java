package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import dev.headgate.observe.HexText.Spaces;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The Common Log Format, or with referer and user agent the Combined one. An absent or empty value is {@code -}.
 *
 * <pre>
 * 192.0.2.7 - - [02/Jan/2026:03:04:05 +0000] "GET /a HTTP/1.1" 200 1234 "https://example.com/" "curl/8"
 * </pre>
 */
@HotPath
final class CommonAccessFormat implements AccessFormat {
    /** Which of the two formats. */
    enum Columns {
        COMMON,
        COMBINED
    }

    private static final byte[] NO_IDENTITY = ascii(" - - [");
    private static final byte[] REQUEST = ascii("] \"");
    private static final byte[] SEPARATOR = ascii("\" \"");
    private static final int FIXED_BYTES_MAX = 128;

    private final Columns columns;
    private final LogClock clock = new LogClock();

    CommonAccessFormat(Columns columns) {
        this.columns = columns;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int bytesMax(AccessRecord record) {
        return FIXED_BYTES_MAX
                + spanMax(record.client, FieldLimits.CLIENT_BYTES_MAX)
                + spanMax(record.method, FieldLimits.METHOD_BYTES_MAX)
                + spanMax(record.path, FieldLimits.PATH_BYTES_MAX)
                + spanMax(record.query, FieldLimits.QUERY_BYTES_MAX)
                + spanMax(record.userAgent, FieldLimits.USER_AGENT_BYTES_MAX)
                + spanMax(record.referer, FieldLimits.REFERER_BYTES_MAX)
                + LogLabel.ENCODED_BYTES_MAX;
    }

    private static int spanMax(ByteSpan text, int limit) {
        return FieldLimits.encodedMax(text, HexText.EXPANSION, limit);
    }

    @Override
    public void put(LogBlock block, AccessRecord record) {
        text(block, record.client, Spaces.ESCAPED, FieldLimits.CLIENT_BYTES_MAX);
        block.put(NO_IDENTITY);
        clock.putCommon(block, record.timeMs);
        block.put(REQUEST);
        text(block, record.method, Spaces.ESCAPED, FieldLimits.METHOD_BYTES_MAX);
        block.put((byte) ' ');
        text(block, record.path, Spaces.ESCAPED, FieldLimits.PATH_BYTES_MAX);
        if (record.query.isPresent()) {
            block.put((byte) '?');
            HexText.put(block, record.query, Spaces.ESCAPED, FieldLimits.QUERY_BYTES_MAX);
        }
        block.put((byte) ' ');
        label(block, record.protocol);
        block.put((byte) '"');
        number(block, record.status);
        number(block, record.bytesOut);
        if (columns == Columns.COMBINED) {
            block.put((byte) ' ');
            block.put((byte) '"');
            text(block, record.referer, Spaces.KEPT, FieldLimits.REFERER_BYTES_MAX);
            block.put(SEPARATOR);
            text(block, record.userAgent, Spaces.KEPT, FieldLimits.USER_AGENT_BYTES_MAX);
            block.put((byte) '"');
        }
        block.endRecord();
    }

    private static void text(LogBlock block, ByteSpan text, Spaces spaces, int limit) {
        if (text.length() > 0) {
            HexText.put(block, text, spaces, limit);
        } else {
            block.put((byte) '-');
        }
    }

    // A label is safe here as it is: its JSON escapes quotes and controls.
    private static void label(LogBlock block, @Nullable LogLabel label) {
        if (label != null) {
            block.put(label.json());
        } else {
            block.put((byte) '-');
        }
    }

    private static void number(LogBlock block, long number) {
        block.put((byte) ' ');
        if (number > 0) {
            block.putNumber(number);
        } else {
            block.put((byte) '-');
        }
    }
}
