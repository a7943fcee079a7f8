package dev.headgate.engine.io;

import dev.headgate.engine.LoopConfined;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A bound socket that connections arrive at. */
@LoopConfined
public interface ListenSocket {
    /** Where it is bound, with the port that the system chose if port 0 was asked for. */
    SocketAddress localAddress();

    /**
     * Takes the next waiting connection, ready for use without blocking.
     *
     * @return null when none is waiting
     * @throws DescriptorLimitException when the process or the system is out of descriptors; the connection stays in the queue
     */
    @Nullable
    StreamSocket accept() throws IOException;

    /** Registers with {@code poller}; once. */
    void register(Poller poller, Pollable pollable, int ops) throws IOException;

    /** Replaces the set of {@link Ops} that the poller reports. */
    void interest(int ops);

    /** Stops listening; connections still in the queue are lost. A second call does nothing. */
    void close();
}
