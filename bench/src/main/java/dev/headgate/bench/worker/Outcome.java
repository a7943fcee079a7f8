package dev.headgate.bench.worker;

import dev.headgate.bench.load.LoadResult;
import java.util.List;

/**
 * What came of an {@link Order}.
 *
 * @param measured of the load that counts
 * @param beside of the others, in their order
 */
public record Outcome(LoadResult measured, List<LoadResult> beside) {
    public Outcome {
        beside = List.copyOf(beside);
    }
}
