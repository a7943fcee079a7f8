package dev.headgate.http.hpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Wire;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HpackDecoderTest {
    private final Blocks blocks = new Blocks();

    record Malformed(String what, String hex, HpackViolation violation) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Malformed> malformed() {
        return Stream.of(
                new Malformed("index zero", "80", HpackViolation.INDEX_ZERO),
                new Malformed("index just behind an empty table", "be", HpackViolation.INDEX_BEYOND_TABLE),
                new Malformed("index far behind the table", "ff 80 7f", HpackViolation.INDEX_BEYOND_TABLE),
                new Malformed("name index behind the table", "7e 01 61", HpackViolation.INDEX_BEYOND_TABLE),
                new Malformed(
                        "name index behind the table, not indexed", "0f 2f 01 61", HpackViolation.INDEX_BEYOND_TABLE),
                new Malformed("integer that does not end", "ff ff ff ff ff ff", HpackViolation.INTEGER_TOO_LARGE),
                new Malformed("length that does not end", "00 7f ff ff ff ff ff", HpackViolation.INTEGER_TOO_LARGE),
                new Malformed("integer with zeros for ever", "ff 80 80 80 80 00", HpackViolation.INTEGER_TOO_LARGE),
                new Malformed("integer cut short", "ff", HpackViolation.TRUNCATED),
                new Malformed("integer cut short later", "ff 80", HpackViolation.TRUNCATED),
                new Malformed("literal without a name", "00", HpackViolation.TRUNCATED),
                new Malformed("literal without a value", "04", HpackViolation.TRUNCATED),
                new Malformed("name cut short", "00 02 61", HpackViolation.TRUNCATED),
                new Malformed("value cut short", "04 05 2f 61", HpackViolation.TRUNCATED),
                new Malformed("EOS in a string", "04 84 ff ff ff ff", HpackViolation.HUFFMAN_EOS),
                new Malformed("EOS behind a symbol", "04 85 1f ff ff ff ff", HpackViolation.HUFFMAN_EOS),
                new Malformed("a byte of padding", "04 83 1f ff ff", HpackViolation.HUFFMAN_PADDING),
                new Malformed("padding of zeros", "04 81 18", HpackViolation.HUFFMAN_PADDING),
                new Malformed("size update behind a field", "82 20", HpackViolation.SIZE_UPDATE_LATE),
                new Malformed("size update above the limit", "3f e2 1f", HpackViolation.SIZE_UPDATE_TOO_LARGE),
                new Malformed("three size updates", "20 21 22", HpackViolation.SIZE_UPDATE_COUNT),
                new Malformed("size update cut short", "3f", HpackViolation.TRUNCATED));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void h2_07_refusesForGood(Malformed malformed) {
        assertEquals(HpackDecoder.REFUSED, blocks.decode(malformed.hex()));
        assertEquals(malformed.violation(), blocks.decoder.violation());
        assertEquals(HpackDecoder.REFUSED, blocks.decode("82"));
        assertEquals(malformed.violation(), blocks.decoder.violation());
    }

    @Test
    void takesAnEmptyBlockAndSizeUpdatesAlone() {
        assertEquals(HpackDecoder.COMPLETE, blocks.decode(""));
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("20 3f e1 1f"));
        assertNull(blocks.decoder.violation());
        assertEquals(List.of(), blocks.lines);
    }

    @Test
    void demandsASizeUpdateOnceTheLimitHasGoneDown() {
        blocks.decoder.tableLimit(1024);
        assertEquals(HpackDecoder.REFUSED, blocks.decode("82"));
        assertEquals(HpackViolation.SIZE_UPDATE_MISSING, blocks.decoder.violation());
        var others = new Blocks();
        others.decoder.tableLimit(1024);
        assertEquals(HpackDecoder.REFUSED, others.decode("3f e2 07"), "1025");
        var good = new Blocks();
        good.decoder.tableLimit(1024);
        assertEquals(HpackDecoder.COMPLETE, good.decode("3f e1 07 82"));
        assertEquals(HpackDecoder.COMPLETE, good.decode("82"));
        good.decoder.tableLimit(2048);
        assertEquals(HpackDecoder.COMPLETE, good.decode("82"));
    }

    @Test
    void aSmallerTableForgetsTheOldest() {
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("40 01 61 01 31 40 01 62 01 32"));
        assertEquals(68, blocks.decoder.tableBytes());
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("3f 04 be"), "35");
        assertEquals(List.of("b: 2"), blocks.lines);
        assertEquals(HpackDecoder.REFUSED, blocks.decode("bf"));
    }

    @Test
    void aNameMayComeFromAnEntryThatItsFieldEvicts() {
        String nameOf30 = "1e" + "61".repeat(30);
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("3f 21 40" + nameOf30 + "01 31"), "64 bytes");
        assertEquals(63, blocks.decoder.tableBytes());
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("7e 02 32 32 be"));
        assertEquals(List.of("a".repeat(30) + ": 22", "a".repeat(30) + ": 22"), blocks.lines);
    }

    @Test
    void anEntryLargerThanTheTableEmptiesIt() {
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("3f 21 40 01 61 01 31 40 01 62 20" + "32".repeat(32)));
        assertEquals(0, blocks.decoder.tableBytes());
        assertEquals(2, blocks.lines.size());
        assertEquals(HpackDecoder.REFUSED, blocks.decode("be"));
    }

    @Test
    void saysWhatIsWrongWithNamesAndValuesEveryTime() {
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("40 01 41 01 31 40 01 61 01 0a 40 03 61 5f 62 01 20"));
        List<Integer> flags = List.of(
                HpackSink.NAME_INVALID, HpackSink.VALUE_INVALID, HpackSink.NAME_UNDERSCORE | HpackSink.VALUE_INVALID);
        assertEquals(flags, blocks.flags);
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("c0 bf be"));
        assertEquals(flags, blocks.flags);
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("7e 01 31 1f 31 01 31"), "only names are taken over");
        assertEquals(List.of(HpackSink.NAME_UNDERSCORE, HpackSink.NEVER_INDEXED), blocks.flags);
    }

    @Test
    void h2_19_marksBytesThatNoFieldHas() {
        for (String value : List.of("a␍␊b", "a␀", " a", "a ", "␉a", "a␉", "a␡b", "12345678␁")) {
            assertEquals(HpackDecoder.COMPLETE, blocks.decode(literal("x", value)));
            assertEquals(List.of(HpackSink.VALUE_INVALID), blocks.flags, value);
        }
        for (String value : List.of("", "a b", "a␉b", "\u00e9", "12345678 12345678␉12345678\u00ff")) {
            assertEquals(HpackDecoder.COMPLETE, blocks.decode(literal("x", value)));
            assertEquals(List.of(0), blocks.flags, value);
        }
        for (String name : List.of("X", "", "a b", "a:b", "a␀", "\u00e9", "a␍␊", "a(")) {
            assertEquals(HpackDecoder.COMPLETE, blocks.decode(literal(name, "v")));
            assertEquals(List.of(HpackSink.NAME_INVALID), blocks.flags, name);
        }
    }

    private static byte[] literal(String name, String value) {
        byte[] nameBytes = Wire.bytes(name);
        byte[] valueBytes = Wire.bytes(value);
        return Wire.join(
                new byte[] {0, (byte) nameBytes.length}, nameBytes, new byte[] {(byte) valueBytes.length}, valueBytes);
    }

    private static String hexOf(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void h2_03_countsFieldsWhileDecoding() {
        int limit = Blocks.LIMITS.fieldCount();
        blocks.decode("40 01 61 00");
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("be".repeat(limit)));
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("be".repeat(limit + 1)));
        assertEquals(HpackViolation.FIELD_COUNT, blocks.decoder.violation());
        assertEquals(limit, blocks.lines.size());
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("be".repeat(2 * limit)));
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("be"), "the table is in order");
        assertEquals(HpackDecoder.REFUSED, blocks.decode("be".repeat(2 * limit + 1)));
        assertEquals(HpackViolation.LIST_FAR_TOO_LARGE, blocks.decoder.violation());
    }

    @Test
    void h2_06_countsBytesWhileDecoding() {
        int limit = Blocks.LIMITS.listBytes();
        int valueLength = 2048 - 32 - 1; // four entries are the limit exactly
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("40 01 61 7f" + "e0 0e" + "62".repeat(valueLength)));
        assertEquals(limit / 4, blocks.decoder.tableBytes());
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("be".repeat(4)));
        assertEquals(limit, blocks.reportedBytes);
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("be".repeat(5)));
        assertEquals(HpackViolation.LIST_TOO_LARGE, blocks.decoder.violation());
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("be".repeat(8)));
        assertEquals(HpackDecoder.REFUSED, blocks.decode("be".repeat(4_000)));
        assertEquals(HpackViolation.LIST_FAR_TOO_LARGE, blocks.decoder.violation());
        assertTrue(blocks.reportedBytes <= limit);
    }

    @Test
    void keepsTheTableInOrderBehindTheLimit() {
        String big = "00 01 61 7f" + "81 3e" + "62".repeat(8_064); // 8,064 = 127 + 1 + 62 * 128
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode(big + "40 01 63 02 31 32" + "be" + "40 81 1f 81 1f"));
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("be bf"));
        assertEquals(List.of("a: a", "c: 12"), blocks.lines);
    }

    @Test
    void refusesLongNamesButKeepsThem() {
        int limit = Blocks.LIMITS.nameBytes();
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("40 7f 81 01" + "61".repeat(limit) + "00"));
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("40 7f 82 01" + "61".repeat(limit + 1) + "00"));
        assertEquals(HpackViolation.NAME_TOO_LONG, blocks.decoder.violation());
        assertEquals(HpackDecoder.COMPLETE, blocks.decode("bf"));
        assertEquals(List.of("a".repeat(limit) + ": "), blocks.lines);
    }

    @Test
    void namesTheListWhenTheNameIsAtItsLimit() {
        int limit = Blocks.LIMITS.nameBytes();
        String value = "7f 81 3e" + "62".repeat(8_064); // with any name more than a list may have
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("00 7f 81 01" + "61".repeat(limit) + value));
        assertEquals(HpackViolation.LIST_TOO_LARGE, blocks.decoder.violation());
        assertEquals(HpackDecoder.TOO_LARGE, blocks.decode("00 7f 82 01" + "61".repeat(limit + 1) + value));
        assertEquals(HpackViolation.NAME_TOO_LONG, blocks.decoder.violation());
    }

    @Test
    void takesNoMoreOfALiteralThanTwiceTheLimit() {
        int limit = Blocks.LIMITS.listBytes();
        byte[] value = new byte[2 * limit];
        java.util.Arrays.fill(value, (byte) 'a');
        String length = "7f 81 7f"; // 16,384 = 127 + 1 + 127 * 128
        assertEquals(2 * limit, 127 + 1 + 127 * 128);
        assertEquals(HpackDecoder.REFUSED, blocks.decode("00 01 61" + length + hexOf(value)));
        assertEquals(HpackViolation.LIST_FAR_TOO_LARGE, blocks.decoder.violation());
    }
}
