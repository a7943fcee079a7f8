package dev.headgate.testkit.sim;

import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A listening socket with its queue. */
final class SimListener extends Watched implements ListenSocket {
    private final SocketAddress address;
    private final int backlog;
    private final ArrayDeque<SimSocket> waiting = new ArrayDeque<>();
    private boolean isClosed;

    SimListener(SimIo io, int number, SocketAddress address, int backlog) {
        super(io, number);
        this.address = address;
        this.backlog = backlog;
    }

    boolean isFull() {
        return waiting.size() >= backlog;
    }

    void arrive(SimSocket socket) {
        waiting.add(socket);
        changed();
    }

    @Override
    int readyOps(int watched) {
        return waiting.isEmpty() ? 0 : Ops.ACCEPT & watched;
    }

    @Override
    boolean isGone() {
        return isClosed;
    }

    @Override
    public SocketAddress localAddress() {
        return address;
    }

    @Override
    public @Nullable StreamSocket accept() throws IOException {
        io().assertLoop();
        if (isClosed) {
            io().simulator().violated("accept after close: #" + number());
            return null;
        }
        if (waiting.isEmpty()) {
            return null;
        }
        io().descriptors().take();
        SimSocket socket = waiting.remove();
        io().simulator().trace("accept", socket.number(), number());
        return socket;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        io().simulator().trace("unlisten", number(), waiting.size());
        io().onUnlisten(this);
        for (SimSocket socket : waiting) {
            socket.lose();
        }
        waiting.clear();
        onGone();
    }
}
