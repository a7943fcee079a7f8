package dev.headgate.cli;

/** Why a proxy could not start. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1;

    /** Where the reason lies. */
    public enum Kind {
        /** An address is taken, or may not be bound. */
        PORT_TAKEN,
        /** A certificate or its key is of no use. */
        CERTIFICATE,
        /** Something else around the process: a file, a limit of the system. */
        ENVIRONMENT,
        /** The proxy itself. */
        FAILED
    }

    private final Kind kind;

    public LaunchException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public LaunchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
