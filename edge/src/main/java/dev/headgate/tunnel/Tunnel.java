package dev.headgate.tunnel;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.http.websocket.FrameBoundaries;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Two open connections of one loop, joined: what comes from one goes to the other, and so does the end of a side's stream, and a reset.
 * <pre>
 *  JOINED ──both streams have ended, one side has failed, time is over──> PARTING ──both connections are gone──> PARTED
 *    └──told to close, frames being followed──> CLOSING ──both sides have closed, or do not──^
 * </pre>
 * Bytes are written as they are lent. What a side does not take at once its connection keeps, and from the high watermark on nothing more is
 * read from the other until it has.
 *
 * <p>Of a tunnel of WebSocket frames it is known where they end ({@link #followFrames}). It can then be closed by a Close frame to either side, which goes
 * out at the first place between two frames of the other: from there on the other's bytes go nowhere, and its own Close frame is awaited.
 *
 * <p>The near side is the one that wanted the tunnel. Extends {@link Timer}: the deadline is the end of idleness, or of life.
 */
@LoopConfined
@HotPath
public final class Tunnel extends Timer {
    private enum State {
        JOINED,
        CLOSING,
        PARTING,
        PARTED
    }

    /** How it ended; the first reason counts, but for losses on the way to an orderly end. */
    public enum End {
        /** Both sides have ended their streams, and have got each other's. */
        ORDERLY,
        NEAR_FAILED,
        FAR_FAILED,
        /** No byte went through for too long. */
        IDLE,
        /** It has lived long enough. */
        AGED,
        /** The owner has had both sides told that it ends. */
        DRAINED,
        /** The owner has cut it off. */
        CUT_OFF
    }

    /** Hears what becomes of a tunnel. */
    public interface Owner {
        /** Bytes have come from the near side. */
        void onNearBytes(int count);

        /** Bytes have come from the far side. */
        void onFarBytes(int count);

        /** The near connection is gone. */
        void onNearGone();

        /** The far connection is gone. */
        void onFarGone();

        /** Both connections are gone; nothing follows. */
        void onParted(Tunnel tunnel);
    }

    private final EventLoop loop;
    private final Owner owner;
    private final Side near;
    private final Side far;
    private final long idleNs;
    private final long ageNs;
    private final long beganNs;
    private State state = State.JOINED;
    private End end = End.ORDERLY; // means something from PARTING on
    private @Nullable CloseCause failure;
    private long lastMovedNs;
    private long sentBytesSeen; // by both connections, when the timer last looked
    private @Nullable ByteBuffer closeFrame; // once frames are followed
    private long closeWaitNs; // likewise

    /**
     * Of connections that are open and belong to {@code loop}.
     *
     * @param idleNs how long no byte may go through, either way
     * @param ageNs how long it may live; 0: for ever
     */
    public Tunnel(EventLoop loop, Connection near, Connection far, long idleNs, long ageNs, Owner owner) {
        this.loop = loop;
        this.owner = owner;
        this.near = new Side(near);
        this.far = new Side(far);
        this.near.other = this.far;
        this.far.other = this.near;
        this.idleNs = idleNs;
        this.ageNs = ageNs;
        this.beganNs = loop.nowNs();
        this.lastMovedNs = beganNs;
    }

    /**
     * From here on it is known where WebSocket frames end. Before {@link #begin}.
     *
     * @param frame where a Close frame is made, which is sent at once; many may share it
     * @param timeoutNs how long both sides may take to answer one
     */
    void followFrames(FrameBoundaries ofNear, FrameBoundaries ofFar, ByteBuffer frame, long timeoutNs) {
        near.frames = ofNear;
        far.frames = ofFar;
        closeFrame = frame;
        closeWaitNs = timeoutNs;
    }

    /**
     * Becomes the handler of both connections, and is shown what they keep.
     *
     * @param hasNearKept whether the near connection keeps bytes that its handler has left
     * @param hasNearEnded whether its stream has ended already
     */
    public void begin(boolean hasNearKept, boolean hasNearEnded) {
        near.connection.handler(near);
        far.connection.handler(far);
        loop.timers().arm(this, nextDeadlineNs());
        // Paused or not: what is kept is shown again only to who resumes.
        near.showKept();
        far.showKept();
        if (hasNearEnded && hasNearKept) {
            near.isEndBehindKept = true;
        } else if (hasNearEnded) {
            near.onEnd(near.connection);
        }
    }

    /** Ends it now: both sides see a reset. */
    public void cutOff() {
        cut(End.CUT_OFF);
    }

    /**
     * Has each side told by a Close frame that it ends, where there is a place for one, and ends when both have closed, or do not in time.
     *
     * @return false, with nothing done, when it is not known where frames end
     */
    boolean close(End why) {
        if (state != State.JOINED || !near.isFollowed() && !far.isFollowed()) {
            return false;
        }
        state = State.CLOSING;
        end = why;
        loop.timers().arm(this, loop.nowNs() + closeWaitNs);
        near.closeIfBetweenFrames();
        far.closeIfBetweenFrames();
        endWhenBothHaveClosed();
        return true;
    }

    /** How it ended. */
    public End end() {
        return end;
    }

    /** How the connection of the side that failed ended; null when none did. */
    public @Nullable CloseCause failure() {
        return failure;
    }

    /** Bytes that have come from the near side. */
    public long nearBytes() {
        return near.receivedBytes;
    }

    /** Bytes that have come from the far side. */
    public long farBytes() {
        return far.receivedBytes;
    }

    // ---- time

    @Override
    protected void onDeadline(long nowNs) {
        if (state == State.CLOSING || ageNs > 0 && nowNs - beganNs >= ageNs) {
            endInTime(End.AGED);
            return;
        }
        // A side that takes what it was sent, if only slowly, is not idle. Nothing tells when it last did.
        long sentBytes = near.connection.sentBytes() + far.connection.sentBytes();
        boolean isAwaited = near.connection.pendingWriteBytes() > 0 || far.connection.pendingWriteBytes() > 0;
        if (isAwaited && sentBytes != sentBytesSeen) {
            lastMovedNs = nowNs;
        }
        sentBytesSeen = sentBytes;
        if (nowNs - lastMovedNs >= idleNs) {
            endInTime(End.IDLE);
        } else {
            loop.timers().arm(this, nextDeadlineNs());
        }
    }

    private long nextDeadlineNs() {
        long idleDeadlineNs = lastMovedNs + idleNs;
        long ageDeadlineNs = beganNs + ageNs;
        return ageNs > 0 && ageDeadlineNs - idleDeadlineNs < 0 ? ageDeadlineNs : idleDeadlineNs;
    }

    // ---- ending

    private void endInTime(End why) {
        if (!close(why)) {
            cut(why);
        }
    }

    private ByteBuffer emptyCloseFrame() {
        ByteBuffer frame = closeFrame;
        assert frame != null;
        return frame.clear();
    }

    private void endWhenBothHaveClosed() {
        if (state == State.CLOSING && near.hasClosed() && far.hasClosed()) {
            endInOrder();
        }
    }

    private void cut(End why) {
        if (state == State.PARTED) {
            return;
        }
        if (state == State.JOINED || end == End.ORDERLY) {
            end = why;
        }
        state = State.PARTING;
        near.connection.abort();
        far.connection.abort();
    }

    private void endInOrder() {
        state = State.PARTING;
        near.end();
        far.end();
    }

    private void fail(Side failed, CloseCause cause) {
        failure = cause;
        end = failed == near ? End.NEAR_FAILED : End.FAR_FAILED;
        if (state != State.JOINED) {
            return;
        }
        state = State.PARTING;
        if (failed.isInputEnded && cause == CloseCause.RESET) {
            // It had said all it had to say before it would hear no more, and the other shall have that whole.
            failed.other().connection.close();
        } else {
            failed.other().connection.abort();
        }
    }

    private void part() {
        state = State.PARTED;
        loop.timers().retire(this);
        owner.onParted(this);
    }

    /** One of the two connections, and what has come from it. */
    private final class Side implements ConnectionHandler {
        private final Connection connection;
        private @Nullable Side other; // set once both are made
        private long receivedBytes;
        private boolean isEndBehindKept; // the stream ended behind bytes that are still to be shown
        private boolean isInputEnded;
        private boolean isCutShort; // the stream ended within a frame, after the tunnel was told to close
        private boolean isOutputBroken;
        private boolean isGone;
        private boolean isSilenced; // the other has got its Close frame: what comes now is for nobody
        private @Nullable FrameBoundaries frames; // of what comes from this side

        Side(Connection connection) {
            this.connection = connection;
        }

        Side other() {
            Side made = other;
            assert made != null;
            return made;
        }

        /** Paused or not: what is kept is shown again only to who resumes. */
        void showKept() {
            connection.pauseReading();
            connection.resumeReading();
        }

        @Override
        public void onBytes(Connection from, ByteBuffer bytes) {
            if (state == State.PARTING || state == State.PARTED) {
                bytes.position(bytes.limit()); // Nobody is left to have them.
                return;
            }
            int count = bytes.remaining();
            lastMovedNs = loop.nowNs();
            receivedBytes += count;
            if (this == near) {
                owner.onNearBytes(count);
            } else {
                owner.onFarBytes(count);
            }
            if (state == State.CLOSING) {
                passUntilClosed(bytes);
            } else {
                if (frames != null) {
                    frames.pass(bytes);
                }
                pass(bytes);
            }
            if (isEndBehindKept) {
                isEndBehindKept = false;
                onEnd(from);
            }
        }

        private void pass(ByteBuffer bytes) {
            if (!other().connection.write(bytes)) {
                connection.pauseReading();
            }
        }

        // ---- closing

        boolean isFollowed() {
            return frames != null && !frames.isLost();
        }

        /** Whether nothing more is to be expected of it, or nothing that could be recognised. */
        boolean hasClosed() {
            return isInputEnded || !isFollowed() || frames != null && frames.isCloseSeen();
        }

        /** Whether the other has got all that is for it: up to a Close frame, of this side's or in its place, or to the end. */
        private boolean hasSaidAll() {
            return isSilenced || isInputEnded && !isCutShort || frames != null && frames.isCloseSeen();
        }

        private boolean isWithinFrame() {
            return frames != null && !frames.isLost() && !frames.isAtBoundary() && !frames.isCloseSeen();
        }

        /** Ends the connection, visibly where what it has got of the other is no whole. */
        void end() {
            if (other().isCutShort) {
                connection.abort();
            } else {
                connection.close();
            }
        }

        void closeIfBetweenFrames() {
            if (frames != null && frames.isAtBoundary()) {
                silence(frames);
            }
        }

        private void passUntilClosed(ByteBuffer bytes) {
            FrameBoundaries seen = frames;
            int end = bytes.limit();
            if (!isSilenced) {
                int whole = seen == null ? -1 : seen.passToBoundary(bytes);
                bytes.limit(whole < 0 ? end : bytes.position() + whole);
                if (bytes.hasRemaining()) {
                    pass(bytes);
                }
                bytes.limit(end);
                if (seen != null && whole >= 0) {
                    silence(seen);
                }
            }
            if (seen != null) {
                seen.pass(bytes);
            }
            bytes.position(end);
            endWhenBothHaveClosed();
        }

        /** Where one stands is between two of its frames: the other gets its Close frame here, unless it has got this side's. */
        private void silence(FrameBoundaries seen) {
            isSilenced = true;
            if (!seen.isCloseSeen() && !isInputEnded) {
                ByteBuffer out = emptyCloseFrame();
                if (this == near) {
                    CloseFrame.toServer(
                            out, CloseFrame.GOING_AWAY, (int) loop.chance().nextLong());
                } else {
                    CloseFrame.toClient(out, CloseFrame.GOING_AWAY);
                }
                other().connection.write(out.flip());
            }
            connection.resumeReading(); // It need not wait for the other any more.
        }

        // ---- the connection's further events

        @Override
        public void onWritable(Connection to) {
            if (state == State.CLOSING) {
                other().connection.resumeReading();
            } else if (state == State.JOINED && !isOutputBroken) {
                lastMovedNs = loop.nowNs();
                other().connection.resumeReading();
            }
        }

        /** Nothing more reaches this side. What it has said before still goes to the other; then it is found gone. */
        @Override
        public void onOutputBroken(Connection to) {
            isOutputBroken = true;
            if (other().isOutputBroken) {
                connection.abort(); // Each would wait for the other to be read.
            } else {
                other().connection.pauseReading();
            }
        }

        @Override
        public void onEnd(Connection from) {
            isInputEnded = true;
            if (state == State.CLOSING) {
                isCutShort = !isSilenced && isWithinFrame();
                endWhenBothHaveClosed();
            }
            if (state != State.JOINED) {
                return;
            }
            lastMovedNs = loop.nowNs();
            other().connection.shutdownOutput();
            if (other().isInputEnded) {
                endInOrder();
            }
        }

        @Override
        public void onClosed(Connection from, CloseCause cause) {
            isGone = true;
            if (this == near) {
                owner.onNearGone();
            } else {
                owner.onFarGone();
            }
            boolean isHungUp = isInputEnded && cause == CloseCause.CLOSED; // It has said all, and hears no more.
            boolean isLost = state == State.JOINED && !isHungUp || end == End.ORDERLY && cause != CloseCause.CLOSED;
            if (isLost) {
                fail(this, cause);
            } else if (state == State.CLOSING && !hasSaidAll()) {
                state = State.PARTING;
                other().connection.abort(); // It has got part of something, and no Close frame behind it.
            } else if (state == State.CLOSING || state == State.JOINED) {
                state = State.PARTING;
                other().connection.close(); // What it has been sent may be on its way.
            }
            if (other().isGone) {
                part();
            }
        }
    }
}
