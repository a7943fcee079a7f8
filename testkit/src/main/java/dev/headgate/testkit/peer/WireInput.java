package dev.headgate.testkit.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The receiving side of a {@link WireSocket}. Keeps what came: the first {@value #LOG_BYTES_MAX} bytes literally, the
 * rest as a count.
 */
final class WireInput extends InputStream {
    static final int LOG_BYTES_MAX = 1 << 20;
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final WireSocket socket;

    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0); // nothing from the end on
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private long received;
    private boolean isEnded;

    WireInput(WireSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        if (isEnded) {
            return false;
        }
        buffer.clear();
        try {
            int count = socket.read(buffer);
            record(Math.max(count, 0));
            isEnded = count < 0;
        } finally {
            buffer.flip();
        }
        if (isEnded) {
            buffer = NOTHING; // Origins keep the connections that they have had.
        }
        return !isEnded;
    }

    private synchronized void record(int count) {
        received += count;
        int kept = Math.min(count, LOG_BYTES_MAX - log.size());
        log.write(buffer.array(), 0, Math.max(kept, 0));
    }

    /** All bytes that ever came, up to {@value #LOG_BYTES_MAX}. */
    synchronized byte[] log() {
        return log.toByteArray();
    }

    /** How many bytes ever came. */
    synchronized long received() {
        return received;
    }

    /** True when the kernel holds no byte that has not been recorded. */
    boolean isSettled() {
        return !socket.hasUnreadBytes();
    }
}
