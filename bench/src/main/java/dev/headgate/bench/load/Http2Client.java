package dev.headgate.bench.load;

import dev.headgate.bench.frames.StreamContent;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.h2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client by HTTP/2, with a stream for each request on a connection that it shares with the others of its {@link Http2Group}.
 * <pre>
 *              ┌───────────────────────────answer complete───────────────────────────┐
 *              v                                                                      │
 *  CLOSED ─> CONNECTING ─> FREE ──send──> AWAITING_STREAM ──> AWAITING_HEAD ──> IN_CONTENT
 *    ^            │          │                  │                   │                 │
 *    └── failed, lost, reset, timed out, or the connection takes no more requests ────┘
 * </pre>
 * One whose stream was reset stays on its connection ({@link #link}), and is back on it when it dials.
 */
@HotPath
@LoopConfined
final class Http2Client extends Client {
    enum State {
        CLOSED,
        CONNECTING,
        FREE,
        AWAITING_STREAM,
        AWAITING_HEAD,
        IN_CONTENT
    }

    private final Http2Group group;
    private State state = State.CLOSED;
    private @Nullable Http2Link link;
    private @Nullable Http2Stream stream; // from AWAITING_HEAD on
    private @Nullable StreamContent content; // from the first request with content on

    Http2Client(ClientKit kit, Owner owner, Http2Group group) {
        super(kit, owner);
        this.group = group;
    }

    // ---- what the owner asks for

    State state() {
        return state;
    }

    @Override
    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    @Override
    boolean dial() {
        assert state == State.CLOSED;
        state = State.CONNECTING;
        Http2Link present = link;
        if (present == null) {
            return group.dial(this);
        }
        present.welcome();
        return false;
    }

    @Override
    void send() {
        assert state == State.FREE;
        beginAnswer();
        state = State.AWAITING_STREAM;
        link().request(this);
    }

    @Override
    void drop(boolean isOrderly) {
        Http2Link from = link;
        Http2Stream dropped = stream;
        link = null;
        stream = null;
        state = State.CLOSED;
        if (from != null) {
            from.leave(dropped);
        }
    }

    @Override
    void timeOut() {
        if (state == State.CONNECTING) {
            kit.examples.add(LoadError.CONNECT, "no answer in time");
            link().giveUp();
            return;
        }
        kit.examples.add(LoadError.TIMEOUT, "no answer in time");
        Http2Stream late = stream;
        if (late != null) {
            link().cancel(late);
        }
        fail(LoadError.TIMEOUT);
    }

    // ---- what the connection tells

    @Nullable
    Http2Link attachedTo() {
        return link;
    }

    Http2Link link() {
        Http2Link current = link;
        assert current != null;
        return current;
    }

    void onAttached(Http2Link to) {
        link = to;
    }

    void onDetached() {
        link = null;
    }

    void onOpen() {
        state = State.FREE;
        owner.onConnected(this);
    }

    void onRequestSent(Http2Stream opened) {
        stream = opened;
        state = State.AWAITING_HEAD;
    }

    /** What is to follow the head of the request under way. */
    StreamContent newContent() {
        StreamContent sender = content;
        if (sender == null) {
            sender = new StreamContent();
            content = sender;
        }
        return sender;
    }

    StreamContent content() {
        StreamContent sender = content;
        assert sender != null;
        return sender;
    }

    void onHead(int status) {
        onStatus(status);
        state = State.IN_CONTENT;
    }

    /** The answer is complete, and its stream released; {@code isKept} tells whether the connection takes another request. */
    void onComplete(boolean isKept) {
        stream = null;
        if (isKept) {
            state = State.FREE;
        } else {
            drop(true);
        }
        owner.onAnswered(this, faultOfAnswer());
    }

    /** The request has failed, and its stream is released. */
    void fail(LoadError fault) {
        stream = null;
        state = State.CLOSED;
        if (kit.isPerRequest || link != null && !link.isOpen()) {
            drop(false);
        }
        owner.onFailed(this, fault);
    }

    /** The connection takes no more requests; a free client has nothing to wait for. */
    void onLost() {
        drop(true);
        owner.onLost(this);
    }

    /** It takes no more, and the client was about to be told that it is there: it goes to the next one. */
    void moveOn() {
        drop(true);
        state = State.CONNECTING;
        group.dial(this);
    }
}
