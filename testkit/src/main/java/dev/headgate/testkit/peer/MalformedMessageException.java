package dev.headgate.testkit.peer;

import java.io.IOException;

/** A peer sent bytes that are no canonical HTTP/1.1 message. */
public final class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
