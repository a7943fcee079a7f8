package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.frames.HeldTrailers;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The request's way from the client to the current attempt, with what has to be kept for another one.
 * <pre>{@code
 *  AWAITING_UPSTREAM ──> AWAITING_CONTINUE ──> STREAMING ──> ENDED
 *       │  │  └──nobody waits for 100───────────────^  ^       ^         another attempt: back to AWAITING_UPSTREAM
 *       │  └──some of it is kept in a file──> REPLAYING┴───────┤         any ──> DISCARDED
 *       └──no content──────────────────────────────────────────┘
 * }</pre>
 */
@LoopConfined
@HotPath
final class RequestFlow {
    private enum State {
        AWAITING_UPSTREAM,
        AWAITING_CONTINUE,
        /** What has passed before goes to another attempt out of a file, and new content waits. */
        REPLAYING,
        STREAMING,
        ENDED,
        DISCARDED
    }

    private final Exchange exchange;
    private final LoopContext context;
    private final KeptContent content;
    private @Nullable HeldTrailers
            kept; // came before an attempt could take them, or may be sent again; made at the first need
    private State state = State.DISCARDED;
    private long bodyBytesMax;
    private boolean continueAwaited; // by the client, who has not sent any content
    private boolean continueSent;
    private boolean endSeen;
    private boolean isLastOwed; // what filters add at the end, which came before an attempt could take it
    private boolean isUpstreamBehind; // the attempt takes no bytes for now
    private boolean isHeldUp; // the client, for one reason or another, while content streams

    RequestFlow(Exchange exchange, LoopContext context) {
        this.exchange = exchange;
        this.context = context;
        this.content = new KeptContent(this, context);
    }

    void start(RequestHead head, DownstreamStream from) {
        boolean hasContent = head.bodyKind() != BodyKind.NONE;
        state = hasContent ? State.AWAITING_UPSTREAM : State.ENDED;
        endSeen = !hasContent;
        isLastOwed = false;
        continueAwaited = hasContent && head.expectsContinue() && !from.hasBodyArrived();
    }

    /**
     * Says how much there may be, and how much is kept.
     *
     * @param replayMax bytes in memory
     * @param withFiles whose temporary files take the rest; null for none
     */
    void limits(long bodyMax, int replayMax, @Nullable UpstreamNode withFiles) {
        bodyBytesMax = bodyMax;
        content.limit(replayMax, withFiles);
    }

    /** Whether all content that has passed can be sent once more. */
    boolean isReplayable() {
        return content.isComplete();
    }

    /** Whether it can be sent to {@code other}, which keeps as much. */
    boolean isReplayableAt(UpstreamNode other) {
        return content.fits(other);
    }

    /** Whether the client still has content to send, and this exchange wants it. */
    boolean isOpen() {
        return state == State.AWAITING_UPSTREAM
                || state == State.AWAITING_CONTINUE
                || state == State.REPLAYING
                || state == State.STREAMING;
    }

    /** Whether the client will send its content only when it is told to continue, as far as one knows. */
    boolean isContinueAwaited() {
        return continueAwaited && !continueSent;
    }

    /** A client need not wait (RFC 9110 §10.1.1), and from here on there is nothing to wait for. */
    void onContentArrived() {
        continueAwaited = false;
        if (state == State.AWAITING_CONTINUE) {
            stream();
        }
    }

    /** Content arrives; the caller drops whatever is not passed on. */
    void onBody(ByteBuffer bytes) {
        if (state != State.STREAMING) {
            return;
        }
        if (exchange.record().requestBodyBytes() > bodyBytesMax) {
            exchange.refuse(Cause.BODY_TOO_LARGE);
            return;
        }
        FilterState filters = exchange.filters();
        ByteBuffer passed = filters == null ? bytes : filters.onRequestBody(bytes);
        if (passed == null) {
            exchange.refuse(filters == null ? Cause.INTERNAL : filters.refusal());
            return;
        }
        content.append(passed);
        UpstreamStream stream = exchange.attempts().stream();
        boolean mayMoreFollow = filters != null && filters.changesRequestBody();
        if (!mayMoreFollow && exchange.downstream().isLastContent()) {
            stream.endWithNext();
        }
        isUpstreamBehind = !stream.sendBody(passed);
        if (isUpstreamBehind || content.isBehind()) {
            holdUp();
        }
    }

    /** The client waits for whoever is behind. */
    private void holdUp() {
        isHeldUp = true;
        exchange.downstream().pauseRequest();
        if (!exchange.isAwaitingResponse()) {
            return; // The response's progress is waited for.
        }
        if (isUpstreamBehind) {
            exchange.deadline().await(Wait.REQUEST_STALL, exchange.route().bodyIdleNs());
        } else if (!exchange.deadline().isAwaiting(Wait.REPLAY_FILE)) {
            exchange.deadline().await(Wait.REPLAY_FILE, content.waitNs());
        }
    }

