package dev.headgate.fuzz.differential;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Generated cases, some at a time, each time for new programs, since origins remember every connection: {@code -Dcases=100000} makes that many, {@code -Dseed=7} begins with that seed.
 */
final class Batches<C> implements Iterator<List<C>> {
    private static final long CASES = Long.getLong("cases", 500);
    private static final long FIRST_SEED = Long.getLong("seed", 1);
    private static final int CASES_PER_BATCH = 250;

    private final LongFunction<C> maker;
    private long done;

    private Batches(LongFunction<C> maker) {
        this.maker = maker;
    }

    /** As many cases as are asked for. */
    static <C> Iterable<List<C>> of(LongFunction<C> maker) {
        return () -> new Batches<>(maker);
    }

    /** How to run one case of a test again, for the head of a message. */
    static String replay(Class<?> test) {
        return "replay with -Dtest=" + test.getSimpleName() + " -Dcases=1 -Dseed=<the case's>: ";
    }

    @Override
    public boolean hasNext() {
        return done < CASES;
    }

    @Override
    public List<C> next() {
        var batch = new ArrayList<C>();
        for (int i = 0; i < CASES_PER_BATCH && hasNext(); i++) {
            batch.add(maker.apply(FIRST_SEED + done++));
        }
        return batch;
    }
}
