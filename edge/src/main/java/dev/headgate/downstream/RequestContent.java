package dev.headgate.downstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.HeldBytes;
import dev.headgate.frames.HeldTrailers;

/**
 * The content of a request on a stream, as far as it has come: what has to wait until the exchange wants it, and its pace. What waits is
 * bounded by the stream's window.
 */
@LoopConfined
@HotPath
final class RequestContent extends BodyPace {
    private final HeldBytes held = new HeldBytes();
    private final HeldTrailers trailers = new HeldTrailers();
    private boolean hasEnded;
    private boolean isEndTold;
    private boolean isDiscarded;
    private int discardedBytes;

    /** A request begins, which may have content. */
    void begin(long nowNs) {
        start(nowNs);
        hasEnded = false;
        isEndTold = false;
        isDiscarded = false;
        discardedBytes = 0;
    }

    HeldBytes held() {
        return held;
    }

    HeldTrailers trailers() {
        return trailers;
    }

    /** The client has sent all of it. */
    void end() {
        hasEnded = true;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** The exchange knows that it has ended. */
    void endTold() {
        isEndTold = true;
    }

    /** Whether the exchange has yet to be told that all of it is there. */
    boolean isEndOwed() {
        return hasEnded && !isEndTold && held.isEmpty();
    }

    /** Whether the first {@code length} bytes of what waits are the last of the request, which has no trailers. */
    boolean isLast(int length) {
        return hasEnded && length == held.count() && trailers.section() == null;
    }

    /** Whether something waits for the exchange to want it. */
    boolean isWaiting() {
        return !held.isEmpty() || hasEnded && !isEndTold;
    }

    /** Nobody wants what still comes. */
    void discard() {
        isDiscarded = true;
    }

    boolean isDiscarded() {
        return isDiscarded;
    }

    /** Counts dropped bytes. */
    int discarded(int count) {
        discardedBytes += count;
        return discardedBytes;
    }

    void release() {
        held.clear();
        trailers.clear();
    }
}
