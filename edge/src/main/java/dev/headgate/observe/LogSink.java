package dev.headgate.observe;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the access log's bytes go. Called by the agent only, which may block in it. */
public interface LogSink {
    /**
     * Writes some or all of {@code bytes}, which is lent, and moves its position past what is written, also when it fails
     * after a part.
     */
    void write(ByteBuffer bytes) throws IOException;

    /** Opens the destination anew, after it was moved away. Keeps the old one when that fails. */
    void reopen() throws IOException;

    void close() throws IOException;
}
