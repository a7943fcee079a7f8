package dev.headgate.testkit.memory;

import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.StreamSocket;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where clients arrive. */
final class MemoryListener extends MemoryKey implements ListenSocket {
    private final MemoryIo io;
    private final SocketAddress address;
    private final ArrayDeque<MemorySocket> waiting = new ArrayDeque<>();

    MemoryListener(MemoryIo io, SocketAddress address) {
        this.io = io;
        this.address = address;
    }

    void arrive(MemorySocket socket) {
        waiting.add(socket);
        touched();
    }

    @Override
    int readyOps() {
        return waiting.isEmpty() ? 0 : Ops.ACCEPT;
    }

    @Override
    public SocketAddress localAddress() {
        return address;
    }

    @Override
    public @Nullable StreamSocket accept() {
        io.calls().onCall(IoCall.ACCEPT);
        return waiting.poll();
    }

    @Override
    public void register(Poller poller, Pollable pollable, int ops) {
        io.calls().onCall(IoCall.REGISTER);
        attach((MemoryPoller) poller, pollable, ops);
    }

    @Override
    public void close() {
        io.calls().onCall(IoCall.CLOSE);
        io.onUnlisten(this);
        detach();
    }
}
