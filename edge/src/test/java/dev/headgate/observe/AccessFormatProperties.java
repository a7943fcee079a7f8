package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever bytes an exchange carries, its record is one line, and a parser reads the bytes back. */
class AccessFormatProperties {
    private static final List<String> KEYS =
            List.of("request_id", "client", "method", "host", "path", "user_agent", "referer");

    @Provide
    Arbitrary<byte[]> values() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        Arbitrary<byte[]> text = Arbitraries.strings().ofMaxLength(40).map(s -> s.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> nasty = Arbitraries.of(
                        "\r\n",
                        "\"",
                        "\\",
                        "\\\"",
                        "\u2028",
                        "\u2029",
                        "\u0085",
                        "\u009b31m",
                        "\u001b[0m",
                        "\u202e",
                        "\u0000",
                        "\u007f",
                        "é",
                        "€",
                        "😀",
                        "\\u0041",
                        "</script>",
                        " ",
                        "a")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> broken = text.map(b -> b.length == 0 ? b : Arrays.copyOf(b, b.length - 1));
        return Arbitraries.oneOf(bytes, text, nasty, broken);
    }

    @ThreatRow("DOS-13")
    @Property(tries = 2_000)
    void dos_13_jsonReadsBackToTheSameData(@ForAll("sevenValues") List<byte[]> values) {
        AccessRecord record = recordOf(values);

        byte[] line = Records.format(new JsonAccessFormat(), record);

        assertIsOneLine(line);
        assertIsHarmless(line);
        Map<String, Object> read = StrictJson.parse(Arrays.copyOf(line, line.length - 1));
        for (int i = 0; i < KEYS.size(); i++) {
            assertEquals(expected(values.get(i)), read.get(KEYS.get(i)), KEYS.get(i));
        }
    }

    @ThreatRow("DOS-13")
    @Property(tries = 2_000)
    void dos_13_combinedReadsBackToTheSameBytes(@ForAll("sevenValues") List<byte[]> values) {
        AccessRecord record = recordOf(values);

        byte[] line = Records.format(new CommonAccessFormat(CommonAccessFormat.Columns.COMBINED), record);

        assertIsOneLine(line);
        String text = new String(line, StandardCharsets.US_ASCII);
        String[] quoted = text.split("\"", -1);
        assertEquals(7, quoted.length, text);
        String[] request = quoted[1].split(" ", -1);
        assertEquals(3, request.length, text);
        assertValue(values.get(1), quoted[0].substring(0, quoted[0].indexOf(' ')));
        assertValue(values.get(2), request[0]);
        assertValue(values.get(4), request[1]);
        assertValue(values.get(6), quoted[3]);
        assertValue(values.get(5), quoted[5]);
    }

    @Provide
    Arbitrary<List<byte[]>> sevenValues() {
        return values().list().ofSize(KEYS.size());
    }

    private static AccessRecord recordOf(List<byte[]> values) {
        AccessRecord record = new AccessRecord();
        List<ByteSpan> spans = List.of(
                record.requestId,
                record.client,
                record.method,
                record.host,
                record.path,
                record.userAgent,
                record.referer);
        for (int i = 0; i < spans.size(); i++) {
            Records.set(spans.get(i), values.get(i));
        }
        return record;
    }

    private static void assertIsOneLine(byte[] line) {
        int lineEnds = 0;
        for (byte b : line) {
            lineEnds += b == '\n' ? 1 : 0;
        }
        assertEquals(1, lineEnds);
        assertEquals('\n', line[line.length - 1]);
    }

    private static void assertIsHarmless(byte[] line) {
        String text = new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
        assertTrue(
                text.chars()
                        .noneMatch(c -> Character.isISOControl(c)
                                || c == 0x2028
                                || c == 0x2029
                                || (c >= 0x202A && c <= 0x202E)
                                || (c >= 0x2066 && c <= 0x2069)),
                text);
    }

    /** The oracle: the JDK's decoder tells sequences from stray bytes. */
    private static String expected(byte[] value) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < value.length) {
            int length = sequenceLength(value, i);
            if (length == 0) {
                text.append((char) (value[i] & 0xFF));
                i++;
            } else {
                text.append(new String(value, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    private static int sequenceLength(byte[] value, int at) {
        for (int length = 1; length <= 4 && at + length <= value.length; length++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, at, length));
                return length;
            } catch (CharacterCodingException e) {
                // Not this long.
            }
        }
        return 0;
    }

    private static void assertValue(byte[] value, String column) {
        if (value.length == 0) {
            assertEquals("-", column);
            return;
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int i = 0; i < column.length(); i++) {
            if (column.charAt(i) == '\\') {
                assertEquals('x', column.charAt(i + 1));
                read.write(Integer.parseInt(column.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                read.write(column.charAt(i));
            }
        }
        assertArrayEquals(value, read.toByteArray());
    }
}
