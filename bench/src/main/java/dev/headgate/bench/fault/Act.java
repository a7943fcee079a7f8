package dev.headgate.bench.fault;

/** What is done to an origin. */
public enum Act {
    /** Its process is killed (SIGKILL). */
    KILL,
    /** A new process of it is started. */
    START,
    /** Its process is stopped (SIGSTOP): the system goes on taking connections and bytes for it. */
    STOP,
    /** Its process goes on (SIGCONT). */
    CONTINUE,
    /** It answers 503 to everything from now on. */
    FAIL,
    /** It takes 200 ms longer for everything from now on. */
    SLOW,
    /** It answers as it should again. */
    WELL,
    /** It breaks its connections and refuses new ones. */
    REFUSE,
    /** It takes connections again. */
    ACCEPT,
    /** It answers 503 to checks, and all else as before. */
    DRAIN,
    /** It ends in good order: no new connections, no more requests on those that there are than are under way. */
    END,
    /** The name leads to it and the one behind it, and to no others. */
    NAME
}
