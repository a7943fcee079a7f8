package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeldSurplusTest {
    private static final int BYTES_MAX = 32 << 10;

    private final HeldSurplus surplus = new HeldSurplus(BYTES_MAX);

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0",
        "1023, 0, 0, 0",
        "1024, 0, 0, 0",
        "1025, 0, 0, 1",
        "5120, 4096, 0, 0",
        "5121, 4096, 0, 1",
        "1064, 0, 10, 0",
        "1065, 0, 10, 1",
        "30000, 4096, 100, 24480",
    })
    void isWhatTablesAndLiteralsDoNotExplain(int listBytes, int tableBytes, int blockBytes, int expected) {
        assertEquals(expected, HeldSurplus.of(listBytes, tableBytes, blockBytes));
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 4096, 1, 0, 0",
        "4000, 4096, 1, 1123, 0",
        "4000, 4096, 1, 1125, 1",
        "4000, 4096, 1, 4096, 2972",
        "4000, 4096, 1, 5120, 3996",
        "4000, 4096, 1, 30000, 3996",
        "4000, 4096, 1000, 30000, 0",
    })
    void ofTrailersIsWhatTheHeadHasLeftThemNot(
            int listBytes, int tableBytes, int blockBytes, int usedBytes, int expected) {
        assertEquals(expected, HeldSurplus.ofTrailers(listBytes, tableBytes, blockBytes, usedBytes));
    }

    @ParameterizedTest
    @CsvSource({"4000, 1000, 0", "4000, 999, 4", "4000, 0, 4000"})
    void tablesHaveWhatLiteralsDoNotExplain(int listBytes, int blockBytes, int expected) {
        assertEquals(expected, HeldSurplus.used(listBytes, blockBytes));
    }

    @ParameterizedTest
    @CsvSource({"16777216, 0, 0", "33554432, 65536, 33554432"})
    void isRightForTheLargestLists(int listBytes, int tableBytes, int blockBytes) {
        long expected = Math.max(0, listBytes - tableBytes - 1024L - 4L * blockBytes);
        assertEquals(expected, HeldSurplus.of(listBytes, tableBytes, blockBytes));
    }

    @Test
    void takesAsMuchAsThereIsRoomFor() {
        assertTrue(surplus.take(BYTES_MAX - 1));
        assertFalse(surplus.take(2));
        assertTrue(surplus.take(1));
        assertFalse(surplus.take(1));
        assertTrue(surplus.take(0), "who has none is never refused");
    }

    @Test
    void hasRoomForWhatWasGivenBack() {
        surplus.take(BYTES_MAX);
        surplus.giveBack(10);
        assertFalse(surplus.take(11));
        assertTrue(surplus.take(10));
    }

    @Test
    void refusesWhatIsTooMuchByItself() {
        assertFalse(surplus.take(BYTES_MAX + 1));
        assertFalse(surplus.take(Integer.MAX_VALUE));
        assertFalse(surplus.admits(BYTES_MAX + 1));
        assertTrue(surplus.admits(BYTES_MAX));
        assertTrue(surplus.take(BYTES_MAX));
    }
}
