package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.observe.CommonAccessFormat.Columns;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommonAccessFormatTest {
    @Test
    void writesCommon() {
        assertEquals("""
                192.0.2.7 - - [02/Jan/2026:03:04:05 +0000] "GET /static/app.js?v=3 HTTP/1.1" 200 1234
                """, text(Columns.COMMON, Records.usual()));
    }

    @Test
    void writesCombined() {
        AccessRecord record = Records.usual();
        Records.set(record.userAgent, "curl/8");

        assertEquals("""
                192.0.2.7 - - [02/Jan/2026:03:04:05 +0000] "GET /static/app.js?v=3 HTTP/1.1" 200 1234 \
                "https://shop.example.com/" "curl/8"
                """, text(Columns.COMBINED, record));
    }

    @Test
    void writesADashForWhatIsAbsent() {
        assertEquals("""
                - - - [01/Jan/1970:00:00:00 +0000] "- - -" - - "-" "-"
                """, text(Columns.COMBINED, new AccessRecord()));
    }

    @Test
    void escapesSpacesWhereTheyEndAValueOnly() {
        AccessRecord record = new AccessRecord();
        Records.set(record.client, "a b");
        Records.set(record.method, "G T");
        Records.set(record.path, "/a b\"\\é");
        Records.set(record.userAgent, "x y\r\n");

        assertEquals("""
                a\\x20b - - [01/Jan/1970:00:00:00 +0000] "G\\x20T /a\\x20b\\x22\\x5C\\xC3\\xA9 -" - - "-" "x y\\x0D\\x0A"
                """, text(Columns.COMBINED, record));
    }

    @Test
    void cutsBetweenEscapes() {
        for (int room = 3; room <= 9; room++) {
            LogBlock block = new LogBlock(room);
            ByteSpan span = new ByteSpan();
            Records.set(span, "\n\na");
            HexText.put(block, span, HexText.Spaces.KEPT, room);

            String expected = "\\x0A\\x0Aa".substring(0, room < 4 ? 0 : room < 8 ? 4 : room);
            assertEquals(expected, new String(block.toByteArray(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void fitsTheWorstRecordIntoABlock() {
        byte[] worst = new byte[100_000];
        Arrays.fill(worst, (byte) 0xFF);
        AccessRecord record = Records.usual();
        for (ByteSpan span : List.of(record.client, record.method, record.path, record.userAgent, record.referer)) {
            Records.set(span, worst);
        }
        record.protocol = LogLabel.of("\u0001".repeat(5_000));
        CommonAccessFormat format = new CommonAccessFormat(Columns.COMBINED);

        assertTrue(format.bytesMax(record) <= AccessLog.BLOCK_BYTES);
        assertTrue(Records.format(format, record).length > 40_000);
    }

    private static String text(Columns columns, AccessRecord record) {
        return new String(Records.format(new CommonAccessFormat(columns), record), StandardCharsets.US_ASCII);
    }
}
