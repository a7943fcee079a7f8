package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/**
 * Flow control of a connection and its streams in both directions (RFC 9113 §5.2, §6.9). Of every byte that comes, the
 * connection's window gets its credit back exactly once: at once for padding and for what nobody gets, and for the rest
 * when the owner says so, or releases the stream.
 */
final class FlowControl {
    private final SendWindow sendWindow = new SendWindow(Frames.WINDOW_DEFAULT);
    private final ReceiveWindow receiveWindow = new ReceiveWindow(Frames.WINDOW_DEFAULT);
    private final FrameSender frames;
    private final SendQueue queue;

    FlowControl(FrameSender frames, SendQueue queue) {
        this.frames = frames;
        this.queue = queue;
    }

    // Receiving

    /** The connection's window becomes larger; the frame that says so goes out with the opening. */
    void openConnection(int bytes) {
        receiveWindow.resize(bytes);
    }

    /** The peer goes by another size; what was yet to be announced may be much of a smaller one, and be due. */
    void resize(Http2Stream stream, int bytes) {
        stream.receiveWindow.resize(bytes);
        updateStream(stream);
    }

    /** The part of the connection's window that nobody holds. */
    int freeBytes() {
        return receiveWindow.freeBytes();
    }

    /** A DATA frame has come: all of its payload counts (RFC 9113 §6.9.1). */
    boolean receive(@Nullable Http2Stream stream, int payloadBytes) {
        return receiveWindow.receive(payloadBytes) && (stream == null || stream.receiveWindow.receive(payloadBytes));
    }

    /** Bytes that nobody gets, of no stream any more. */
    void discard(int bytes) {
        receiveWindow.giveBack(bytes);
        updateConnection();
    }

    /** Bytes of a stream that nobody gets: padding. */
    void discard(Http2Stream stream, int bytes) {
        discard(bytes);
        stream.receiveWindow.giveBack(bytes);
        updateStream(stream);
    }

    /** Bytes have been handed to the owner. */
    static void deliver(Http2Stream stream, int bytes) {
        stream.heldBytes += bytes;
        stream.heldConnectionBytes += bytes;
    }

    /** The owner has done with bytes. */
    void consume(Http2Stream stream, int bytes) {
        int ofConnection = stream.heldConnectionBytes - Math.max(0, stream.heldBytes - bytes);
        stream.heldBytes -= bytes;
        giveBackConnection(stream, Math.max(0, ofConnection));
        if (stream.state.canReceive()) {
            stream.receiveWindow.giveBack(bytes);
            updateStream(stream);
        }
    }

    /** The owner keeps bytes within the stream's own bound, where they need not hold up other streams. */
    void buffer(Http2Stream stream, int bytes) {
        giveBackConnection(stream, Math.min(bytes, stream.heldConnectionBytes));
    }

    /** The owner has let the stream go with all that it still held. */
    void release(Http2Stream stream) {
        stream.heldBytes = 0;
        giveBackConnection(stream, stream.heldConnectionBytes);
    }

    private void giveBackConnection(Http2Stream stream, int bytes) {
        if (bytes > 0) {
            stream.heldConnectionBytes -= bytes;
            discard(bytes);
        }
    }

    private void updateConnection() {
        int update = receiveWindow.takeUpdate();
        if (update > 0) {
            frames.windowUpdate(0, update);
        }
    }

    private void updateStream(Http2Stream stream) {
        int update = stream.state.canReceive() ? stream.receiveWindow.takeUpdate() : 0;
        if (update > 0) {
            frames.windowUpdate(stream.id, update);
        }
    }

    // Sending

    boolean addToConnection(int bytes) {
        return sendWindow.add(bytes);
    }

    /**
     * Changes a stream's window, and its place among those that can send.
     *
     * @return false when that is more than a window can be
     */
    boolean addToStream(Http2Stream stream, int change) {
        if (!stream.sendWindow.add(change)) {
            return false;
        }
        requeue(stream);
        return true;
    }

    /** What can be sent of a stream now. */
    int sendableBytes(Http2Stream stream) {
        int bytes = Math.min(stream.sendWindow.bytes(), sendWindow.bytes());
        return stream.state.canSend() ? Math.max(0, Math.min(bytes, frames.payloadBytesMax())) : 0;
    }

    void send(Http2Stream stream, int bytes) {
        sendWindow.take(bytes);
        stream.sendWindow.take(bytes);
        stream.sentBytes += bytes;
        if (stream.isQueued) {
            queue.onTurn(stream);
            requeue(stream);
        }
    }

    void await(Http2Stream stream, boolean wanted) {
        stream.wantsToSend = wanted;
        requeue(stream);
    }

    private void requeue(Http2Stream stream) {
        boolean canSend = stream.wantsToSend && stream.sendWindow.isOpen();
        if (canSend && !stream.isQueued) {
            queue.add(stream);
        } else if (!canSend && stream.isQueued) {
            queue.remove(stream);
        }
    }

    void changePriority(Http2Stream stream, int priority) {
        if (stream.priority == priority) {
            return;
        }
        boolean wasQueued = stream.isQueued;
        if (wasQueued) {
            queue.remove(stream);
        }
        stream.priority = priority;
        if (wasQueued) {
            queue.add(stream);
        }
    }

    @Nullable
    Http2Stream nextToSend() {
        return sendWindow.isOpen() ? queue.first() : null;
    }
}
