package dev.headgate.testkit.memory;

import java.nio.ByteBuffer;

/** The far end of a connection: a client's, or an origin's. */
public final class MemoryPeer {
    private final MemorySocket socket;
    private final MemoryPipe fromProxy;
    private final MemoryPipe toProxy;

    MemoryPeer(MemorySocket socket, MemoryPipe fromProxy, MemoryPipe toProxy) {
        this.socket = socket;
        this.fromProxy = fromProxy;
        this.toProxy = toProxy;
    }

    /** Sends all of {@code bytes} at once. */
    public void send(byte[] bytes) {
        if (toProxy.put(bytes, 0, bytes.length) < bytes.length) {
            throw new IllegalStateException("no room for a message: length=" + bytes.length + " bytes");
        }
        socket.touched();
    }

    /** Sends what remains of {@code bytes} at once. */
    public void send(ByteBuffer bytes) {
        toProxy.put(bytes);
        if (bytes.hasRemaining()) {
            throw new IllegalStateException("no room for a message: left=" + bytes.remaining() + " bytes");
        }
        socket.touched();
    }

    /** Moves what has arrived into {@code target}, as far as there is room. */
    public void take(ByteBuffer target) {
        boolean wasFull = fromProxy.room() == 0;
        fromProxy.take(target);
        if (wasFull) {
            socket.touched();
        }
    }

    /** Bytes that have arrived and were not yet dropped. */
    public int arrived() {
        return fromProxy.length();
    }

    /** An arrived byte; {@code offset} counts from the first that was not yet dropped. */
    public byte at(int offset) {
        return fromProxy.at(offset);
    }

    /** Has done with the first {@code count} arrived bytes. */
    public void drop(int count) {
        boolean wasFull = fromProxy.room() == 0;
        fromProxy.drop(count);
        if (wasFull) {
            socket.touched();
        }
    }

    /** Whether the proxy has ended its stream, and all of it was dropped. */
    public boolean isAtEnd() {
        return fromProxy.isAtEnd();
    }

    /** Ends this side's stream. */
    public void end() {
        toProxy.end();
        socket.touched();
    }
}
