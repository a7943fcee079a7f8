package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far the run has got: on a terminal one line that is written over, otherwise a line per measurement. What is left
 * is estimated from what was planned, and from how much longer it has taken so far.
 */
public final class ProgressLine {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final double NS_PER_SECOND = 1e9;
    private static final int SECONDS_PER_MINUTE = 60;

    private final PrintStream err;
    private final boolean isTerminal;
    private final LongSupplier clockNs;
    private double plannedSeconds;
    private double doneSeconds;
    private double currentSeconds;
    private long startNs;
    private int number;
    private int count;
    private String current = "";

    /** Shows nothing yet. */
    public ProgressLine(PrintStream err, boolean isTerminal, LongSupplier clockNs) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.clockNs = clockNs;
    }

    /** Begins with so many measurements ahead that are planned to take so long together. */
    public void begin(int measurements, Duration planned) {
        count = measurements;
        plannedSeconds = planned.toNanos() / NS_PER_SECOND;
        startNs = clockNs.getAsLong();
    }

    /** Something that is not measured goes on. */
    public void note(String what) {
        show("headgate bench: " + what);
        if (!isTerminal) err.println("headgate bench: " + what);
    }

    /** Something that is to be read, and so is not written over. */
    public void remark(String what) {
        clear();
        err.println("headgate bench: " + what);
    }

    /** A measurement begins. */
    public void next(String what, Duration planned) {
        number++;
        current = what;
        currentSeconds = planned.toNanos() / NS_PER_SECOND;
        String line = "[" + number + "/" + count + "] " + what + left();
        show(line);
        if (!isTerminal) err.println(line);
    }

    /** The measurement has ended. */
    public void done() {
        doneSeconds += currentSeconds;
        currentSeconds = 0;
    }

    /** A measurement that was planned is not made. */
    void skip(Duration planned) {
        number++;
        plannedSeconds -= planned.toNanos() / NS_PER_SECOND;
    }

    /** How far the measurement has got. */
    public void onProgress(LoadProgress state) {
        show(String.format(
                Locale.ROOT,
                "[%d/%d] %s: %s %,d connections, %,.0f/s%s",
                number,
                count,
                current,
                state.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                state.connectionsOpen(),
                state.answersPerSecond(),
                left()));
    }

    /** Nothing more to show: what follows begins on a clean line. */
    public void clear() {
        if (isTerminal) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }

    private void show(String line) {
        if (isTerminal) {
            err.print(CLEAR_LINE + line);
            err.flush();
        }
    }

    private String left() {
        double elapsed = (clockNs.getAsLong() - startNs) / NS_PER_SECOND;
        double pace = doneSeconds > 0 ? elapsed / doneSeconds : 1;
        return ", " + inWords((plannedSeconds - doneSeconds) * pace) + " left";
    }

    static String inWords(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < SECONDS_PER_MINUTE) return whole + " s";
        return whole / SECONDS_PER_MINUTE + " min " + whole % SECONDS_PER_MINUTE + " s";
    }
}
