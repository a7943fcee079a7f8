package dev.headgate.engine.loop;

import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands for the socket of a connection whose connect failed at once, which can only end, or of one that has none yet. */
class NoSocket implements StreamSocket {
    static final NoSocket INSTANCE = new NoSocket();

    NoSocket() {}

    private static IOException absent() {
        return new IOException("no socket");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        throw absent();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        throw absent();
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        throw absent();
    }

    @Override
    public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) throws IOException {
        throw absent();
    }

    @Override
    public void shutdownOutput() throws IOException {
        throw absent();
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public boolean finishConnect() throws IOException {
        throw absent();
    }

    @Override
    public void sendAtOnce() throws IOException {
        throw absent();
    }

    @Override
    public void sendBufferBytes(int bytes) throws IOException {
        throw absent();
    }

    @Override
    public void register(Poller poller, Pollable pollable, int ops) throws IOException {
        throw absent();
    }

    @Override
    public void interest(int ops) {}

    @Override
    public void close() {}

    @Override
    public void reset() {}

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return null;
    }
}
