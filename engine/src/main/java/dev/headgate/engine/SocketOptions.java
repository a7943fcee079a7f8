package dev.headgate.engine;

import dev.headgate.engine.buffer.BufferPool;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Options of one connection.
 *
 * @param noDelay whether small segments leave at once (TCP_NODELAY; ignored for Unix-domain sockets). The option is set just before the
 *     second write that reaches the socket, for only then can it matter
 * @param sendBufferBytes SO_SNDBUF, or 0 for the system's own choice
 * @param receiveBufferBytes SO_RCVBUF, or 0 for the system's own choice
 * @param highWatermarkBytes pending output from which on {@code write} reports back-pressure
 * @param lowWatermarkBytes pending output down to which it must fall before {@code onWritable} follows
 * @param pendingWriteBytesMax pending output beyond which the connection is aborted with {@link CloseCause#BUDGET_EXCEEDED}
 * @param retainedReadBytesMax unconsumed input beyond which the connection is aborted likewise; at most
 *     {@link BufferPool#CAPACITY_MAX}
 * @param localAddress where a connection that we open comes from, port 0 letting the system choose; null leaves all to the system. Accepted
 *     connections have theirs
 */
@Immutable
public record SocketOptions(
        boolean noDelay,
        int sendBufferBytes,
        int receiveBufferBytes,
        int highWatermarkBytes,
        int lowWatermarkBytes,
        int pendingWriteBytesMax,
        int retainedReadBytesMax,
        @Nullable SocketAddress localAddress) {

    public static final SocketOptions DEFAULTS =
            new SocketOptions(true, 0, 0, 64 * 1024, 16 * 1024, 256 * 1024, 256 * 1024);

    /** Options that leave the local address to the system. */
    public SocketOptions(
            boolean noDelay,
            int sendBufferBytes,
            int receiveBufferBytes,
            int highWatermarkBytes,
            int lowWatermarkBytes,
            int pendingWriteBytesMax,
            int retainedReadBytesMax) {
        this(
                noDelay,
                sendBufferBytes,
                receiveBufferBytes,
                highWatermarkBytes,
                lowWatermarkBytes,
                pendingWriteBytesMax,
                retainedReadBytesMax,
                null);
    }

    public SocketOptions {
        requireRange("sendBufferBytes", sendBufferBytes, 0, Integer.MAX_VALUE);
        requireRange("receiveBufferBytes", receiveBufferBytes, 0, Integer.MAX_VALUE);
        requireRange("highWatermarkBytes", highWatermarkBytes, 1, Integer.MAX_VALUE);
        requireRange("lowWatermarkBytes", lowWatermarkBytes, 0, highWatermarkBytes - 1);
        // Half of the range, so that a sum of pending bytes cannot overflow.
        requireRange("pendingWriteBytesMax", pendingWriteBytesMax, 1, Integer.MAX_VALUE / 2);
        requireRange("retainedReadBytesMax", retainedReadBytesMax, 1, BufferPool.CAPACITY_MAX);
    }

    /** The same, with connections coming from {@code address}. */
    public SocketOptions withLocalAddress(SocketAddress address) {
        return new SocketOptions(
                noDelay,
                sendBufferBytes,
                receiveBufferBytes,
                highWatermarkBytes,
                lowWatermarkBytes,
                pendingWriteBytesMax,
                retainedReadBytesMax,
                address);
    }

    /** The same for a connection that holds {@code bytes} while its peer does not take them: there its writer is told to stop. */
    public SocketOptions withBuffer(int bytes) {
        return new SocketOptions(
                noDelay,
                sendBufferBytes,
                receiveBufferBytes,
                bytes,
                bytes / 4,
                bytes + DEFAULTS.pendingWriteBytesMax(),
                retainedReadBytesMax,
                localAddress);
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " out of range: " + value + ", from " + least + " to " + most);
        }
    }
}
