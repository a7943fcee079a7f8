package dev.headgate.testkit.sim;

import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's end of a connection, with the manners of Linux: after a reset what has arrived can still be read, then the error is told once, to
 * the first read or write that meets it; from then on reads find the end and writes a broken pipe.
 */
final class SimSocket extends Watched implements StreamSocket {
    private static final int FRUITLESS_READS_MAX = 20_000;

    /** How the connect stands. */
    enum Connect {
        PENDING,
        DONE,
        REFUSED,
        FAILED
    }

    private final SimConnection connection;
    private final SimConnection.Side side;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final SimChance chance;
    private Connect connect = Connect.DONE;
    private int fruitlessReads; // since the last byte
    private boolean isErrorTold;
    private boolean isOutputEnded;
    private boolean isClosed;

    SimSocket(
            SimIo io,
            SimConnection connection,
            SimConnection.Side side,
            SocketAddress localAddress,
            SocketAddress remoteAddress) {
        super(io, connection.number());
        this.connection = connection;
        this.side = side;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.chance = io.simulator().chance().fork();
    }

    void connect(Connect outcome) {
        connect = outcome;
        changed();
    }

    private boolean isErrorPending() {
        return side.isReset() && !isErrorTold;
    }

    @Override
    int readyOps(int watched) {
        if (connect != Connect.DONE) {
            return connect == Connect.PENDING ? 0 : watched;
        }
        if (side.isReset()) {
            return watched;
        }
        boolean isReadable = side.in().readableBytes() > 0
                || side.in().isAtEnd() && !io().sabotage().hidesEnd();
        boolean isWritable = side.out().freeBytes() > side.out().roomBytes() / 3;
        int ready = (isReadable ? Ops.READ : 0) | (isWritable ? Ops.WRITE | Ops.CONNECT : 0);
        return io().sabotage().readyOps(this, ready) & watched;
    }

    @Override
    boolean isGone() {
        return isClosed;
    }

    boolean isDownstream() {
        return io().isListening(localAddress);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        check(target);
        int readable = side.in().readableBytes();
        if (readable > 0) {
            int count = Math.min(readable, target.remaining());
            if (count > 1 && chance.oneIn(io().faults().shortReadOneIn())) {
                count = 1 + chance.skewed(count - 1);
            }
            int start = target.position();
            side.in().read(target, count);
            io().sabotage().onRead(this, target, start);
            fruitlessReads = 0;
            trace("read", count);
            connection.onReadByProxy();
            return count;
        }
        if (isErrorPending()) {
            isErrorTold = true;
            trace("read-reset", 0);
            throw new IOException("Connection reset");
        }
        boolean isEnd = isErrorTold || side.in().isAtEnd() && !io().sabotage().hidesEnd();
        if (++fruitlessReads > FRUITLESS_READS_MAX) {
            io().simulator().violated("I8: read without end and without result: #" + number());
        }
        trace(isEnd ? "read-end" : "read", 0);
        return isEnd ? END_OF_STREAM : 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        long offered = 0;
        for (int i = 0; i < count; i++) {
            check(sources[i]);
            offered += sources[i].remaining();
        }
        if (isOutputEnded) {
            io().simulator().violated("written after the end: #" + number());
            throw new ClosedChannelException();
        }
        if (side.isReset()) {
            String message = isErrorTold ? "Broken pipe" : "Connection reset by peer";
            isErrorTold = true;
            trace("write-failed", 0);
            throw new IOException(message);
        }
        int room = (int) Math.min(side.out().freeBytes(), offered);
        if (room > 0 && chance.oneIn(io().faults().zeroWriteOneIn())) {
            room = 0;
        } else if (room > 1 && chance.oneIn(io().faults().shortWriteOneIn())) {
            room = 1 + chance.skewed(room - 1);
        }
        int left = room;
        for (int i = 0; i < count && left > 0; i++) {
            int part = Math.min(left, sources[i].remaining());
            writePart(sources[i], part);
            left -= part;
        }
        trace("write", room);
        return room;
    }

    private void writePart(ByteBuffer source, int count) {
        PeerEnd.Tap tap = connection.peer().tap();
        if (tap != null) {
            tap.onWritten(source.slice(source.position(), count).asReadOnlyBuffer());
        }
        int end = source.position() + count;
        io().sabotage().write(this, side.out(), source, count);
        source.position(end);
    }

    private void check(ByteBuffer buffer) throws IOException {
        io().assertLoop();
        if (!buffer.isDirect()) {
            io().simulator().violated("heap buffer reached a socket: #" + number());
        }
        if (isClosed) {
            io().simulator().violated("socket used after its close: #" + number());
            throw new ClosedChannelException();
        }
        if (connect != Connect.DONE) {
            io().simulator().violated("socket used before it is connected: #" + number());
        }
    }

    @Override
    public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) throws IOException {
        int count = (int) Math.min(lengthBytes, side.out().freeBytes());
        ByteBuffer piece = ByteBuffer.allocateDirect(count);
        file.read(piece, offsetBytes);
        return write(piece.flip());
    }

    @Override
    public void shutdownOutput() {
        if (!isOutputEnded) {
            isOutputEnded = true;
            trace("shutdown", 0);
            if (!side.isReset()) {
                side.out().end();
            }
        }
    }

    @Override
    public boolean isConnected() {
        return connect == Connect.DONE;
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (connect == Connect.DONE && isErrorPending()) {
            isErrorTold = true;
            throw new IOException("Connection reset");
        }
        return switch (connect) {
            case PENDING -> false;
            case DONE -> true;
            case REFUSED -> throw new ConnectException("Connection refused");
            case FAILED -> throw new IOException("No route to host");
        };
    }

    @Override
    public void sendAtOnce() {}

    @Override
    public void sendBufferBytes(int bytes) {}

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            trace("close", side.in().readableBytes());
            if (!io().sabotage().hidesClose(this)) {
                side.close();
            }
            io().onSocketGone(remoteAddress);
            onGone();
        }
    }

    @Override
    public void reset() {
        if (!isClosed) {
            isClosed = true;
            trace("reset", 0);
            side.reset();
            io().onSocketGone(remoteAddress);
            onGone();
        }
    }

    /** The listener that it waited at is gone: nobody will ever have it. */
    void lose() {
        isClosed = true;
        side.reset();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return isClosed || connect != Connect.DONE ? null : remoteAddress;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return isClosed ? null : localAddress;
    }

    private void trace(String kind, long value) {
        io().simulator().trace(kind, number(), value);
    }
}
