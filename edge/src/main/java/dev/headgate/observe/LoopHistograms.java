package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** One histogram per loop, made when its loop first records. */
@HotPath
final class LoopHistograms {
    private final AtomicReferenceArray<@Nullable Histogram> histograms;

    LoopHistograms(int loopCount) {
        histograms = new AtomicReferenceArray<>(loopCount);
    }

    void record(int loopIndex, long valueUs) {
        Histogram histogram = histograms.getPlain(loopIndex);
        if (histogram == null) {
            histogram = new Histogram();
            histograms.setRelease(loopIndex, histogram);
        }
        histogram.record(valueUs);
    }

    @AnyThread
    MetricsSnapshot.Distribution snapshot() {
        long[] counts = new long[Histogram.BUCKET_COUNT];
        for (int loop = 0; loop < histograms.length(); loop++) {
            Histogram histogram = histograms.getAcquire(loop);
            if (histogram != null) {
                histogram.addTo(counts);
            }
        }
        return new MetricsSnapshot.Distribution(counts);
    }
}