    /** Something is not behind any more. */
    private void onRoom() {
        if (state != State.STREAMING || !isHeldUp) {
            return;
        }
        if (isUpstreamBehind || content.isBehind()) {
            holdUp();
            return;
        }
        isHeldUp = false;
        if (exchange.deadline().isAwaiting(Wait.REQUEST_STALL)
                || exchange.deadline().isAwaiting(Wait.REPLAY_FILE)) {
            exchange.deadline().stopWaiting();
        }
        exchange.downstream().resumeRequest();
    }

    void onEnd(@Nullable FieldSection trailers) {
        endSeen = true;
        onContentArrived(); // There may have been none, and 100 is not waited for all the same.
        if (state != State.STREAMING) {
            isLastOwed = isOpen() && exchange.filters() != null;
            // Without content nothing holds the end back until it is wanted.
            if (trailers != null && isOpen() && !keep(trailers)) {
                exchange.refuse(Cause.OVERLOADED);
            }
            return;
        }
        state = State.ENDED;
        UpstreamStream stream = exchange.attempts().stream();
        if (!sendLastOfFilters(stream)) {
            return;
        }
        if (trailers != null && !keepBehindContent(trailers)) {
            content.giveUp(); // They are lent, and gone after this call.
        }
        stream.sendEnd(trailers);
        if (exchange.isAwaitingResponse()) {
            exchange.attempts().awaitHead();
        }
    }

    /**
     * Sends what filters have to add at the end.
     *
     * @return false when one of them has refused the request
     */
    private boolean sendLastOfFilters(UpstreamStream stream) {
        FilterState filters = exchange.filters();
        if (filters == null) {
            return true;
        }
        ByteBuffer last = filters.onRequestEnd();
        if (last == null) {
            exchange.refuse(filters.refusal());
            return false;
        }
        content.append(last);
        stream.sendBody(last);
        return true;
    }

    private boolean keepBehindContent(FieldSection trailers) {
        int length = trailers.lineBytes();
        return length == 0 || content.admits(length) && keep(trailers);
    }

    /** Copies the trailers, for an attempt that is yet to come; false when there is no memory for that. */
    private boolean keep(FieldSection trailers) {
        HeldTrailers holder = kept;
        if (holder == null) {
            holder = new HeldTrailers();
            kept = holder;
        }
        return holder.hold(context.loop().buffers(), trailers);
    }

    /** The attempt takes bytes again. */
    void onUpstreamWritable() {
        isUpstreamBehind = false;
        if (state == State.REPLAYING) {
            replayOn();
        } else {
            onRoom();
        }
    }

    /** The attempt has sent the head and takes the content: what was kept, and then the rest. */
    void onHeadSent(UpstreamStream stream) {
        isUpstreamBehind = false;
        ByteBuffer first = content.first();
        if (first != null) {
            sendKept(stream, first);
        }
        if (content.hasMore()) {
            state = State.REPLAYING;
            replayOn();
        } else {
            onKeptSent(stream);
        }
    }

    private void sendKept(UpstreamStream stream, ByteBuffer bytes) {
        if (!content.hasMore() && endSeen && !isLastOwed && keptTrailers() == null) {
            stream.endWithNext();
        }
        isUpstreamBehind = !stream.sendBody(bytes);
    }

    /** Sends what is in the file, as fast as the file and the attempt allow. */
    private void replayOn() {
        UpstreamStream stream = exchange.attempts().stream();
        while (!isUpstreamBehind && content.hasMore()) {
            ByteBuffer next = content.next();
            if (next == null) {
                break; // It has to be read.
            }
            sendFromFile(stream, next);
        }
        if (!content.hasMore()) {
            onReplayed(stream);
        } else if (exchange.isAwaitingResponse()) { // Otherwise the response's progress is waited for.
            awaitRoomOrFile();
        }
    }

    private void onReplayed(UpstreamStream stream) {
        if (exchange.isAwaitingResponse()) {
            exchange.deadline().stopWaiting();
        } else {
            content.giveUp(); // The response has begun, and no other attempt follows.
        }
        onKeptSent(stream);
    }

    private void awaitRoomOrFile() {
        if (isUpstreamBehind) {
            exchange.deadline().await(Wait.REQUEST_STALL, exchange.route().bodyIdleNs());
        } else {
            exchange.deadline().await(Wait.REPLAY_FILE, content.waitNs());
        }
    }

    private void sendFromFile(UpstreamStream stream, ByteBuffer bytes) {
        content.onSent(bytes.remaining());
        sendKept(stream, bytes);
    }

