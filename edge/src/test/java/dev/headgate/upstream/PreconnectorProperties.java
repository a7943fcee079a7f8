package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PreconnectorProperties {
    @Property(tries = 500)
    void loopsShareOutWhatIsWanted(
            @ForAll @IntRange(max = 4096) int wanted,
            @ForAll @IntRange(min = 1, max = 128) int loops,
            @ForAll @IntRange(max = 1023) int endpoint) {
        int[] shares = IntStream.range(0, loops)
                .map(loop -> Preconnector.shareOf(wanted, loop, loops, endpoint))
                .toArray();
        assertEquals(wanted, IntStream.of(shares).sum());
        assertTrue(IntStream.of(shares).allMatch(share -> share == wanted / loops || share == wanted / loops + 1));
    }

    /** A single connection to each of as many endpoints as there are loops lies with each loop once. */
    @Property(tries = 50)
    void oddOnesAreSpread(@ForAll @IntRange(min = 1, max = 64) int loops) {
        for (int loop = 0; loop < loops; loop++) {
            int of = loop;
            assertEquals(
                    1,
                    IntStream.range(0, loops)
                            .map(endpoint -> Preconnector.shareOf(1, of, loops, endpoint))
                            .sum());
        }
    }
}
