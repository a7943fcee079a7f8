package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.io.WorkPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The operating system, by way of the JDK. Holds no state: any number of engines may share it. */
public final class NioIo implements Io {
    private final Clock clock = new NioClock();
    private final NameResolver resolver = new NioNameResolver();
    private final FileAccess files = new NioFileAccess();

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Chance chance(long stream) {
        return new NioChance();
    }

    @Override
    public Chance secretChance() {
        return new NioSecretChance();
    }

    @Override
    public Poller openPoller() throws IOException {
        return new NioPoller();
    }

    @Override
    public ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws IOException {
        return NioListenSocket.bind(address, backlog, receiveBufferBytes, sharing);
    }

    @Override
    public void probe(SocketAddress address) throws IOException {
        NioListenSocket.probe(address);
    }

    @Override
    public boolean supportsPortSharing() {
        return NioListenSocket.supportsPortSharing();
    }

    @Override
    public StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws IOException {
        return NioStreamSocket.connect(address, local, sendBufferBytes, receiveBufferBytes);
    }

    @Override
    public DatagramSocket openDatagram(InetSocketAddress peer) throws IOException {
        return NioDatagramSocket.connect(peer);
    }

    @Override
    public ReserveDescriptor reserveDescriptor() {
        return new NioReserveDescriptor();
    }

    @Override
    public Runner runner(String name, DutyCycle cycle, long idleNs) {
        return new NioRunner(name, cycle, idleNs, clock);
    }

    @Override
    public Gate gate(int count) {
        return new NioGate(count);
    }

    @Override
    public WorkPool workPool(String name, int threads, int queueMax) {
        return new NioWorkPool(name, threads, queueMax);
    }

    @Override
    public NameResolver resolver() {
        return resolver;
    }

    @Override
    public FileAccess files() {
        return files;
    }
}
