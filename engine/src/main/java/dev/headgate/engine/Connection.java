package dev.headgate.engine;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A byte stream to one peer, confined to one event loop from birth to death.
 *
 * <p>Small pieces wait until all that one poll has told of is handled (or the commands and timers of a cycle, its deferred calls or its ends), and
 * then leave in one system call for each connection; sooner if there are many. Large pieces leave at once, gathered with what waits before
 * them and not copied. What the socket does not take at once is copied into pooled buffers that the connection owns, against its
 * budget and the loop's.
 *
 * <p>After {@code close} or {@code abort} every further call is ignored, except that {@code abort} cuts a {@code close} short which still
 * waits for its output to be taken; {@code onClosed} still follows.
 */
@LoopConfined
public interface Connection {
    EventLoop loop();

    /** The peer's address, null once the connection has closed: an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}. */
    @Nullable
    SocketAddress remoteAddress();

    /** The local address of the socket, as it was at accept or connect. */
    @Nullable
    SocketAddress localAddress();

    /** Replaces the handler from the next event on. */
    void handler(ConnectionHandler handler);

    /**
     * Writes all of {@code bytes}, which is lent for the call and left empty. Direct buffers spare a copy. What exceeds
     * {@link SocketOptions#pendingWriteBytesMax} when the socket does not take it aborts the connection, so one call's bytes must fit
     * into it together with what is already pending. Ignored after {@link #shutdownOutput}.
     *
     * @return whether pending output is below the high watermark; a caller that sees {@code false} stops its source until
     *         {@link ConnectionHandler#onWritable}. Bytes are taken in either case
     */
    boolean write(ByteBuffer bytes);

    /** The most that {@link #write(ByteBuffer[], int)} takes. */
    int PIECES_MAX = 16;

    /**
     * Writes the first {@code count} of {@code pieces} in order, as {@link #write(ByteBuffer)} does each, and in one call to the system where they are
     * many bytes. The array is lent for the call.
     *
     * @param count at most {@link #PIECES_MAX}
     */
    boolean write(ByteBuffer[] pieces, int count);

    /**
     * Lends the free part of the loop's output buffer, between its position and its limit, for bytes that are made for this connection:
     * putting them there spares a copy. Putting moves the position, and what lies before it is written. {@link #endWrite} must follow
     * before anything else is asked of the loop or a connection of it.
     *
     * @return null when it is not to be had now; then {@link #write(ByteBuffer)} is the way
     */
    @Nullable
    ByteBuffer beginWrite();

    /** Ends what {@link #beginWrite} began; answers as {@link #write(ByteBuffer)} does. */
    boolean endWrite();

    /** Bytes written by the owner that the socket has not taken yet. */
    long pendingWriteBytes();

    /** Bytes that the socket has taken since the connection began. */
    long sentBytes();

    /**
     * What {@link #sentBytes} was when the loop's current cycle began. What is read in a cycle had arrived when the loop looked for events,
     * so that it cannot be the answer to anything that has left since.
     *
     * @throws UnsupportedOperationException by a stream of another connection, which has no socket of its own
     */
    long sentBytesBeforeCycle();

    /** Stops {@code onBytes} until {@link #resumeReading}; at most one read's bytes are kept meanwhile. Costs no system call by itself. */
    void pauseReading();

    /** Undoes {@link #pauseReading}; bytes left unconsumed are presented again from the deferred queue. */
    void resumeReading();

    /** Whether reading is paused by {@link #pauseReading}. */
    boolean isReadingPaused();

    /**
     * Whether the last read took everything that the socket had: a byte shown later arrived later. False while bytes are shown again
     * that were left.
     */
    boolean isInputDrained();

    /** Sends what is pending, then end of stream; reading goes on. */
    void shutdownOutput();

    /** Sends what is pending, then closes; bytes that arrive meanwhile are discarded. */
    void close();

    /** Closes now; pending output is dropped, and the peer sees a reset where the platform allows it. */
    void abort();

    /** Whether neither {@code close} nor {@code abort} has been called and the socket has not failed. */
    boolean isOpen();
}
