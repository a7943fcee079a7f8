package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection: which there are, which there were, and how many there may be (RFC 9113 §5.1.1, §5.1.2).
 * Streams of the peer count until their owner has released them, not only until they are closed: work that was begun for
 * a stream which is reset goes on for a while, and a peer could otherwise begin it without end.
 */
final class Streams {
    private final Http2Role role;
    private final Http2Scratch scratch;
    private final int peersMax;
    private final StreamTable table;
    private final ResetMemory resets = new ResetMemory();
    private final SendQueue queue;
    private final HeldSurplus surplus;

    private int peersCount;
    private int ownCount;
    private int lastPeersId;
    private int nextOwnId;
    /** Streams of the peer above are ignored: we have said so in a GOAWAY. */
    private int ignoredAbove = Frames.STREAM_ID_MAX;

    Streams(Http2Role role, Http2Scratch scratch, Http2Limits limits, SendQueue queue, long nowNs) {
        table = new StreamTable(nowNs);
        this.role = role;
        this.scratch = scratch;
        peersMax = limits.streams();
        surplus = new HeldSurplus(limits.heldSurplusBytes());
        this.queue = queue;
        nextOwnId = role.isServer() ? 2 : 1;
    }

    // Where an id stands

    @Nullable
    Http2Stream get(int id) {
        return table.get(id);
    }

    /** Whether the peer numbers its streams so. */
    boolean isPeers(int id) {
        return (id & 1) == (role.isServer() ? 1 : 0);
    }

    /** Whether there has been no such stream yet. */
    boolean isIdle(int id) {
        return isPeers(id) ? id > lastPeersId : id >= nextOwnId;
    }

    /** Whether what comes for this stream, which is not there, is let go without a word. */
    boolean isIgnored(int id) {
        return isPeers(id) && id > ignoredAbove || !isIdle(id) && resets.mayContain(id);
    }

    /** The last stream of the peer that was looked at, as GOAWAY says it; never more than was said before. */
    int lastPeersId() {
        return Math.min(lastPeersId, ignoredAbove);
    }

    /** Open or unreleased streams. */
    int count() {
        return Math.max(table.count(), peersCount + ownCount);
    }

    int ownCount() {
        return ownCount;
    }

    int nextOwnId() {
        return nextOwnId;
    }

    boolean isOwnIdLeft() {
        return nextOwnId > 0;
    }

    boolean isPeersIdLeft() {
        return lastPeersId < Frames.STREAM_ID_MAX - 1;
    }

    boolean mayPeerOpen() {
        return peersCount < peersMax;
    }

    /** What the lists of all that are not released have too much of. */
    HeldSurplus surplus() {
        return surplus;
    }

    int peersMax() {
        return peersMax;
    }

    // Events

    /** A higher id of the peer's makes all below it not idle any more (RFC 9113 §5.1.1). */
    void onPeersId(int id) {
        lastPeersId = id;
    }

    void ignoreAbove(int id) {
        ignoredAbove = id;
    }

    Http2Stream openPeers(int id, int sendBytes, int receiveBytes, long nowNs) {
        Http2Stream stream = scratch.takeStream();
        stream.start(id, true, sendBytes, receiveBytes, nowNs);
        table.add(stream);
        peersCount++;
        return stream;
    }

    Http2Stream openOwn(int sendBytes, int receiveBytes, long nowNs) {
        Http2Stream stream = scratch.takeStream();
        stream.start(nextOwnId, false, sendBytes, receiveBytes, nowNs);
        nextOwnId += 2; // below zero once there are no more
        table.add(stream);
        ownCount++;
        return stream;
    }

    /** The stream is closed; it is its owner's until released. */
    void onClosed(Http2Stream stream) {
        stream.state = StreamState.CLOSED;
        stream.wantsToSend = false;
        if (stream.isQueued) {
            queue.remove(stream);
        }
        table.remove(stream);
        if (!stream.isPeers) {
            ownCount--;
        }
    }

    /** We have reset the stream, or never opened it. */
    void remember(int id) {
        resets.add(id);
    }

    void release(Http2Stream stream) {
        stream.isReleased = true;
        surplus.giveBack(stream.surplusBytes);
        if (stream.isPeers) {
            peersCount--;
        }
        scratch.giveStream(stream);
    }

    /** Calls {@code action} for each open stream, in the order in which they were opened; it may close the stream it is called for, and no other. */
    void forEach(StreamAction action) {
        Http2Stream stream = table.oldest();
        while (stream != null) {
            Http2Stream next = stream.openedNext;
            action.on(stream);
            stream = next;
        }
    }

    /** What is done with each stream. */
    interface StreamAction {
        void on(Http2Stream stream);
    }
}
