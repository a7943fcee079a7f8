package dev.headgate.secure;

import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.List;

/** Files that are put to use together, when they change. Called by the watch alone; may block. */
interface WatchedFiles {
    /**
     * What came of reading them.
     *
     * @param problems why they are not in use; none when they are
     * @param warnings what works and should be looked at
     */
    record Reading(List<String> problems, List<String> warnings) {
        public Reading {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /** How they look. What cannot be looked at has the reason in its place, so that its coming back is a change. */
    List<String> stamps();

    /** Reads them, and puts them to use when nothing is wrong. */
    Reading reload(Instant now);

    /** They are of no use, and those before stay. */
    void keepOld();

    /** What to report of changed ones that are in use. */
    LogEvent changed();

    /** What to report of changed ones that are of no use. */
    LogEvent unusable();
}
