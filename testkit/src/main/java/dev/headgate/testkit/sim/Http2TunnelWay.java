package dev.headgate.testkit.sim;

import org.jspecify.annotations.Nullable;

/** A stream that carries a WebSocket (RFC 8441 §5). */
final class Http2TunnelWay implements TunnelEnd.Way {
    private final Http2Link link;
    private final Http2Flow flow;
    private final Runnable reset;
    private @Nullable Runnable whenSent;

    Http2TunnelWay(Http2Link link, Http2Flow flow, Runnable reset) {
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
    }

    @Override
    public void end() {
        flow.isCut = false;
        link.sendContent();
        link.pump();
    }

    @Override
    public void reset() {
        reset.run();
    }

    @Override
    public void close() {} // The stream is closed when both sides have ended it.
}
