package dev.headgate.testkit.memory;

import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The proxy's end of a connection. Used again for another connection once both ends have ended. */
final class MemorySocket extends MemoryKey implements StreamSocket {
    private final MemoryIo io;
    private final MemoryPipe incoming;
    private final MemoryPipe outgoing;
    final MemoryPeer peer;
    private @Nullable SocketAddress local;
    private @Nullable SocketAddress remote;
    private boolean isConnecting;
    private boolean isClosed;

    MemorySocket(MemoryIo io, int pipeBytes) {
        this.io = io;
        this.incoming = new MemoryPipe(pipeBytes);
        this.outgoing = new MemoryPipe(pipeBytes);
        this.peer = new MemoryPeer(this, outgoing, incoming);
    }

    void open(SocketAddress localAddress, SocketAddress remoteAddress, boolean connecting) {
        incoming.clear();
        outgoing.clear();
        local = localAddress;
        remote = remoteAddress;
        isConnecting = connecting;
        isClosed = false;
    }

    /** Whether neither end can be used any more. */
    boolean isOver() {
        return isClosed && incoming.isEnded();
    }

    @Override
    int readyOps() {
        if (isClosed) {
            return 0;
        }
        if (isConnecting) {
            return Ops.CONNECT;
        }
        int read = incoming.length() > 0 || incoming.isEnded() ? Ops.READ : 0;
        return outgoing.room() > 0 ? read | Ops.WRITE : read;
    }

    @Override
    public int read(ByteBuffer target) {
        io.calls().onCall(IoCall.READ);
        return incoming.isAtEnd() ? END_OF_STREAM : incoming.take(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        io.calls().onCall(IoCall.WRITE);
        return put(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        io.calls().onCall(IoCall.WRITE);
        long written = 0;
        for (int i = 0; i < count; i++) {
            written += put(sources[i]);
        }
        return written;
    }

    private int put(ByteBuffer source) throws IOException {
        if (outgoing.isEnded()) {
            throw new IOException("Broken pipe");
        }
        return outgoing.put(source);
    }

    @Override
    public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) {
        throw new UnsupportedOperationException("files are not sent here");
    }

    @Override
    public void shutdownOutput() {
        io.calls().onCall(IoCall.SHUTDOWN);
        outgoing.end();
    }

    @Override
    public boolean isConnected() {
        return !isConnecting;
    }

    @Override
    public boolean finishConnect() {
        io.calls().onCall(IoCall.FINISH_CONNECT);
        isConnecting = false;
        return true;
    }

    @Override
    public void sendAtOnce() {
        io.calls().onCall(IoCall.OPTION);
    }

    @Override
    public void sendBufferBytes(int bytes) {
        io.calls().onCall(IoCall.OPTION);
    }

    @Override
    public void register(Poller poller, Pollable pollable, int ops) {
        io.calls().onCall(IoCall.REGISTER);
        attach((MemoryPoller) poller, pollable, ops);
    }

    @Override
    public void close() {
        if (!isClosed) {
            io.calls().onCall(IoCall.CLOSE);
            isClosed = true;
            outgoing.end();
            detach();
        }
    }

    @Override
    public void reset() {
        close();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return isClosed ? null : remote;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return isClosed ? null : local;
    }
}
