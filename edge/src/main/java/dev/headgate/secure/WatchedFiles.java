package dev.headgate.secure;

import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of one listener or upstream, as the watch sees them. */
interface WatchedFiles {
    /** {@code listener} or {@code upstream}: the key under which logs name it. */
    String kind();

    String name();

    /** Time between two looks. */
    long watchNs();

    /** How the files look without being read; blocks. */
    List<String> stamps();

    /** {@code before}, how the files looked before they were read, but for those that the reading may have made. */
    default List<String> stampsAfterReading(List<String> before) {
        return before;
    }

    /** Whether something is to be made anew though no file has changed. */
    default boolean isRenewalDue(Instant now) {
        return false;
    }

    /** Reads all files; blocks. */
    Reading read(Instant now);

    /** New files were of no use, all or some, and the old ones stay in their place. */
    void keepOld();

    /** What to report of changed ones that are in use. */
    default LogEvent changed() {
        return LogEvent.CERTIFICATES_CHANGED;
    }

    /** What to report of changed ones that are of no use. */
    default LogEvent unusable() {
        return LogEvent.CERTIFICATES_UNUSABLE;
    }

    /**
     * What was read.
     *
     * @param use puts what is of use to use; null when nothing is
     * @param problems why something is of no use, one sentence each
     * @param warnings what works and should be looked at
     * @param isUnreadable whether a file could not even be read, which may change without a change of the file
     */
    record Reading(@Nullable Runnable use, List<String> problems, List<String> warnings, boolean isUnreadable) {}
}
