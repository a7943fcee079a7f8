package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.ExchangeDeadline.Wait;
import dev.headgate.frames.HeldTrailers;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The request's way from the client to the current attempt, with what has to be kept for another one.
 * <pre>{@code
 *  AWAITING_UPSTREAM ──> AWAITING_CONTINUE ──> STREAMING ──> ENDED
 *          │  └──nobody waits for 100───────────────^          ^         another attempt: back to AWAITING_UPSTREAM
 *          └──no content───────────────────────────────────────┘         any ──> DISCARDED
 * }</pre>
 */
@LoopConfined
@HotPath
final class RequestFlow {
    private enum State {
        AWAITING_UPSTREAM,
        AWAITING_CONTINUE,
        STREAMING,
        ENDED,
        DISCARDED
    }

    private final Exchange exchange;
    private final LoopContext context;
    private final ReplayWindow replay = new ReplayWindow();
    private @Nullable HeldTrailers
            kept; // came before an attempt could take them, or may be sent again; made at the first need
    private State state = State.DISCARDED;
    private long bodyBytesMax;
    private boolean continueAwaited; // by the client, who has not sent any content
    private boolean continueSent;
    private boolean endSeen;
    private boolean isLastOwed; // what filters add at the end, which came before an attempt could take it

    RequestFlow(Exchange exchange, LoopContext context) {
        this.exchange = exchange;
        this.context = context;
    }

    void start(RequestHead head, DownstreamStream from) {
        boolean hasContent = head.bodyKind() != BodyKind.NONE;
        state = hasContent ? State.AWAITING_UPSTREAM : State.ENDED;
        endSeen = !hasContent;
        isLastOwed = false;
        continueAwaited = hasContent && head.expectsContinue() && !from.hasBodyArrived();
    }

    void limits(long bodyMax, int replayMax) {
        bodyBytesMax = bodyMax;
        replay.limit(replayMax);
    }

    /** Whether all content that has passed can be sent once more. */
    boolean isReplayable() {
        return replay.isComplete();
    }

    /** Whether all content that has passed fits a window of so many bytes. */
    boolean isReplayableWithin(int bytes) {
        return replay.isComplete() && replay.length() <= bytes;
    }

    /** Whether the client still has content to send, and this exchange wants it. */
    boolean isOpen() {
        return state == State.AWAITING_UPSTREAM || state == State.AWAITING_CONTINUE || state == State.STREAMING;
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
        replay.append(context.loop().buffers(), passed);
        UpstreamStream stream = exchange.attempts().stream();
        boolean mayMoreFollow = filters != null && filters.changesRequestBody();
        if (!mayMoreFollow && exchange.downstream().isLastContent()) {
            stream.endWithNext();
        }
        if (!stream.sendBody(passed)) {
            exchange.downstream().pauseRequest();
            if (exchange.isAwaitingResponse()) {
                exchange.deadline().await(Wait.REQUEST_STALL, exchange.route().bodyIdleNs());
            }
        }
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
            replay.giveUp(); // They are lent, and gone after this call.
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
        replay.append(context.loop().buffers(), last);
        stream.sendBody(last);
        return true;
    }

    private boolean keepBehindContent(FieldSection trailers) {
        int length = trailers.lineBytes();
        return length == 0 || replay.admits(length) && keep(trailers);
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
        if (state == State.STREAMING) {
            if (exchange.deadline().isAwaiting(Wait.REQUEST_STALL)) {
                exchange.deadline().stopWaiting();
            }
            exchange.downstream().resumeRequest();
        }
    }

    /** The attempt has sent the head and takes the content: what was kept, and then the rest. */
    void onHeadSent(UpstreamStream stream) {
        ByteBuffer content = replay.bytes();
        if (content != null) {
            if (endSeen && !isLastOwed && keptTrailers() == null) {
                stream.endWithNext();
            }
            stream.sendBody(content);
        }
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
        exchange.attempts().awaitHead();
    }

    private @Nullable FieldSection keptTrailers() {
        return kept == null ? null : kept.section();
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
        exchange.deadline().stopWaiting();
        exchange.downstream().resumeRequest();
    }

    /** Stops the client's content until the next attempt is ready for it. */
    void hold() {
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

    /** The final response has gone to the client: no other attempt follows, for which anything would be kept. */
    void onResponseBegun() {
        replay.giveUp();
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
        replay.release();
        if (kept != null) {
            kept.clear();
        }
        state = State.DISCARDED;
        continueAwaited = false;
        continueSent = false;
        endSeen = false;
    }
}
