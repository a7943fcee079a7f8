package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The whole outside world of an engine: sockets, time, chance, threads, names and files. */
@AnyThread
public interface Io {
    Clock clock();

    /** A source of chance of its own for each {@code stream}; with a seeded implementation the stream selects the sequence. */
    Chance chance(long stream);

    /** A source of chance that nobody can foresee, for what a stranger must not guess; slower. With a seeded implementation it can be foreseen. */
    Chance secretChance();

    Poller openPoller() throws IOException;

    /**
     * Binds and listens. {@code address} is an {@link java.net.InetSocketAddress}, where port 0 lets the system choose, or a
     * {@link java.net.UnixDomainSocketAddress}, where a file left behind by a dead listener is replaced.
     *
     * @param backlog connections that may wait for accept; the system may cap it
     * @param receiveBufferBytes SO_RCVBUF of accepted connections, or 0 for the system's choice
     * @throws java.net.BindException when the address is taken or not local
     */
    ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws IOException;

    /**
     * Checks that nobody listens at {@code address}, without listening there: shared sockets would join a foreign group silently.
     *
     * @throws java.net.BindException when the address is taken or not local
     */
    void probe(SocketAddress address) throws IOException;

    /** Whether the kernel can spread connections over several sockets at one address ({@link PortSharing#SHARED}). */
    boolean supportsPortSharing();

    /**
     * Begins to connect.
     *
     * @param local where to connect from, or null for the system's choice
     * @param sendBufferBytes SO_SNDBUF, or 0 for the system's choice
     * @param receiveBufferBytes SO_RCVBUF, or 0 for the system's choice
     * @throws java.net.ConnectException when the peer refused at once
     * @throws IOException when it failed otherwise at once
     */
    StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws IOException;

    /**
     * Opens a UDP socket at a port of the system's choice, for datagrams to and from {@code peer} alone.
     *
     * @throws DescriptorLimitException when the process or the system is out of descriptors
     * @throws IOException when it cannot be had otherwise, for example for want of a route
     */
    DatagramSocket openDatagram(InetSocketAddress peer) throws IOException;

    /** A descriptor held for bad times, or none when even that one is not to be had. */
    ReserveDescriptor reserveDescriptor();

    /**
     * Prepares to run {@code cycle} again and again until it answers {@link DutyCycle#DONE}.
     *
     * @param idleNs pause after a cycle that found no work; 0 for a cycle that waits by itself
     */
    Runner runner(String name, DutyCycle cycle, long idleNs);

    /** A gate that opens after {@code count} calls of {@link Gate#countDown}; with 0 it is open from the beginning. */
    Gate gate(int count);

    /** A bounded pool for one kind of blocking work. */
    WorkPool workPool(String name, int threads, int queueMax);

    NameResolver resolver();

    FileAccess files();
}
