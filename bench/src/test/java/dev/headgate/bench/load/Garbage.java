package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.testkit.AllocationMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks at what the loops of generator and origin allocate while it is measured. */
final class Garbage implements LoadObserver {
    /** What some class makes when it is needed for the first time. */
    private static final int FIRST_TIME_BYTES = 4096;

    private static final int RUNS_MAX = 8;

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

    /**
     * Carries a plan out until it leaves none: the compiler, which does away with objects that code makes, comes late where the machine is busy.
     * An object for each request is there every time.
     */
    static void assertNone(LoadPlan plan, Consumer<LoadResult> check) throws Exception {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < RUNS_MAX; i++) {
            Garbage garbage = new Garbage();
            LoadResult result = LoadGenerator.ofProcess().run(plan, garbage);
            check.accept(result);
            assertEquals(2, garbage.bytes.size());
            if (garbage.isNone(result)) return;
            found.add(garbage.bytes + " bytes for " + result.requests() + " requests");
        }
        fail(found.toString());
    }

    /** Less than a byte for each request is none. */
    private boolean isNone(LoadResult result) {
        return bytes.stream().allMatch(allocated -> allocated < result.requests() + FIRST_TIME_BYTES);
    }
}
