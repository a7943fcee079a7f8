package dev.headgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A metronome that is a thread: it sleeps from one due time to the next. */
final class MetronomeThread implements Metronome {
    private final String name;
    private volatile boolean isStopped;

    MetronomeThread(int loopIndex) {
        this.name = "headgate-metronome-" + loopIndex;
    }

    @Override
    public void start(Timetable timetable, Runnable beat) {
        Thread.ofPlatform().name(name).daemon().start(() -> run(timetable, beat));
    }

    private void run(Timetable timetable, Runnable beat) {
        sleepExactly();
        long number = 0;
        while (!isStopped) {
            number = Math.max(number, timetable.taken()); // What the loop was awake for needs no beat.
            long dueNs = timetable.dueNs(number);
            if (timetable.isOver(dueNs)) {
                return;
            }
            long waitNs = dueNs - System.nanoTime();
            if (waitNs > 0) {
                LockSupport.parkNanos(this, waitNs);
            } else {
                beat.run();
                number++;
            }
        }
    }

    /** Linux adds up to 50 µs to every sleep of a thread unless it is told otherwise. */
    private static void sleepExactly() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            Files.writeString(Path.of("/proc/" + thread + "/timerslack_ns"), "1");
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            // Another system, or one that does not allow it: sleeps are as exact as they are there.
        }
    }

    @Override
    public void stop() {
        isStopped = true;
    }
}
