package dev.headgate.bench.machine;

import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process, as far as needed (proc_pid_stat(5)).
 *
 * @param pid of the process
 * @param parentPid of the one that made it
 * @param cpuTicks user and system time so far
 */
record ProcessStat(long pid, long parentPid, long cpuTicks) {
    // Fields behind the name, of which the first is the state.
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** Reads the one line of the file; empty when it is none such. */
    static Optional<ProcessStat> parse(String line) {
        // The name stands in parentheses, and may hold any of its own as well as spaces.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) return Optional.empty();
        String[] fields = line.substring(close + 1).trim().split(" ", -1);
        if (fields.length <= SYSTEM_TIME) return Optional.empty();
        try {
            return Optional.of(new ProcessStat(
                    Long.parseLong(line.substring(0, open).trim()),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
