package dev.headgate.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file open for reading, or for appending. One owner at a time. */
public interface OpenFile extends AutoCloseable {
    long lengthBytes() throws IOException;

    /** Reads from {@code offsetBytes}; −1 at the end of the file. */
    int read(ByteBuffer target, long offsetBytes) throws IOException;

    /** Appends all of {@code source}. */
    void append(ByteBuffer source) throws IOException;

    @Override
    void close() throws IOException;
}
