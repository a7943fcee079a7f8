package dev.headgate.bench.fault;

import dev.headgate.bench.load.LoadResult;
import java.util.List;

/**
 * What was seen in one scenario with one proxy. Times are nanoseconds from the beginning of what is measured.
 *
 * @param samples in the order of their times: the first from before the load, the last from behind it
 * @param onNs when the fault began
 * @param offNs when it was over, and all origins were well again
 * @param load what came of the requests, with slots
 */
public record Evidence(List<Sample> samples, long onNs, long offNs, LoadResult load) {
    public Evidence {
        samples = List.copyOf(samples);
    }
}
