package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.MemoryBudget;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    private static final int LIMIT = 5000; // not the capacity of any buffer

    private final BufferPool pool = new BufferPool(new MemoryBudget(1 << 20), BufferPool.CAPACITY_MAX, () -> true);
    private final ReplayWindow window = new ReplayWindow();

    @AfterEach
    void everyBufferComesBack() {
        window.release();
        assertEquals(0, pool.outstandingBuffers());
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT - 1, LIMIT})
    void keepsUpToItsLimit(int length) {
        window.limit(LIMIT);
        window.append(pool, pattern(0, length));
        assertTrue(window.isComplete());
        assertArrayEquals(pattern(0, length).array(), kept());
    }

    @Test
    void letsGoOfEverythingAboveItsLimit() {
        window.limit(LIMIT);
        window.append(pool, pattern(0, LIMIT));
        window.append(pool, pattern(0, 1));
        assertFalse(window.isComplete());
        assertNull(window.bytes());
        assertEquals(0, pool.outstandingBuffers());
    }

    @Test
    void staysIncompleteOnceItHasOverflowed() {
        window.limit(LIMIT);
        window.append(pool, pattern(0, LIMIT + 1));
        window.append(pool, pattern(0, 1));
        assertFalse(window.isComplete());
        assertNull(window.bytes());
    }

    /** What is kept elsewhere counts too. */
    @Test
    void admitsWhatFitsBesideWhatIsKept() {
        window.limit(LIMIT);
        assertTrue(window.admits(LIMIT));
        window.append(pool, pattern(0, LIMIT - 2));
        assertTrue(window.admits(1));
        assertTrue(window.admits(2));
        assertFalse(window.admits(3));
        window.giveUp();
        assertFalse(window.admits(0));
    }

    @Test
    void joinsPiecesAsItGrowsFromBufferToBuffer() {
        window.limit(LIMIT);
        for (int at = 0; at < LIMIT; at += 100) {
            window.append(pool, pattern(at, 100));
            assertEquals(1, pool.outstandingBuffers());
        }
        assertArrayEquals(pattern(0, LIMIT).array(), kept());
    }

    @Test
    void leavesWhatItCopiesAsItIs() {
        window.limit(LIMIT);
        ByteBuffer bytes = pattern(0, 10).position(2).limit(7);
        window.append(pool, bytes);
        assertEquals(2, bytes.position());
        assertEquals(7, bytes.limit());
        assertArrayEquals(Arrays.copyOfRange(pattern(0, 10).array(), 2, 7), kept());
    }

    @Test
    void canBeReadMoreThanOnce() {
        window.limit(LIMIT);
        window.append(pool, pattern(0, 10));
        assertArrayEquals(kept(), kept());
        window.append(pool, pattern(10, 10));
        assertArrayEquals(pattern(0, 20).array(), kept());
    }

    @Test
    void startsAnewAfterRelease() {
        window.limit(LIMIT);
        window.append(pool, pattern(0, LIMIT + 1));
        window.release();
        assertTrue(window.isComplete());
        window.append(pool, pattern(7, 3));
        assertArrayEquals(pattern(7, 3).array(), kept());
    }

    @Test
    void isIncompleteWhenThePoolHasNothingLeft() {
        BufferPool none = new BufferPool(new MemoryBudget(0), BufferPool.CAPACITY_MAX, () -> true);
        window.limit(LIMIT);
        window.append(none, pattern(0, 1));
        assertFalse(window.isComplete());
    }

    @Test
    void keepsNothingWithLimitZero() {
        window.limit(0);
        assertTrue(window.isComplete());
        window.append(pool, pattern(0, 1));
        assertFalse(window.isComplete());
    }

    private byte[] kept() {
        ByteBuffer bytes = window.bytes();
        assert bytes != null;
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static ByteBuffer pattern(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((from + i) * 31 % 251);
        }
        return ByteBuffer.wrap(bytes);
    }
}
