package dev.headgate.balancer.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPermitsTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 1024", "2, 1", "2, 63", "8, 100", "64, 1024"})
    void grantsALowLimitExactlyToWhicheverLoopAsks(int loops, int limit) {
        RequestPermits permits = new RequestPermits(loops, limit);
        for (int i = 0; i < limit; i++) {
            assertTrue(permits.tryTake(i % loops), "request " + i);
        }
        for (int loop = 0; loop < loops; loop++) {
            assertFalse(permits.tryTake(loop));
        }
        for (int i = 0; i < limit; i++) {
            permits.release(i % loops);
        }
        for (int i = 0; i < limit; i++) {
            assertTrue(permits.tryTake(0), "all of it for one loop: request " + i);
        }
        assertEquals(limit, permits.inUse());
    }

    @Test
    void keepsNoMoreThanAnEighthInSpare() {
        int loops = 8;
        RequestPermits permits = new RequestPermits(loops, 8_000);
        for (int loop = 0; loop < loops; loop++) {
            takeAndReleaseMany(permits, loop);
        }
        int granted = 0;
        while (permits.tryTake(0)) {
            granted++;
        }

        assertTrue(granted >= 7_000 && granted <= 8_000, "granted: " + granted);
    }

    private static void takeAndReleaseMany(RequestPermits permits, int loop) {
        for (int i = 0; i < 500; i++) {
            permits.tryTake(loop);
        }
        for (int i = 0; i < 500; i++) {
            permits.release(loop);
        }
    }

    @Test
    void addsNoneWhileThereAreMoreThanALowerLimit() {
        RequestPermits permits = new RequestPermits(2, 3_200);
        for (int i = 0; i < 150; i++) {
            permits.tryTake(0);
        }
        permits.setLimit(100);
        assertFalse(permits.tryTake(0), "although the loop has spare permits");
        assertFalse(permits.tryTake(1));
        for (int i = 0; i < 51; i++) {
            permits.release(0);
        }

        assertTrue(permits.tryTake(0));
        assertFalse(permits.tryTake(0));
        assertFalse(permits.tryTake(1));
        assertEquals(100, permits.inUse());
    }

    @Test
    void noticesWhatIsReleasedTwice() {
        RequestPermits permits = new RequestPermits(2, 5);
        permits.tryTake(0);

        assertThrows(AssertionError.class, () -> permits.release(1));
        assertThrows(IllegalArgumentException.class, () -> new RequestPermits(0, 5));
    }

    @Property(tries = 200)
    void neverExceedsItsLimitNorRefusesFarBelowIt(
            @ForAll @IntRange(min = 1, max = 6) int loops,
            @ForAll @IntRange(max = 2_000) int limit,
            @ForAll long seed) {
        Random random = new Random(seed);
        RequestPermits permits = new RequestPermits(loops, limit);
        int[] held = new int[loops];
        int inUse = 0;
        for (int i = 0; i < 4_000; i++) {
            int loop = random.nextInt(loops);
            if (random.nextInt(100) < 60 + 30 * (i / 1_000 % 2)) {
                boolean granted = permits.tryTake(loop);
                assertTrue(granted ? inUse < limit : inUse >= limit * 7 / 8, inUse + " of " + limit);
                held[loop] += granted ? 1 : 0;
                inUse += granted ? 1 : 0;
            } else if (held[loop] > 0) {
                permits.release(loop);
                held[loop]--;
                inUse--;
            }
            assertEquals(inUse, permits.inUse());
        }
    }

    @Test
    @Timeout(60)
    void neverGrantsMoreWhenAllLoopsComeAtOnce() throws InterruptedException {
        int loops = 4;
        int limit = 256;
        RequestPermits permits = new RequestPermits(loops, limit);
        AtomicInteger inUse = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < loops; loop++) {
            int own = loop;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 500; i++) {
                    int held = 0;
                    while (held < 200 && permits.tryTake(own)) {
                        most.accumulateAndGet(inUse.incrementAndGet(), Math::max);
                        held++;
                    }
                    for (; held > 0; held--) {
                        inUse.decrementAndGet();
                        permits.release(own);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertTrue(most.get() <= limit, "in use: " + most);
        assertEquals(0, permits.inUse());
    }

    @Test
    void allocatesNothing() {
        RequestPermits permits = new RequestPermits(2, 1_024);

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                if (permits.tryTake(i & 1)) {
                    permits.release(i & 1);
                }
            }
        }));
    }

    @Test
    void sparePermitsAreGivenBackForOthers() {
        var permits = new RequestPermits(2, 64);
        assertTrue(permits.tryTake(0));
        int taken = 1;
        while (permits.tryTake(1)) {
            taken++;
        }
        assertFalse(permits.isAnyLeft());
        assertEquals(taken < 64, permits.giveSpareBack(0));
        assertFalse(permits.giveSpareBack(0));
        for (; taken < 64; taken++) {
            assertTrue(permits.tryTake(1));
        }
        assertFalse(permits.tryTake(1));
        permits.release(0);
        permits.giveSpareBack(0);
        assertTrue(permits.isAnyLeft());
        assertTrue(permits.tryTake(1));
    }
}
