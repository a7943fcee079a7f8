package dev.headgate.testkit.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/** How often each {@link IoCall} was made. */
public final class IoCalls {
    private static final IoCall[] ALL = IoCall.values();

    private final long[] counts = new long[ALL.length];

    IoCalls() {}

    void onCall(IoCall call) {
        counts[call.ordinal()]++;
    }

    public long count(IoCall call) {
        return counts[call.ordinal()];
    }

    /** Begins to count from zero. */
    public void clear() {
        Arrays.fill(counts, 0);
    }

    /**
     * What was counted, for each of {@code times} repetitions: {@code poll=2 read=2 write=2}; calls that were not made are left out, and
     * what does not divide shows as a fraction.
     */
    public String per(long times) {
        var text = new StringJoiner(" ");
        for (IoCall call : ALL) {
            long count = count(call);
            if (count > 0) {
                String name = call.name().toLowerCase(Locale.ROOT);
                text.add(name + "=" + (count % times == 0 ? count / times : count + "/" + times));
            }
        }
        return text.toString();
    }
}
