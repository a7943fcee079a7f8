package dev.headgate.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A destination in memory: it may be full, and it may take only a few bytes at a time. */
final class MemorySink implements LogSink {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    int roomBytes = Integer.MAX_VALUE;
    int writeBytesMax = Integer.MAX_VALUE;
    int attempts;
    int reopened;
    boolean reopenFails;
    boolean closed;

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        attempts++;
        int count = Math.min(Math.min(bytes.remaining(), writeBytesMax), roomBytes);
        for (int i = 0; i < count; i++) {
            written.write(bytes.get());
        }
        roomBytes -= count;
        if (count == 0) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void reopen() throws IOException {
        if (reopenFails) {
            throw new IOException("Permission denied");
        }
        reopened++;
    }

    @Override
    public void close() {
        closed = true;
    }

    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    long lines() {
        return text().lines().count();
    }
}
