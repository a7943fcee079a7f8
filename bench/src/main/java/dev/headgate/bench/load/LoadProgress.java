package dev.headgate.bench.load;

/**
 * How far a run has got.
 *
 * @param elapsedNs since the load began; 0 before
 * @param plannedNs warm-up and measured time together
 * @param connectionsOpen of the load and idle ones
 * @param answers since the beginning
 * @param answersPerSecond since the progress before
 * @param errors since the beginning
 */
public record LoadProgress(
        LoadObserver.Phase phase,
        long elapsedNs,
        long plannedNs,
        int connectionsOpen,
        long answers,
        double answersPerSecond,
        long errors) {}
