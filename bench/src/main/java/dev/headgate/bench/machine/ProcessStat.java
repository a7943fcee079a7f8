package dev.headgate.bench.machine;

import java.util.Optional;
import java.util.StringTokenizer;

/**
 * What {@code /proc/PID/stat} says of a process, as far as needed (proc_pid_stat(5)).
 *
 * @param pid of the process
 * @param parentPid of the one that made it
 * @param ownTicks user and system time so far
 * @param endedTicks that of children which have ended and been waited for, with what they had waited for in turn
 * @param startTicks when it began: another process that gets its number later has another time
 * @param hasEnded whether it only waits for being asked for: it has no memory any more
 */
record ProcessStat(long pid, long parentPid, long ownTicks, long endedTicks, long startTicks, boolean hasEnded) {
    // Fields behind the name, of which the first is the state.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int ENDED_USER_TIME = 13;
    private static final int ENDED_SYSTEM_TIME = 14;
    private static final int START_TIME = 19;

    /** Reads the one line of the file; empty when it is none such. */
    static Optional<ProcessStat> parse(String line) {
        // The name stands in parentheses, and may hold any of its own as well as spaces.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) return Optional.empty();
        // Read within measured time: without a regular expression, and no further than needed.
        StringTokenizer words = new StringTokenizer(line.substring(close + 1));
        String[] fields = new String[START_TIME + 1];
        for (int i = 0; i < fields.length; i++) {
            if (!words.hasMoreTokens()) return Optional.empty();
            fields[i] = words.nextToken();
        }
        try {
            return Optional.of(new ProcessStat(
                    Long.parseLong(line.substring(0, open).trim()),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]),
                    Long.parseLong(fields[ENDED_USER_TIME]) + Long.parseLong(fields[ENDED_SYSTEM_TIME]),
                    Long.parseLong(fields[START_TIME]),
                    "ZXx".contains(fields[STATE])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
