package dev.headgate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WireTest {
    @Test
    void writesControlBytesAsPictures() {
        assertArrayEquals(new byte[] {'a', '\r', '\n', 0, '\t', 0x7F, (byte) 0x80}, Wire.bytes("a␍␊␀␉␡\u0080"));
    }

    @Test
    void everyByteSurvivesTheRoundTrip() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        assertArrayEquals(all, Wire.bytes(Wire.script(all)));
    }

    @Test
    void refusesCharactersThatAreNoByte() {
        assertThrows(IllegalArgumentException.class, () -> Wire.bytes("€"));
    }

    @Test
    void differenceNamesItsOffset() {
        var failure = assertThrows(AssertionError.class, () -> Hex.assertScript("GET /a", Wire.bytes("GET /b")));
        assertTrue(String.valueOf(failure.getMessage()).contains("offset 5"), failure.getMessage());
    }

    @Test
    void dumpShowsHexAndCharacters() {
        assertEquals("00000000  61 0d 0a" + "   ".repeat(13) + "  a␍␊", Hex.dump(Wire.bytes("a␍␊")));
    }

    @Test
    void verifierAcceptsThePatternAndCounts() throws IOException {
        var verifier = Pattern.verifier();
        Pattern.write(verifier, 200_000);
        assertEquals(200_000, verifier.count());
    }

    @Test
    void verifierNamesTheOffsetOfALostByte() throws IOException {
        var verifier = Pattern.verifier();
        verifier.write(Pattern.bytes(0, 1000));
        var failure = assertThrows(AssertionError.class, () -> verifier.write(Pattern.bytes(1001, 1000)));
        assertTrue(String.valueOf(failure.getMessage()).contains("offset 100"), failure.getMessage());
    }
}
