package dev.headgate.cli;

/** What the process tells its parent. */
final class ExitCode {
    static final int FINE = 0;

    /** A failure at run time. */
    static final int FAILED = 1;

    /** A mistake in the configuration or on the command line. */
    static final int CONFIGURATION = 2;

    /** A port is taken, a file unreadable. */
    static final int ENVIRONMENT = 3;

    private ExitCode() {}
}
