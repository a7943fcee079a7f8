package dev.headgate;

import org.jspecify.annotations.Nullable;

/** The proxy could not start; nothing of it is left running. */
public final class HeadgateStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What was in the way. */
    public enum Kind {
        /** A listener's address is taken by another program. */
        PORT_TAKEN,
        /** A listener's address cannot be bound otherwise: not local, no permission, no such folder. */
        ADDRESS_UNUSABLE,
        /** The access log cannot be opened. */
        LOG_UNUSABLE,
        /** The folder for temporary files cannot be used. */
        FOLDER_UNUSABLE,
        /** A certificate or its key cannot be read, or they do not belong together. */
        CERTIFICATE_UNUSABLE,
        /** A file with endpoints cannot be read, or does not hold any list of them. */
        ENDPOINTS_UNUSABLE
    }

    private final Kind kind;

    public HeadgateStartException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
