package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Codes;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A stream that carries a WebSocket (RFC 8441 §5). */
final class Http2TunnelWay implements TunnelEnd.Way {
    private final Http2Link link;
    private final Http2Flow flow;
    private final IntConsumer reset;
    private @Nullable Runnable whenSent;
    private boolean isHangingUp;

    /** @param reset resets the stream, with this code */
    Http2TunnelWay(Http2Link link, Http2Flow flow, IntConsumer reset) {
        this.link = link;
        this.flow = flow;
        this.reset = reset;
    }

    @Override
    public void send(byte[] bytes, Runnable then) {
        flow.wholeBytes += bytes.length;
        whenSent = then;
        link.sendContent();
        link.pump();
    }

    /** A frame of the stream is written. */
    void onSent() {
        Runnable then = whenSent;
        if (flow.unsentBytes() == 0 && then != null) {
            whenSent = null;
            then.run();
        }
        if (isHangingUp && flow.hasEnded) {
            isHangingUp = false;
            reset.accept(Codes.NO_ERROR);
        }
    }

    @Override
    public void end() {
        flow.isCut = false;
        link.sendContent();
        link.pump();
    }

    /** Behind END_STREAM (RFC 9113 §8.1). */
    @Override
    public void hangUp() {
        isHangingUp = true;
        onSent();
    }

    @Override
    public void reset() {
        reset.accept(Codes.CANCEL);
    }

    @Override
    public void close() {} // The stream is closed when both sides have ended it.
}
