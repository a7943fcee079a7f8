package dev.headgate.engine.loop;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.Listener;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener across loops: with shared ports one socket and acceptor per loop, and each loop keeps what it accepts; otherwise one acceptor
 * on the first loop, which deals connections out in turn.
 */
@AnyThread
public final class BoundListener implements Listener {
    private final ListenOptions options;
    private final HandlerFactory factory;
    private final List<LoopCore> loops;
    private final ConnectionPermits enginePermits;
    private final ConnectionPermits permits;
    private final List<LoopCore> acceptingLoops = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>(); // one per accepting loop, fixed once open
    private final SocketAddress address;

    private int dealt; // by the only acceptor's loop

    private BoundListener(
            ListenOptions options,
            HandlerFactory factory,
            List<LoopCore> loops,
            ConnectionPermits enginePermits,
            List<ListenSocket> sockets,
            int acceptsPerCycleMax) {
        this.options = options;
        this.factory = factory;
        this.loops = loops;
        this.enginePermits = enginePermits;
        this.permits = new ConnectionPermits(options.connectionsMax());
        this.address = sockets.getFirst().localAddress();
        for (int i = 0; i < sockets.size(); i++) {
            acceptingLoops.add(loops.get(i));
            acceptors.add(new Acceptor(loops.get(i), this, sockets.get(i), acceptsPerCycleMax));
        }
    }

    /** Binds and begins to accept. */
    public static BoundListener open(
            ListenOptions options,
            HandlerFactory factory,
            List<LoopCore> loops,
            ConnectionPermits enginePermits,
            EngineOptions engineOptions)
            throws IOException {
        if (loops.getFirst().isStopping()) {
            throw new IOException("engine is closed");
        }
        List<ListenSocket> sockets = bind(options, loops.size(), engineOptions.io());
        BoundListener listener =
                new BoundListener(options, factory, loops, enginePermits, sockets, engineOptions.acceptsPerCycleMax());
        listener.tellAcceptors(Acceptor::open);
        return listener;
    }

    private static List<ListenSocket> bind(ListenOptions options, int loopCount, Io io) throws IOException {
        boolean isShared = options.address() instanceof InetSocketAddress
                && io.supportsPortSharing()
                && (loopCount > 1 || options.mayShareAddress());
        List<ListenSocket> sockets = new ArrayList<>();
        if (!isShared) {
            sockets.add(listen(options, options.address(), PortSharing.EXCLUSIVE, io));
            return sockets;
        }
        if (!options.mayShareAddress()) {
            io.probe(options.address()); // Sharing would join whoever else shares the port, and take turns with it.
        }
        SocketAddress address = options.address();
        boolean isComplete = false;
        try {
            for (int i = 0; i < loopCount; i++) {
                sockets.add(listen(options, address, PortSharing.SHARED, io));
                address = sockets.getFirst().localAddress(); // If the port was 0, the others follow the first.
            }
            isComplete = true;
            return sockets;
        } finally {
            if (!isComplete) {
                sockets.forEach(ListenSocket::close);
            }
        }
    }

    private static ListenSocket listen(ListenOptions options, SocketAddress address, PortSharing sharing, Io io)
            throws IOException {
        return io.listen(address, options.backlog(), options.socketOptions().receiveBufferBytes(), sharing);
    }

    // ---- accepting; on the acceptor's loop

    /** Finds a place for an accepted socket, or closes it. */
    void place(LoopCore acceptor, StreamSocket socket) {
        if (!tryTakePermits()) {
            acceptor.cells().increment(CounterCells.REFUSED);
            socket.close();
            return;
        }
        LoopCore target = acceptingLoops.size() == loops.size() ? acceptor : nextInTurn();
        if (target == acceptor || !target.execute(() -> begin(target, socket))) {
            begin(acceptor, socket); // Also when the other loop's mailbox is full.
        }
    }

    private LoopCore nextInTurn() {
        dealt = (dealt + 1) % loops.size();
        return loops.get(dealt);
    }

    private boolean tryTakePermits() {
        if (!permits.tryTake()) {
            return false;
        }
        if (!enginePermits.tryTake()) {
            permits.giveBack();
            return false;
        }
        return true;
    }

    void onConnectionClosed() {
        permits.giveBack();
        enginePermits.giveBack();
    }

    private void begin(LoopCore loop, StreamSocket socket) {
        TcpConnection connection =
                new TcpConnection(loop, socket, options.socketOptions(), TcpConnection.NO_HANDLER, this);
        ConnectionHandler handler = handlerOrNull(loop, connection);
        if (handler == null) {
            loop.cells().increment(CounterCells.REFUSED);
            onConnectionClosed();
            socket.close();
            return;
        }
        loop.cells().increment(CounterCells.ACCEPTED);
        loop.adopt(connection);
        connection.beginAccepted(handler);
    }

    private @Nullable ConnectionHandler handlerOrNull(LoopCore loop, TcpConnection connection) {
        try {
            int sendBufferBytes = options.socketOptions().sendBufferBytes();
            if (sendBufferBytes > 0) {
                connection.socket.sendBufferBytes(sendBufferBytes);
            }
            return factory.onAccept(loop, connection);
        } catch (Throwable failure) {
            loop.reportFailure("accept", failure);
            return null;
        }
    }

    void onAcceptFailed(LoopCore loop, IOException failure) {
        try {
            factory.onAcceptFailed(loop, failure);
        } catch (Throwable own) {
            loop.reportFailure("accept", own);
        }
    }

    // ---- Listener

    private void tellAcceptors(Consumer<Acceptor> command) {
        for (int i = 0; i < acceptors.size(); i++) {
            Acceptor acceptor = acceptors.get(i);
            acceptingLoops.get(i).control(() -> command.accept(acceptor));
        }
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public int openConnections() {
        return permits.open();
    }

    @Override
    public void pause() {
        tellAcceptors(Acceptor::pause);
    }

    @Override
    public void resume() {
        tellAcceptors(Acceptor::resume);
    }

    @Override
    public void close() {
        tellAcceptors(Acceptor::close);
    }
}
