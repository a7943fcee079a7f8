package dev.headgate.downstream;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;

/** The one deadline of a stream: of content that the client has to send, or of what it has to take, which comes first. */
@LoopConfined
@HotPath
final class Http2StreamDeadline extends Timer {
    private final Http2ServerStream stream;
    private final EventLoop loop;
    private boolean isWaitingToSend;
    private long sentBytesMark; // when its time for sending began
    private long connectionBytesMark;

    Http2StreamDeadline(Http2ServerStream stream, EventLoop loop) {
        this.stream = stream;
        this.loop = loop;
    }

    /** A request begins. */
    void start() {
        isWaitingToSend = false;
    }

    /** Bytes wait for a window, or for a transport that takes them. */
    void awaitTurn() {
        if (!isWaitingToSend) {
            isWaitingToSend = true;
            markProgress();
            arm();
        }
    }

    /** All that waited has left. */
    void endTurns() {
        isWaitingToSend = false;
        arm();
    }

    /** Sets it for what is awaited now. */
    void arm() {
        if (stream.isTunnel()) {
            disarm(); // It has deadlines of its own.
        } else if (isWaitingToSend) {
            loop.timers().arm(this, loop.nowNs() + stream.listener().sendStallNs());
        } else if (stream.isContentAwaited()) {
            loop.timers().arm(this, stream.pace().lookAtNs(stream.listener(), loop.nowNs()));
        } else {
            disarm();
        }
    }

    void disarm() {
        loop.timers().disarm(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (!stream.isOpen()) {
            return;
        }
        if (isWaitingToSend) {
            onSendDeadline();
        } else if (stream.pace().isTooSlow(stream.listener(), nowNs)) {
            stream.onContentTimeout();
        } else {
            arm();
        }
    }

    /**
     * Any number of window updates can add up to nothing, so what counts is what the stream has sent. One that only waits for others of its
     * connection is not to blame.
     */
    private void onSendDeadline() {
        int least = stream.listener().http2().progressBytes();
        Http2ServerSession session = stream.session();
        boolean hasConnectionMoved = session.outbox().putBytes() - connectionBytesMark >= least;
        boolean hasMoved = stream.stream().sentBytes() - sentBytesMark >= least
                || stream.stream().isWindowOpen() && hasConnectionMoved;
        if (hasMoved) {
            markProgress();
            arm();
            return;
        }
        stream.onSendTimeout();
        if (!hasConnectionMoved) {
            session.onStalled();
        }
    }

    private void markProgress() {
        sentBytesMark = stream.stream().sentBytes();
        connectionBytesMark = stream.session().outbox().putBytes();
    }
}
