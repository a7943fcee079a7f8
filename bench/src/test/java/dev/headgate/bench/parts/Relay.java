package dev.headgate.bench.parts;

import dev.headgate.testkit.memory.MemoryIo;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What stands between clients and origin. */
interface Relay extends AutoCloseable {
    InetSocketAddress ORIGIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9000);

    /** Begins to listen, on one loop. */
    void start(MemoryIo io);

    /** Ends everything, and checks that nothing went wrong or is left over. */
    @Override
    void close();
}
