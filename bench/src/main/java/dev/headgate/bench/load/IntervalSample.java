package dev.headgate.bench.load;

/**
 * What ended in one interval of the measured time, failures of an open loop included.
 *
 * @param startNs since the measured time began
 * @param count answers and failures; 0 when none, and then so are the latencies
 */
public record IntervalSample(long startNs, long count, long p50Ns, long p99Ns, long maxNs) {}
