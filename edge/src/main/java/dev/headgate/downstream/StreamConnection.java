package dev.headgate.downstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.TunnelEnd;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 as one side of a tunnel (RFC 8441 §5): what DATA frames carry, both ways, without the rest. It ends with the stream, and its
 * connection goes on.
 */
@LoopConfined
@HotPath
final class StreamConnection implements Connection, TunnelEnd {
    /** Until the tunnel has set its own, within the call that made this. */
    private static final ConnectionHandler NOBODY = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onClosed(Connection connection, CloseCause cause) {}
    };

    private final Http2ServerStream stream;
    private final Connection transport;
    private final boolean hasKept;
    private final boolean hasEnded;
    private ConnectionHandler handler;
    private boolean isPaused;
    private boolean isOutputShut;
    private boolean isOpen = true;
    private boolean isWritableOwed;
    private @Nullable CloseCause ending; // to be told
    private boolean isGone;
    private long sentBytes;

    /**
     * Made at the head that grants the tunnel.
     *
     * @param hasKept whether content has come already
     * @param hasEnded whether the client has ended its side already
     */
    StreamConnection(Http2ServerStream stream, Connection transport, boolean hasKept, boolean hasEnded) {
        this.stream = stream;
        this.transport = transport;
        this.hasKept = hasKept;
        this.hasEnded = hasEnded;
        this.handler = NOBODY;
    }

    // ---- the tunnel's end

    @Override
    public Connection connection() {
        return this;
    }

    @Override
    public boolean hasKept() {
        return hasKept;
    }

    @Override
    public boolean hasEnded() {
        return hasEnded;
    }

    @Override
    public void onGone() {
        // The stream has been let go with the event that told of it.
    }

    // ---- from the stream

    /** Whether the handler wants what comes. */
    boolean isReading() {
        return isOpen && !isPaused;
    }

    /** Bytes have come; what the handler leaves stays with the stream. */
    void onBytes(ByteBuffer bytes) {
        handler.onBytes(this, bytes);
    }

    void onEnd() {
        if (isOpen) {
            handler.onEnd(this);
        }
    }

    /** What was held is on its way. */
    void onSent() {
        if (isWritableOwed && isOpen) {
            isWritableOwed = false;
            handler.onWritable(this);
        }
    }

    /** Whether the end of it, which its owner has asked for, is still to be told. */
    boolean isEndOwed() {
        return ending != null && !isGone;
    }

    /** The stream is over. The first cause counts. */
    void gone(CloseCause cause) {
        if (isGone) {
            return;
        }
        isGone = true;
        isOpen = false;
        handler.onClosed(this, ending == null ? cause : ending);
    }

    // ---- the connection

    @Override
    public EventLoop loop() {
        return transport.loop();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return transport.localAddress();
    }

    @Override
    public void handler(ConnectionHandler next) {
        handler = next;
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        if (!isOpen || isOutputShut) {
            bytes.position(bytes.limit());
            return true;
        }
        sentBytes += bytes.remaining();
        boolean keepsUp = stream.sendBody(bytes);
        isWritableOwed |= !keepsUp;
        return keepsUp;
    }

    @Override
    public boolean write(ByteBuffer[] pieces, int count) {
        boolean keepsUp = true;
        for (int i = 0; i < count; i++) {
            keepsUp = write(pieces[i]); // Once one does not leave, those behind it do not either.
        }
        return keepsUp;
    }

    /** Frames have their own place to be put together. */
    @Override
    public @Nullable ByteBuffer beginWrite() {
        return null;
    }

    @Override
    public boolean endWrite() {
        throw new IllegalStateException("nothing was begun");
    }

    @Override
    public long pendingWriteBytes() {
        return isGone ? 0 : stream.heldResponseBytes();
    }

    @Override
    public long sentBytes() {
        return sentBytes - pendingWriteBytes();
    }

    @Override
    public void pauseReading() {
        isPaused = true;
    }

    @Override
    public void resumeReading() {
        isPaused = false;
        if (isOpen) {
            stream.showHeld();
        }
    }

    @Override
    public boolean isReadingPaused() {
        return isPaused;
    }

    @Override
    public boolean isInputDrained() {
        return true;
    }

    @Override
    public void shutdownOutput() {
        if (isOpen && !isOutputShut) {
            isOutputShut = true;
            stream.sendEnd(null);
        }
    }

    @Override
    public void close() {
        if (isOpen) {
            shutdownOutput();
            isOpen = false;
            ending = CloseCause.CLOSED;
            stream.endTunnelOnceSent();
        }
    }

    @Override
    public void abort() {
        if (!isGone && ending != CloseCause.ABORTED) {
            isOpen = false;
            ending = CloseCause.ABORTED;
            stream.abortTunnel();
        }
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }
}