    /** What has been waited for, out of the file. */
    void onKeptRead(ByteBuffer bytes) {
        if (state == State.REPLAYING) {
            sendFromFile(exchange.attempts().stream(), bytes);
            replayOn();
        }
    }

    /** The file has taken more. */
    void onKeptWritten() {
        onRoom();
    }

    /** The file does not take anything, and nobody shall wait for it any longer. */
    void onKeptStalled() {
        content.loseFile();
        onKeptLost();
    }

    /** Nothing is kept any more. The attempt that was to get it, or is still to come, cannot have all of it; others can go on. */
    void onKeptLost() {
        switch (state) {
            case REPLAYING -> exchange.onUpstreamFailed(FailureKind.LOCAL);
            case AWAITING_UPSTREAM -> exchange.refuse(Cause.INTERNAL);
            default -> onRoom();
        }
    }

    private void onKeptSent(UpstreamStream stream) {
        if (endSeen) {
            state = State.ENDED;
            sendKeptEnd(stream);
        } else if (isContinueAwaited()) {
            state = State.AWAITING_CONTINUE;
            exchange.deadline()
                    .await(Wait.CONTINUE, exchange.client().listener().expectContinueNs());
        } else {
            stream();
        }
    }

    private void sendKeptEnd(UpstreamStream stream) {
        if (isLastOwed) {
            isLastOwed = false;
            if (!sendLastOfFilters(stream)) {
                return;
            }
        }
        stream.sendEnd(keptTrailers());
        if (exchange.isAwaitingResponse()) {
            exchange.attempts().awaitHead();
        }
    }

    private @Nullable FieldSection keptTrailers() {
        return kept == null ? null : kept.section();
    }

    /** Whether all of the request is here, and can be sent at once to a second attempt beside the first. */
    boolean isWhole() {
        return endSeen && !isLastOwed && content.isComplete() && !content.isInFile();
    }

    /** Sends all of the content to an attempt beside the one that it has gone to, or will. Only if it {@link #isWhole}. */
    void sendWhole(UpstreamStream stream) {
        ByteBuffer all = content.first();
        if (all != null) {
            if (keptTrailers() == null) {
                stream.endWithNext();
            }
            stream.sendBody(all);
        }
        stream.sendEnd(keptTrailers());
    }

    /** An attempt that has got all of it so is the only one from now on. */
    void onSentWhole() {
        state = State.ENDED;
    }

    /** The origin has sent 100, or said nothing in time; exactly one 100 reaches the client. */
    void onContinue() {
        if (continueSent) {
            return;
        }
        continueSent = true;
        exchange.downstream().sendContinue();
        if (state == State.AWAITING_CONTINUE) {
            stream();
        }
    }

    private void stream() {
        state = State.STREAMING;
        if (exchange.isAwaitingResponse()) {
            exchange.deadline().stopWaiting();
        }
        isHeldUp = true;
        onRoom();
    }

    /** Stops the client's content until the next attempt is ready for it. */
    void hold() {
        content.stopReading();
        isHeldUp = false;
        if (state == State.STREAMING) {
            state = State.AWAITING_UPSTREAM;
            exchange.downstream().pauseRequest();
        } else if (isOpen()) {
            state = State.AWAITING_UPSTREAM; // Nothing has been asked for, so it is seen when content comes all the
            // same.
        } else if (state == State.ENDED && endSeen) {
            state = State.AWAITING_UPSTREAM; // All of it is kept, and sent again.
        }
    }

    /** The final response is there. A client that still waits for 100 may send its content, or not. */
    void onResponseHead() {
        if (state == State.AWAITING_CONTINUE) {
            stop();
        }
    }

    /**
     * The final response has gone to the client: no other attempt follows, for which anything would be kept. What this one has yet to get of
     * it stays until it is sent.
     */
    void onResponseBegun() {
        if (state != State.REPLAYING) {
            content.giveUp();
        }
        onRoom();
        if (state == State.ENDED && kept != null) {
            kept.clear();
        }
    }

    /** Nothing more of the request is wanted. */
    void stop() {
        if (isOpen() && !endSeen) {
            if (isContinueAwaited()) {
                // Where the next request begins can no longer be known (RFC 9110 §10.1.1).
                exchange.downstream().closeAfterResponse();
            }
            exchange.downstream().discardRequest();
        }
        state = State.DISCARDED;
    }

    void forget() {
        content.release();
        if (kept != null) {
            kept.clear();
        }
        state = State.DISCARDED;
        continueAwaited = false;
        continueSent = false;
        endSeen = false;
        isUpstreamBehind = false;
        isHeldUp = false;
    }
}
