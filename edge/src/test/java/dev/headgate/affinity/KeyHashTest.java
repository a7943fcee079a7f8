package dev.headgate.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private static final KeyHash HASH = new KeyHash(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L);

    @Property(tries = 200)
    void twoWordsAreSixteenBytes(@ForAll long first, @ForAll long second) {
        ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(2, first).putLong(10, second);
        assertEquals(HASH.of(bytes, 2, 16), HASH.of(first, second));
    }

    @Test
    void everyLengthAndEveryBitCounts() {
        Set<Long> seen = new HashSet<>();
        ByteBuffer bytes = ByteBuffer.allocate(40);
        int hashes = 0;
        for (int length = 0; length <= 40; length++) {
            seen.add(HASH.of(bytes, 0, length));
            hashes++;
            for (int bit = 0; bit < 8 * length; bit++) {
                bytes.put(bit / 8, (byte) (1 << bit % 8));
                seen.add(HASH.of(bytes, 0, length));
                bytes.put(bit / 8, (byte) 0);
                hashes++;
            }
        }
        assertEquals(hashes, seen.size());
    }

    @Test
    void lettersInEitherCaseWhereThatIsWanted() {
        ByteBuffer bytes = ByteBuffer.wrap("Example.COM[`{example.com[`{".getBytes(StandardCharsets.US_ASCII));
        assertEquals(HASH.ofCaseless(bytes, 0, 14), HASH.ofCaseless(bytes, 14, 14));
        assertNotEquals(HASH.of(bytes, 0, 14), HASH.of(bytes, 14, 14));
        ByteBuffer marks = ByteBuffer.wrap(new byte[] {'[', '{', '@', '`'}); // 0x20 apart, and no letters
        assertNotEquals(HASH.ofCaseless(marks, 0, 1), HASH.ofCaseless(marks, 1, 1));
        assertNotEquals(HASH.ofCaseless(marks, 2, 1), HASH.ofCaseless(marks, 3, 1));
    }

    /** Each bit that changes in a key changes each bit of the hash about every other time. */
    @Test
    void mixesWell() {
        Random random = new Random(7);
        int rounds = 4000;
        int[] flips = new int[64];
        for (int i = 0; i < rounds; i++) {
            long word = random.nextLong();
            long changed = HASH.of(word, 0) ^ HASH.of(word ^ 1L << random.nextInt(64), 0);
            for (int bit = 0; bit < 64; bit++) {
                flips[bit] += (int) (changed >>> bit & 1);
            }
        }
        for (int count : flips) {
            assertTrue(Math.abs(count - rounds / 2) < 5 * Math.sqrt(rounds) / 2, "flips: " + count);
        }
    }
}
