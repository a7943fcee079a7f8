package dev.headgate.engine.io;

import dev.headgate.engine.LoopConfined;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connected, or connecting, byte stream. No call blocks. Buffers are direct. An {@link IOException} means that the connection is
 * broken, and only {@link #close} or {@link #reset} may follow.
 */
@LoopConfined
public interface StreamSocket {
    /** Marks the end of the peer's stream, as {@link #read} returns it. */
    int END_OF_STREAM = -1;

    /** Reads into {@code target} what is there; 0 when nothing is, {@link #END_OF_STREAM} when nothing will be. */
    int read(ByteBuffer target) throws IOException;

    /** Writes as much of {@code source} as the socket takes. */
    int write(ByteBuffer source) throws IOException;

    /** Writes as much of the first {@code count} of {@code sources}, in order, as the socket takes, in one system call. */
    long write(ByteBuffer[] sources, int count) throws IOException;

    /** Sends up to {@code lengthBytes} of {@code file} from {@code offsetBytes} without taking them through this process. */
    long sendFile(OpenFile file, long offsetBytes, long lengthBytes) throws IOException;

    /** Ends this side's stream. */
    void shutdownOutput() throws IOException;

    /** Whether the connect completed at once, so that the poller will not report {@link Ops#CONNECT}; costs no system call. */
    boolean isConnected();

    /**
     * Asks how the connect went.
     *
     * @return whether it has completed
     * @throws java.net.ConnectException when the peer refused
     * @throws IOException when it failed otherwise
     */
    boolean finishConnect() throws IOException;

    /** Sends small segments at once rather than waiting for acknowledgement; does nothing where TCP is not spoken. */
    void sendAtOnce() throws IOException;

    /** Sets SO_SNDBUF; the system may round or cap it. */
    void sendBufferBytes(int bytes) throws IOException;

    /** Registers with {@code poller}; once. */
    void register(Poller poller, Pollable pollable, int ops) throws IOException;

    /** Replaces the set of {@link Ops} that the poller reports; a system call follows only if the set differs at the next poll. */
    void interest(int ops);

    /** Closes in order; a second call does nothing. The descriptor may live until the next poll. */
    void close();

    /** Closes so that the peer sees a reset, where the platform allows it. */
    void reset();

    /** The peer's address; null when it is not connected or is closed. */
    @Nullable
    SocketAddress remoteAddress();

    /** The local address; null when it is closed. */
    @Nullable
    SocketAddress localAddress();
}
