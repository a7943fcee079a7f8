package dev.headgate.frames;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.http.h2.ErrorCode;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 as one side of a tunnel (RFC 8441 §5), a client's or an origin's: what DATA frames carry, both ways, without the rest.
 * END_STREAM is the end of a direction, RST_STREAM a reset, and credit is given for what has been passed on. It ends with the stream, and its
 * connection goes on.
 *
 * <p>What has to wait for the end of another call, bytes that are shown again and the end that its owner has asked for, happens in the loop's
 * deferred queue.
 */
@LoopConfined
@HotPath
public final class StreamConnection implements Connection, TunnelEnd, Runnable {
    private static final int HANDED_BYTES_MAX = 64 << 10;

    /** Until the tunnel has set its own, within the call that made this. */
    private static final ConnectionHandler NOBODY = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onClosed(Connection connection, CloseCause cause) {}
    };

    /** The stream. It may tell of its end by {@link #gone} at any time, but not from within one of these calls. */
    public interface Carrier {
        /** The connection that carries all streams. */
        Connection transport();

        /**
         * Sends content; all of it is taken.
         *
         * @return whether it has left; after {@code false} {@link #onSent} follows
         */
        boolean sendBody(ByteBuffer bytes);

        /** Ends our side behind what was sent. Where something waits {@link #onSent} follows. */
        void endOutput();

        /** Whether our side has ended, and nothing waits. */
        boolean isOutputEnded();

        /** Bytes that were sent and wait. */
        int heldBytes();

        /** Content has been passed on, and its credit can go back. */
        void consumed(int bytes);

        /** Content is held here, within the stream's window. */
        void buffered(int bytes);

        /** There is no memory to hold content. The stream's end follows. */
        void onOutOfMemory();

        /** Resets the stream, with what waits to be sent. */
        void reset(int errorCode);

        /** The stream is not needed any more. Last call, unless {@link StreamConnection#gone} was. */
        void letGo();
    }

    private final Carrier stream;
    private final Connection transport;
    private final boolean hasKept;
    private final boolean hasEnded;
    private final HeldBytes received = new HeldBytes(); // what the handler has yet to take
    private ConnectionHandler handler = NOBODY;
    private boolean isHandingOn; // of what is held, which stays where it is
    private boolean isPaused;
    private boolean isInputEnded;
    private boolean isEndTold;
    private boolean isOutputShut;
    private boolean isOpen = true;
    private boolean isWritableOwed;
    private boolean isDeferred;
    private @Nullable CloseCause ending; // to be told
    private boolean isHungUp; // the stream is over, and its peer had ended its side
    private boolean isGone;
    private long sentBytes;

    /**
     * Made at the head that grants the tunnel.
     *
     * @param early content that has come already, and is held here from now on
     * @param hasEnded whether the peer has ended its side already
     */
    public StreamConnection(Carrier stream, HeldBytes early, boolean hasEnded) {
        this.stream = stream;
        this.transport = stream.transport();
        this.hasKept = !early.isEmpty();
        this.hasEnded = hasEnded && early.isEmpty(); // Otherwise the end is told behind what is held.
        this.isInputEnded = hasEnded;
        this.isEndTold = this.hasEnded; // by what it has become
        received.takeAll(early);
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

    /** Content has come; all of it is taken. */
    public void onData(ByteBuffer content) {
        int length = content.remaining();
        if (isOpen && !isPaused && received.isEmpty()) {
            handler.onBytes(this, content);
        }
        if (!isOpen) {
            content.position(content.limit()); // Nobody is left to have it.
        }
        int left = content.remaining();
        if (left < length) {
            stream.consumed(length - left);
        }
        if (left > 0) {
            hold(content, left);
        }
    }

    private void hold(ByteBuffer content, int length) {
        if (received.append(loop().buffers(), content)) {
            stream.buffered(length);
        } else {
            content.position(content.limit());
            stream.onOutOfMemory();
        }
    }

    /** The peer has ended its side. */
    public void onEnd() {
        isInputEnded = true;
        tellEnd();
    }

    private void tellEnd() {
        if (isInputEnded && !isEndTold && isOpen && received.isEmpty()) {
            isEndTold = true;
            handler.onEnd(this);
        }
    }

    /** What waited has left. */
    public void onSent() {
        if (ending != null) {
            defer();
        } else if (isWritableOwed) {
            isWritableOwed = false;
            handler.onWritable(this);
        }
    }

    /**
     * The stream is over. Where its peer had ended its side before, what it has said is still shown, and this is closed behind it.
     *
     * @return whether that is so; otherwise {@link #gone} follows
     */
    public boolean hungUp() {
        if (!isInputEnded || isGone || ending != null) {
            return false;
        }
        isHungUp = true;
        isOutputShut = true;
        defer();
        return true;
    }

    /** The stream is over, and is not to be asked for anything any more. The first cause counts. */
    public void gone(CloseCause cause) {
        if (isGone) {
            return;
        }
        isGone = true;
        isOpen = false;
        if (!isHandingOn) {
            received.clear();
        }
        handler.onClosed(this, ending == null ? cause : ending);
    }

    // ---- what had to wait

    private void defer() {
        if (!isDeferred) {
            isDeferred = true;
            loop().defer(this);
        }
    }

    @Override
    public void run() {
        isDeferred = false;
        if (isGone) {
            return;
        }
        CloseCause asked = ending;
        if (asked == null) {
            showHeld();
            if (isHungUp && isEndTold && !isGone && ending == null) {
                gone(CloseCause.CLOSED);
                stream.letGo();
            }
        } else if (asked != CloseCause.CLOSED || stream.isOutputEnded()) {
            gone(asked);
            stream.letGo();
        }
    }

    private void showHeld() {
        while (isOpen && !isPaused && !received.isEmpty()) {
            ByteBuffer first = received.first(HANDED_BYTES_MAX);
            int length = first.remaining();
            isHandingOn = true;
            handler.onBytes(this, first);
            isHandingOn = false;
            if (isGone) {
                received.clear();
                return;
            }
            int taken = length - first.remaining();
            received.taken();
            stream.consumed(taken);
            if (taken == 0) {
                return;
            }
        }
        tellEnd();
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
        return isGone ? 0 : stream.heldBytes();
    }

    @Override
    public long sentBytes() {
        return sentBytes - pendingWriteBytes();
    }

    @Override
    public long sentBytesBeforeCycle() {
        throw new UnsupportedOperationException("a stream has no socket of its own");
    }

    @Override
    public void pauseReading() {
        isPaused = true;
    }

    @Override
    public void resumeReading() {
        isPaused = false;
        if (isOpen && (!received.isEmpty() || isInputEnded && !isEndTold)) {
            defer();
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
            stream.endOutput();
        }
    }

    @Override
    public void close() {
        if (isOpen) {
            shutdownOutput();
            isOpen = false;
            ending = CloseCause.CLOSED;
            dropReceived();
            if (stream.isOutputEnded()) {
                defer();
            }
        }
    }

    /** The peer may wait for credit to say its last words, to which nobody listens any more. */
    private void dropReceived() {
        if (!isHandingOn && !received.isEmpty()) {
            stream.consumed(received.count());
            received.clear();
        }
    }

    @Override
    public void abort() {
        if (!isGone && ending != CloseCause.ABORTED) {
            isOpen = false;
            ending = CloseCause.ABORTED;
            stream.reset(ErrorCode.CANCEL);
            defer();
        }
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }
}
