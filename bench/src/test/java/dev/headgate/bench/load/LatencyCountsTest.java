package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyCountsTest {
    private static final long MS = 1_000_000;

    @Test
    void joinsWithoutChangingEither() {
        LatencyCounts few = LatencyCounts.ofNs(MS, 2 * MS);
        LatencyCounts all = few.plus(LatencyCounts.ofNs(800 * MS));
        assertEquals(3, all.count());
        assertEquals(2, few.count());
        assertEquals(LatencyCounts.ofNs(MS, 2 * MS, 800 * MS), all);
    }

    @Test
    void countsWhatTookLong() {
        LatencyCounts counts = LatencyCounts.ofNs(MS, 490 * MS, 510 * MS, 5000 * MS);
        assertEquals(2, counts.countFrom(500 * MS));
        assertEquals(4, counts.countFrom(0));
        assertEquals(0, counts.countFrom(Long.MAX_VALUE));
        assertEquals(0, LatencyCounts.NONE.countFrom(0));
    }

    @Test
    void comesBackFromItsBytes() {
        LatencyCounts counts = LatencyCounts.ofNs(1_000, 77 * MS, 77 * MS, 99_000 * MS);
        assertEquals(counts, LatencyCounts.decoded(counts.encoded()));
        assertEquals(LatencyCounts.NONE, LatencyCounts.decoded(LatencyCounts.NONE.encoded()));
    }
}
