package dev.headgate.http.hpack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Laws of both directions. */
class HpackProperties {
    record Line(String name, String value) {}

    /** One block of a connection, and what the peer says of its table before it; −1 for nothing. */
    record Message(List<Line> lines, int tableLimit) {}

    @Provide
    Arbitrary<Line> lines() {
        Arbitrary<String> names = Arbitraries.of(
                "Host",
                "accept",
                "Accept-Encoding",
                "cookie",
                "date",
                "X-Forwarded-For",
                "x-one",
                "X-One",
                "X-Two",
                "strict-transport-security",
                "Access-Control-Allow-Origin",
                "x-api-key",
                "content-length",
                "server",
                "etag",
                "via");
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.of("", "a", "gzip, deflate", "1234", "some longer value that repeats", "\u00e9\u00ff{}~"),
                Arbitraries.strings().withCharRange('!', '~').ofMaxLength(40),
                Arbitraries.strings().withCharRange('\u0080', '\u00ff').ofMaxLength(20),
                Arbitraries.of("x".repeat(200), "y".repeat(1000), "\u00e9".repeat(300)));
        return Combinators.combine(names, values).as(Line::new);
    }

    @Provide
    Arbitrary<List<Message>> connections() {
        Arbitrary<Integer> limits = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, Arbitraries.just(-1)),
                net.jqwik.api.Tuple.of(1, Arbitraries.of(0, 31, 64, 100, 200, 500, 1000, 4096, 65_536)));
        return Combinators.combine(lines().list().ofMaxSize(12), limits)
                .as(Message::new)
                .list()
                .ofMaxSize(20);
    }

    @Property
    void whatIsEncodedIsDecodedOverManyBlocks(@ForAll("connections") List<Message> messages) {
        var encoder = new HpackEncoder(4096);
        var blocks = new Blocks(new HpackLimits(100, 64 << 10, 256));
        for (Message message : messages) {
            if (message.tableLimit() >= 0) {
                encoder.peerTableLimit(message.tableLimit());
                blocks.decoder.tableLimit(message.tableLimit());
            }
            byte[] block = encode(encoder, message.lines());
            assertEquals(HpackDecoder.COMPLETE, blocks.decode(block), () -> "violation: " + blocks.decoder.violation());
            assertEquals(lowerCase(message.lines()), blocks.lines);
            assertTrue(blocks.decoder.tableBytes() <= encoder.tableBytesMax());
        }
    }

    private static byte[] encode(HpackEncoder encoder, List<Line> lines) {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(40_000));
        for (Line line : lines) {
            // Values that no line can have are written all the same.
            byte[] name = Wire.bytes(line.name());
            byte[] value = line.value().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            assertTrue(fields.add(name, value), line::toString);
        }
        ByteBuffer out = ByteBuffer.allocateDirect(HpackEncoder.BLOCK_BYTES + HpackEncoder.boundBytes(fields));
        encoder.begin(out);
        for (int i = 0; i < fields.count(); i++) {
            encoder.field(out, fields, i);
        }
        var block = new byte[out.position()];
        out.get(0, block);
        return block;
    }

    private static List<String> lowerCase(List<Line> lines) {
        var all = new ArrayList<String>();
        for (Line line : lines) {
            all.add(line.name().toLowerCase(Locale.ROOT) + ": " + line.value());
        }
        return all;
    }

    @Property
    void huffmanCodedStringsDecodeToThemselves(@ForAll @Size(max = 100) byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        int length = Huffman.encodedLength(source, 0, bytes.length, Huffman.AS_IS);
        ByteBuffer out = ByteBuffer.allocate(length);
        Huffman.encode(source, 0, bytes.length, Huffman.AS_IS, out);
        assertEquals(length, out.position());
        ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
        assertEquals(bytes.length, Huffman.decode(out, 0, length, decoded, 0, bytes.length));
        assertArrayEquals(bytes, decoded.array());
        assertTrue(Huffman.decodedLengthMin(length) <= bytes.length);
        for (int limit = 0; limit < bytes.length; limit++) {
            ByteBuffer narrow = ByteBuffer.allocate(limit);
            assertEquals(Huffman.TOO_LONG, Huffman.decode(out, 0, length, narrow, 0, limit));
        }
    }

    /** One bit after the other is the oracle. */
    @Property(tries = 5_000)
    void huffmanDecodingIsThatOfThePlainReader(@ForAll @Size(max = 24) byte[] bytes) {
        ByteBuffer out = ByteBuffer.allocate(200);
        int end = Huffman.decode(ByteBuffer.wrap(bytes), 0, bytes.length, out, 0, 200);
        String expected = plainHuffman(bytes);
        String actual = end < 0 ? String.valueOf(end) : Wire.script(out.array(), 0, end);
        assertEquals(expected, actual);
    }

    private static String plainHuffman(byte[] bytes) {
        var text = new StringBuilder();
        int code = 0;
        int bits = 0;
        for (int i = 0; i < 8 * bytes.length; i++) {
            code = code << 1 | bytes[i / 8] >>> 7 - i % 8 & 1;
            bits++;
            for (int symbol = 0; symbol <= HuffmanCode.EOS; symbol++) {
                if (HuffmanCode.LENGTHS[symbol] == bits && HuffmanCode.CODES[symbol] == code) {
                    if (symbol == HuffmanCode.EOS) {
                        return String.valueOf(Huffman.EOS_IN_STRING);
                    }
                    text.append(Wire.script(new byte[] {(byte) symbol}));
                    code = 0;
                    bits = 0;
                    break;
                }
            }
        }
        boolean isPadding = bits < 8 && code == (1 << bits) - 1;
        return isPadding ? text.toString() : String.valueOf(Huffman.PADDING_INVALID);
    }

    @Provide
    Arbitrary<byte[]> almostBlocks() {
        return Arbitraries.of(
                        "82",
                        "be",
                        "bf",
                        "c0",
                        "40",
                        "00",
                        "10",
                        "20",
                        "3f",
                        "41",
                        "01",
                        "61",
                        "81",
                        "1f",
                        "7f",
                        "ff",
                        "80",
                        "0f",
                        "5f",
                        "8c",
                        "f1e3c2e5f23a6ba0ab90f4ff",
                        "400161026262",
                        "7e0163",
                        "3fe11f",
                        "20",
                        "04022f61",
                        "000141",
                        "0a")
                .list()
                .ofMaxSize(30)
                .map(parts -> Blocks.hex(String.join("", parts)));
    }

    @Property(tries = 5_000)
    void arbitraryBlocksNeverThrowNorExceedTheLimits(
            @ForAll("almostBlocks") byte[] first,
            @ForAll @Size(max = 80) byte[] second,
            @ForAll("almostBlocks") byte[] third) {
        var limits = new HpackLimits(8, 200, 8);
        var blocks = new Blocks(limits);
        for (byte[] block : List.of(first, second, third)) {
            int answer = blocks.decode(block);
            assertTrue(blocks.lines.size() <= limits.fieldCount());
            assertTrue(blocks.reportedBytes <= limits.listBytes());
            assertTrue(blocks.decoder.tableBytes() <= 4096);
            assertEquals(answer != HpackDecoder.COMPLETE, blocks.decoder.violation() != null);
        }
    }

    /** Limits change who is told, never what the table becomes. */
    @Property(tries = 2_000)
    void theTableIsTheSameWhateverTheLimits(
            @ForAll("almostBlocks") byte[] first, @ForAll("almostBlocks") byte[] second) {
        var wide = new Blocks(new HpackLimits(1000, 100_000, 256));
        var narrow = new Blocks(new HpackLimits(16, 500, 256));
        if (narrow.decode(first) == HpackDecoder.REFUSED) {
            return;
        }
        assertTrue(wide.decode(first) != HpackDecoder.REFUSED, () -> Arrays.toString(first));
        assertEquals(wide.decoder.tableBytes(), narrow.decoder.tableBytes());
        if (narrow.decode(second) == HpackDecoder.COMPLETE) {
            assertEquals(HpackDecoder.COMPLETE, wide.decode(second));
            assertEquals(wide.lines, narrow.lines);
            assertEquals(wide.flags, narrow.flags);
        }
    }
}
