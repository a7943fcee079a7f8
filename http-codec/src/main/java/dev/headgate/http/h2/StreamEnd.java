package dev.headgate.http.h2;

/** Whether something is the last on its stream in its direction. */
public enum StreamEnd {
    /** More follows. */
    OPEN,
    /** Nothing follows: the END_STREAM flag. */
    END
}
