package dev.headgate.engine.io;

import java.io.IOException;

/** The process or the system has no descriptor left (EMFILE, ENFILE). */
public final class DescriptorLimitException extends IOException {
    private static final long serialVersionUID = 1L;

    public DescriptorLimitException(String message, Throwable cause) {
        super(message, cause);
    }
}
