package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/**
 * The streams that have something to send and a window for it, by urgency (RFC 9218 §10): of one urgency, those that are
 * of use only whole go one after the other, each until it has no more to send, and those that can be used piece by piece
 * take turns.
 *
 * <p>Eight rings through the streams themselves, of which only the newest is kept: its next is the oldest.
 */
final class SendQueue {
    private final @Nullable Http2Stream[] newest = new @Nullable Http2Stream[Priority.URGENCIES];
    /** One bit per urgency that has streams. */
    private int waiting;

    boolean isEmpty() {
        return waiting == 0;
    }

    /** The stream whose turn it is, or null. */
    @Nullable
    Http2Stream first() {
        if (waiting == 0) {
            return null;
        }
        Http2Stream last = newest[Integer.numberOfTrailingZeros(waiting)];
        return last == null ? null : last.next;
    }

    void add(Http2Stream stream) {
        int urgency = Priority.urgency(stream.priority);
        Http2Stream last = newest[urgency];
        if (last == null) {
            stream.next = stream;
            stream.previous = stream;
        } else {
            link(last, stream, nextOf(last));
        }
        newest[urgency] = stream;
        waiting |= 1 << urgency;
        stream.isQueued = true;
    }

    void remove(Http2Stream stream) {
        int urgency = Priority.urgency(stream.priority);
        Http2Stream before = stream.previous;
        Http2Stream behind = stream.next;
        if (before == null || behind == null || before == stream) {
            newest[urgency] = null;
            waiting &= ~(1 << urgency);
        } else {
            before.next = behind;
            behind.previous = before;
            if (newest[urgency] == stream) {
                newest[urgency] = before;
            }
        }
        stream.next = null;
        stream.previous = null;
        stream.isQueued = false;
    }

    /** The stream has had its turn: one that can be used piece by piece goes behind the others of its urgency. */
    void onTurn(Http2Stream stream) {
        int urgency = Priority.urgency(stream.priority);
        Http2Stream last = newest[urgency];
        if (Priority.isIncremental(stream.priority) && last != null && last.next == stream) {
            newest[urgency] = stream;
        }
    }

    private static void link(Http2Stream before, Http2Stream stream, Http2Stream behind) {
        stream.previous = before;
        stream.next = behind;
        before.next = stream;
        behind.previous = stream;
    }

    private static Http2Stream nextOf(Http2Stream stream) {
        Http2Stream next = stream.next;
        return next == null ? stream : next;
    }
}
