package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PlainTextProperties {
    @Example
    void findsEveryByteAtEveryPlaceOfAWord() {
        for (int lowest = ' '; lowest <= '!'; lowest++) {
            for (int at = 0; at < 24; at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] bytes = new byte[24];
                    Arrays.fill(bytes, (byte) '~');
                    bytes[at] = (byte) value;
                    assertAgrees(bytes, 0, bytes.length, lowest);
                }
            }
        }
    }

    @Property(tries = 2_000)
    void agreesWithLookingAtEachByte(
            @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 40) int from, @ForAll boolean spaces) {
        assertAgrees(bytes, Math.min(from, bytes.length), bytes.length, spaces ? ' ' : '!');
    }

    @Property(tries = 2_000)
    void agreesWhereMostBytesArePlain(
            @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 40) int odd, @ForAll boolean spaces) {
        byte[] mostlyPlain = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            mostlyPlain[i] = i == odd ? bytes[i] : (byte) ('!' + (bytes[i] & 0x1F) + 2);
        }
        assertAgrees(mostlyPlain, 0, mostlyPlain.length, spaces ? ' ' : '!');
    }

    private static void assertAgrees(byte[] bytes, int from, int to, int lowest) {
        int plain = 0;
        while (from + plain < to && isPlain(bytes[from + plain] & 0xFF, lowest)) {
            plain++;
        }
        assertEquals(plain, PlainText.plainPrefix(bytes, from, to, lowest), () -> Arrays.toString(bytes));
    }

    private static boolean isPlain(int b, int lowest) {
        return b >= lowest && b <= '~' && b != '"' && b != '\\';
    }
}
