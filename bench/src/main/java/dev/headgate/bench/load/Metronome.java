package dev.headgate.bench.load;

/**
 * Wakes a loop when a request is due. The loop's own poll waits for whole milliseconds, which is longer than many a latency.
 */
interface Metronome {
    /** Calls {@code beat} at least once at or shortly after each due time that {@code timetable} still has then, from its thread of choice. */
    void start(Timetable timetable, Runnable beat);

    /** Nothing is called any more, but for a call under way. */
    void stop();

    /** Makes one per loop. */
    interface Factory {
        Metronome create(int loopIndex);
    }
}
