package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.util.ArrayList;
import java.util.List;

/** Looks at what the loops of generator and origin allocate while it is measured. */
final class Garbage implements LoadObserver {
    /** What some class makes when it is needed for the first time. */
    private static final int FIRST_TIME_BYTES = 4096;

    private final List<AllocationMeter> meters = new ArrayList<>();
    private final List<Long> bytes = new ArrayList<>();

    @Override
    public void onPhase(Phase phase) {
        if (phase == Phase.MEASURING) {
            meters.add(AllocationMeter.start(AllocationMeter.threadIds("headgate-load")));
            meters.add(AllocationMeter.start(AllocationMeter.threadIds("headgate-origin")));
        } else if (phase == Phase.DRAINING) {
            meters.forEach(meter -> bytes.add(meter.bytes()));
        }
    }

    /** Less than a byte for each request is none. */
    void assertNone(LoadResult result) {
        assertEquals(2, bytes.size());
        for (long allocated : bytes) {
            assertTrue(
                    allocated < result.requests() + FIRST_TIME_BYTES,
                    () -> bytes + " bytes for " + result.requests() + " requests");
        }
    }
}
