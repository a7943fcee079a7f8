package dev.headgate.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class Base64Properties {
    @Property(tries = 500)
    void whatIsEncodedInPiecesIsTheWholeEncoded(@ForAll byte[] content, @ForAll long seed) {
        Base64Encoder encoder = new Base64Encoder();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces(content, seed)) {
            add(text, encoder.encode(piece));
        }
        add(text, encoder.end());
        assertArrayEquals(Base64.getEncoder().encode(content), text.toByteArray());
    }

    /** Parts that were encoded each on its own, one behind the other and cut anywhere. */
    @Property(tries = 500)
    void whatIsDecodedInPiecesIsTheContentOfAllParts(@ForAll List<byte[]> parts, @ForAll long seed) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
            text.writeBytes(Base64.getEncoder().encode(part));
        }
        Base64Decoder decoder = new Base64Decoder();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces(text.toByteArray(), seed)) {
            add(seen, Objects.requireNonNull(decoder.decode(piece)));
        }
        assertArrayEquals(content.toByteArray(), seen.toByteArray());
        assertTrue(decoder.isWhole());
    }

    @Example
    void whatIsNoBase64IsRefused() {
        for (String text : List.of("AA!A", "A===", "====", "=AAA", "AA=A", "AAA\u00e9", "AA A")) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            assertNull(new Base64Decoder().decode(bytes), text);
        }
        Base64Decoder decoder = new Base64Decoder();
        assertEquals(ByteBuffer.allocate(0), decoder.decode(ByteBuffer.wrap(new byte[] {'A', 'A'})));
        assertFalse(decoder.isWhole());
    }

    private static List<ByteBuffer> pieces(byte[] bytes, long seed) {
        Random random = new Random(seed);
        List<ByteBuffer> pieces = new java.util.ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, random.nextInt(8));
            pieces.add(ByteBuffer.wrap(bytes, at, length));
            at += length;
        }
        return pieces;
    }

    private static void add(ByteArrayOutputStream to, ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        to.writeBytes(bytes);
    }
}
