package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.Sample;
import dev.headgate.bench.fault.run.Director.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Reads counters again and again, on a thread of its own, until it is interrupted. */
final class Sampler implements Runnable {
    private static final long PAUSE_NS = 20_000_000;

    private final Time time;
    private final LongFunction<Sample> reader;
    private final List<Sample> samples = new ArrayList<>(); // of the sampler's thread, until that has ended

    /** @param reader reads all counters, and gives them the time that it is told */
    Sampler(Time time, LongFunction<Sample> reader) {
        this.time = time;
        this.reader = reader;
    }

    @Override
    public void run() {
        try {
            for (long dueNs = 0; ; dueNs = Math.max(dueNs, time.nowNs()) + PAUSE_NS) {
                time.awaitNs(dueNs);
                samples.add(reader.apply(time.nowNs()));
            }
        } catch (InterruptedException e) {
            samples.add(reader.apply(time.nowNs()));
        }
    }

    /** What has been read; to be asked when the thread has ended. */
    List<Sample> samples() {
        return samples;
    }
}
