package dev.headgate.engine;

/**
 * Options of one connection.
 *
 * @param noDelay whether TCP_NODELAY is set (ignored for Unix-domain sockets)
 * @param sendBufferBytes SO_SNDBUF, or 0 for the system's own choice
 * @param receiveBufferBytes SO_RCVBUF, or 0 for the system's own choice
 * @param highWatermarkBytes pending output at which {@code write} reports back-pressure
 * @param lowWatermarkBytes pending output at which {@code onWritable} follows
 * @param pendingWriteBytesMax pending output at which the connection is aborted with {@link CloseCause#BUDGET_EXCEEDED}
 * @param retainedReadBytesMax unconsumed input at which the connection is aborted likewise
 */
@Immutable
public record SocketOptions(
        boolean noDelay,
        int sendBufferBytes,
        int receiveBufferBytes,
        int highWatermarkBytes,
        int lowWatermarkBytes,
        int pendingWriteBytesMax,
        int retainedReadBytesMax) {

    public static final SocketOptions DEFAULTS =
            new SocketOptions(true, 0, 0, 64 * 1024, 16 * 1024, 256 * 1024, 256 * 1024);
}
