package dev.headgate.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened, in order: the last events to read, and a hash over all of them to compare runs by. */
public final class Trace {
    private static final int EVENTS_KEPT = 1 << 12;
    private static final long PRIME = 0x100_0000_01B3L;

    private final long[] timesNs = new long[EVENTS_KEPT];
    private final String[] kinds = new String[EVENTS_KEPT];
    private final long[] subjects = new long[EVENTS_KEPT];
    private final long[] values = new long[EVENTS_KEPT];
    private final @Nullable String[] texts = new @Nullable String[EVENTS_KEPT];
    private long count;
    private long hash = 0xCBF2_9CE4_8422_2325L;

    Trace() {}

    /** Notes that {@code kind} happened to {@code subject}, a connection's number or the like. */
    void add(long timeNs, String kind, long subject, long value, @Nullable String text) {
        int slot = (int) count++ & EVENTS_KEPT - 1;
        timesNs[slot] = timeNs;
        kinds[slot] = kind;
        subjects[slot] = subject;
        values[slot] = value;
        texts[slot] = text;
        hash = (hash ^ timeNs) * PRIME;
        hash = (hash ^ kind.hashCode()) * PRIME;
        hash = (hash ^ subject) * PRIME;
        hash = (hash ^ value) * PRIME;
        hash = text == null ? hash : (hash ^ text.hashCode()) * PRIME;
    }

    /** How many events there were. */
    public long count() {
        return count;
    }

    /** Differs, but for an accident once in 2^64 times, when any event differs. */
    public long hash() {
        return hash;
    }

    /** The last {@code most} events, oldest first, one line each. */
    public List<String> last(int most) {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - Math.min(most, EVENTS_KEPT)); i < count; i++) {
            int slot = (int) i & EVENTS_KEPT - 1;
            String text = texts[slot];
            lines.add("%12.6f ms  %-16s #%d %d%s"
                    .formatted(
                            timesNs[slot] / 1e6,
                            kinds[slot],
                            subjects[slot],
                            values[slot],
                            text == null ? "" : " " + text));
        }
        return lines;
    }
}
