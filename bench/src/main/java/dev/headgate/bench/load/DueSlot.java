package dev.headgate.bench.load;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the requests that were due in one slot of an open loop's timetable.
 *
 * @param startNs from the beginning of what is measured
 * @param errors by kind
 * @param latency of all of them, failed ones included, from when each was due
 */
public record DueSlot(long startNs, Map<LoadError, Long> errors, LatencyCounts latency) {
    public DueSlot {
        Map<LoadError, Long> counts = new EnumMap<>(LoadError.class);
        counts.putAll(errors);
        errors = Collections.unmodifiableMap(counts);
    }

    /** All that failed. */
    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
