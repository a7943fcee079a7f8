package dev.headgate.engine.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferPoolTest {
    private static final int SLAB = 512 * 1024;

    private final MemoryBudget budget = new MemoryBudget(2 * SLAB);
    private final BufferPool pool = new BufferPool(budget, SLAB, () -> true);

    private PooledBuffer take(int bytesMin) {
        PooledBuffer taken = pool.take(bytesMin);
        assertNotNull(taken);
        return taken;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1024",
        "1, 1024",
        "1023, 1024",
        "1024, 1024",
        "1025, 2048",
        "4096, 4096",
        "4097, 8192",
        "131073, 262144",
        "262144, 262144"
    })
    void givesTheSmallestClassThatFits(int bytesMin, int capacity) {
        assertEquals(capacity, take(bytesMin).capacity());
        assertEquals(capacity, BufferPool.capacityFor(bytesMin));
    }

    @ParameterizedTest
    @CsvSource({"-1", "262145"})
    void refusesLengthsThatNoClassHas(int bytesMin) {
        assertThrows(IllegalArgumentException.class, () -> pool.take(bytesMin));
    }

    @Test
    void givesDirectBuffersCleared() {
        PooledBuffer buffer = take(1000);
        buffer.buffer().position(7).limit(9);
        buffer.release();
        ByteBuffer again = take(1000).buffer();
        assertTrue(again.isDirect());
        assertEquals(0, again.position());
        assertEquals(1024, again.limit());
    }

    @Test
    void handsOutTheBufferReleasedLast() {
        PooledBuffer buffer = take(1000);
        int generation = buffer.generation();
        buffer.release();
        assertSame(buffer, take(500));
        assertNotEquals(generation, buffer.generation());
    }

    @Test
    void countsWhatIsOut() {
        PooledBuffer small = take(10);
        PooledBuffer large = take(10_000);
        assertEquals(2, pool.outstandingBuffers());
        assertEquals(1024 + 16 * 1024, pool.outstandingBytes());
        small.release();
        large.release();
        assertEquals(0, pool.outstandingBuffers());
        assertEquals(0, pool.outstandingBytes());
    }

    @Test
    void failsOnASecondRelease() {
        PooledBuffer buffer = take(10);
        buffer.release();
        assertThrows(AssertionError.class, buffer::release);
    }

    @Test
    void failsOnUseAfterRelease() {
        PooledBuffer buffer = take(10);
        ByteBuffer stale = buffer.buffer();
        buffer.release();
        assertThrows(AssertionError.class, buffer::buffer);
        assertEquals(0, stale.remaining());
    }

    @Test
    void failsOutsideItsLoop() {
        BufferPool foreign = new BufferPool(budget, SLAB, () -> false);
        assertThrows(AssertionError.class, () -> foreign.take(10));
    }

    @Test
    void reservesSlabsOnlyWhenNeededAndNothingInSteadyState() {
        assertEquals(0, budget.reservedBytes());
        for (int i = 0; i < 100_000; i++) {
            PooledBuffer first = take(1024);
            PooledBuffer second = take(64 * 1024);
            first.release();
            second.release();
        }
        assertEquals(SLAB, budget.reservedBytes());
    }

    @Test
    void answersNullBeyondTheBudgetAndServesAgainAfterARelease() {
        List<PooledBuffer> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(take(256 * 1024));
        }
        assertNull(pool.take(1));
        assertEquals(1, pool.refusals());
        taken.removeLast().release();
        assertEquals(256 * 1024, take(1).capacity(), "a larger free buffer serves");
    }

    @Test
    void sharesOneBudgetBetweenPools() {
        BufferPool other = new BufferPool(budget, SLAB, () -> true);
        take(1);
        assertNotNull(other.take(1));
        assertNull(new BufferPool(budget, SLAB, () -> true).take(1));
    }

    @Test
    void wastesNothingOfASlabThatIsTooShortForWhatIsAsked() {
        take(256 * 1024);
        take(1024);
        take(256 * 1024); // needs a second slab; 255 KiB of the first remain, of which 128 and 64 are whole classes
        assertEquals(128 * 1024, take(128 * 1024).capacity());
        assertEquals(64 * 1024, take(64 * 1024).capacity());
        assertEquals(2L * SLAB, budget.reservedBytes());
    }

    @ParameterizedTest
    @CsvSource({"262143", "262145", "0"})
    void refusesSlabsThatItCannotCut(int slabBytes) {
        assertThrows(IllegalArgumentException.class, () -> new BufferPool(budget, slabBytes, () -> true));
    }
}
