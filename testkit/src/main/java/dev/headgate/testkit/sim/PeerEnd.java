package dev.headgate.testkit.sim;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A peer's end of a connection. */
public sealed class PeerEnd permits SecurePeerEnd {
    private final SimConnection connection;
    private final SimConnection.Side side;
    private @Nullable Peer owner;
    private @Nullable Tap tap;
    private boolean isEndTold;
    private boolean isResetTold;

    /** Who holds the end. Every call is an event of its own. */
    public interface Peer {
        /** Bytes can be read, or written, or both. */
        void onReady();

        /** The proxy has ended its side, and all it sent is read. */
        void onEnd();

        /** The connection is broken. */
        void onReset();
    }

    /** Learns what the proxy hands to the system, at once: also of bytes that will never arrive. */
    public interface Tap {
        /** {@code bytes} is lent. */
        void onWritten(ByteBuffer bytes);
    }

    PeerEnd(SimConnection connection, SimConnection.Side side) {
        this.connection = connection;
        this.side = side;
    }

    /** The same connection, at another level. */
    PeerEnd(PeerEnd other) {
        this.connection = other.connection;
        this.side = other.side;
    }

    /** Takes the end; events come from here on. */
    public void owner(Peer peer) {
        owner = peer;
    }

    public void tap(Tap listener) {
        tap = listener;
    }

    @Nullable
    Tap tap() {
        return tap;
    }

    /** The connection's number, as in the trace. */
    public int number() {
        return connection.number();
    }

    void changed() {
        Peer peer = owner;
        if (peer == null || side.isClosed()) {
            return;
        }
        if (side.isReset() && !isResetTold) {
            isResetTold = true;
            if (side.in().readableBytes() > 0) {
                peer.onReady();
            }
            peer.onReset();
            return;
        }
        if (isResetTold) {
            return;
        }
        peer.onReady();
        tellEnd();
    }

    private void tellEnd() {
        Peer peer = owner;
        if (peer != null && !isEndTold && !side.isClosed() && side.in().isAtEnd()) {
            isEndTold = true;
            peer.onEnd();
        }
    }

    /** Bytes that can be read now. */
    public int readableBytes() {
        return side.isClosed() ? 0 : side.in().readableBytes();
    }

    /** Reads at most {@code most} bytes. */
    public byte[] read(int most) {
        int count = Math.min(most, readableBytes());
        byte[] bytes = new byte[count];
        if (count > 0) {
            side.in().read(ByteBuffer.wrap(bytes), count);
            connection.onReadByPeer();
            connection.later(this::tellEnd);
        }
        return bytes;
    }

    /** Writes as much of {@code source} as there is room for. */
    public int write(ByteBuffer source) {
        if (side.isClosed() || side.isReset() || side.out().isEndSent()) {
            return 0;
        }
        int count = Math.min(source.remaining(), side.out().freeBytes());
        if (count > 0) {
            side.out().write(source, count);
        }
        return count;
    }

    /** Bytes that can be written now. */
    int freeBytes() {
        return side.isClosed() || side.isReset() || side.out().isEndSent()
                ? 0
                : side.out().freeBytes();
    }

    /** Whether anything written can still arrive. */
    public boolean isWritable() {
        return !side.isClosed() && !side.isReset() && !side.out().isEndSent();
    }

    /** Bytes ever written by the proxy on this connection. */
    public long writtenByProxyBytes() {
        return side.in().writtenBytes();
    }

    /** Whether the proxy has ended its stream to this end: what it reads from here on it throws away (RFC 9112 §9.6). */
    boolean isEndedByProxy() {
        return side.in().isEndSent();
    }

    /** Bytes ever written by this end. */
    public long writtenBytes() {
        return side.out().writtenBytes();
    }

    /** Bytes on their way to the proxy. */
    long unarrivedBytes() {
        return side.out().unarrivedBytes();
    }

    /** Bytes ever read by the proxy. */
    public long readByProxyBytes() {
        return side.out().readBytes();
    }

    /** Ends this side's stream. */
    public void shutdownOutput() {
        if (isWritable()) {
            trace("peer-end");
            side.out().end();
        }
    }

    public void close() {
        if (!side.isClosed()) {
            trace("peer-close");
            side.close();
        }
    }

    public void reset() {
        if (!side.isClosed()) {
            trace("peer-reset");
            side.reset();
        }
    }

    public boolean isClosed() {
        return side.isClosed();
    }

    private void trace(String kind) {
        connection.io().simulator().trace(kind, connection.number(), side.out().writtenBytes());
    }
}
