package dev.headgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long ago this process began, the launcher that became the JVM included. The management beans would say since when
 * the JVM is there, and cost more than all the rest of the start.
 */
final class ProcessAge {
    private static final Path STATUS = Path.of("/proc/self/stat");
    private static final Path UPTIME = Path.of("/proc/uptime");

    /** What Linux counts in where programs can see it, on every machine that the JDK runs on. */
    private static final long TICK_MS = 10;

    private static final int START_FIELD = 22;

    /** The second field is the program's name, in parentheses; it may hold spaces and parentheses of its own. */
    private static final int FIELD_AFTER_NAME = 3;

    private ProcessAge() {}

    /** In milliseconds, or 0 where nobody knows. */
    static long ms() {
        try {
            if (Files.isReadable(STATUS)) return between(Files.readString(STATUS), Files.readString(UPTIME));
        } catch (IOException | RuntimeException e) {
            // Another way, as on other systems.
        }
        // Not on Linux: it would add the start of the system there, which it knows to the second only.
        long nowMs = System.currentTimeMillis();
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> nowMs - start.toEpochMilli())
                .orElse(0L);
    }

    /**
     * The age that two files of Linux tell.
     *
     * @param status {@code /proc/self/stat}; its 22nd field is when the process began, in ticks since the system did
     * @param uptime {@code /proc/uptime}; begins with the seconds since the system did, with two decimals
     */
    static long between(String status, String uptime) {
        int start = status.lastIndexOf(") ") + 2;
        for (int field = FIELD_AFTER_NAME; field < START_FIELD; field++) {
            start = status.indexOf(' ', start) + 1;
        }
        long startMs = TICK_MS * Long.parseLong(status, start, status.indexOf(' ', start), 10);
        int point = uptime.indexOf('.');
        long seconds = Long.parseLong(uptime, 0, point, 10);
        long hundredths = Long.parseLong(uptime, point + 1, uptime.indexOf(' '), 10);
        return Math.max(0, seconds * 1000 + hundredths * 10 - startMs);
    }
}
