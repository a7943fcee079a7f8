package dev.headgate.bench.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyPatternTest {
    private static final int PERIOD = BodyPattern.PERIOD_BYTES;

    private final BodyPattern pattern = new BodyPattern();

    private static ByteBuffer content(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, BodyPattern.at(offset + i));
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, PERIOD - 1, PERIOD, PERIOD + 7, 1L << 40})
    void aPieceIsTheContentFromItsOffsetToTheEndOfThePeriod(long offset) {
        ByteBuffer piece = pattern.piece(offset, PERIOD);
        assertEquals(PERIOD - offset % PERIOD, piece.remaining());
        assertEquals(-1, piece.mismatch(content(offset, piece.remaining())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PERIOD - 1, PERIOD, PERIOD + 1, 2 * PERIOD + 1})
    void contentMatchesAtItsOwnOffset(int length) {
        ByteBuffer bytes = content(5, length);
        assertTrue(pattern.matches(5, bytes, length));
        assertEquals(0, bytes.position());
        assertEquals(length, bytes.limit());
    }

    @Test
    void oneWrongByteShowsWhereverItIs() {
        for (int at : new int[] {0, 1, PERIOD - 1, PERIOD, 2 * PERIOD}) {
            ByteBuffer bytes = content(0, 2 * PERIOD + 1);
            bytes.put(at, (byte) (bytes.get(at) + 1));
            assertFalse(pattern.matches(0, bytes, bytes.remaining()), () -> "wrong byte at " + at);
        }
    }

    @Test
    void contentMovedByAnyDistanceShowsWithinSixteenBytes() {
        Set<String> neighbourhoods = new HashSet<>();
        for (int offset = 0; offset < PERIOD; offset++) {
            StringBuilder neighbourhood = new StringBuilder();
            for (int i = 0; i < 16; i++) {
                neighbourhood.append((char) BodyPattern.at(offset + i));
            }
            assertTrue(neighbourhoods.add(neighbourhood.toString()), "seen before: " + offset);
        }
    }
}
