package dev.headgate.bench.fault.origin;

/** What an origin does with whatever it is asked. Set by commands, read by its loop. */
final class FaultState {
    /** How it is. */
    enum Mood {
        WELL,
        FAILING,
        SLOW,
        DRAINING
    }

    final CounterFile counters;
    private volatile Mood mood = Mood.WELL;

    FaultState(CounterFile counters) {
        this.counters = counters;
    }

    Mood mood() {
        return mood;
    }

    void mood(Mood next) {
        mood = next;
    }
}
