package dev.headgate.engine;

/**
 * What one loop has counted since it started. Written by the loop alone; a reader elsewhere may lag a cycle but never sees a torn value.
 */
@AnyThread
public interface LoopCounters {
    /** Connections taken from listeners and handed to a handler on this loop. */
    long connectionsAccepted();

    /** Connections closed at once because a limit was reached or the factory refused. */
    long connectionsRefused();

    /** Connections begun by {@link EventLoop#connect}. */
    long connectionsOpened();

    /** Connections of either kind that have ended. */
    long connectionsClosed();

    /** Connections alive on this loop now. */
    long connectionsOpen();

    /** Times that accept failed; accepting pauses after each. */
    long acceptFailures();

    /** Those among {@link #acceptFailures} for which the process or the system had no descriptor left. */
    long descriptorShortages();

    long bytesRead();

    long bytesWritten();

    /** Read calls made on sockets. */
    long reads();

    /** Write calls made on sockets, a gathering write counting once. */
    long writes();

    /** Cycles that are over: the same number throughout a cycle. */
    long cycles();

    /** Commands refused because the mailbox was full; counted by the producers. */
    long mailboxRejects();

    /** Connections aborted because a byte budget was used up. */
    long budgetAborts();

    /** Exceptions out of handlers, timers and commands. */
    long handlerFailures();
}
