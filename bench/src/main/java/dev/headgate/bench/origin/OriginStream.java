package dev.headgate.bench.origin;

import dev.headgate.bench.frames.StreamContent;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import org.jspecify.annotations.Nullable;

/**
 * One request to the origin by HTTP/2, and its answer. What it extends is the timer of answers that take their time. Used again for others when its
 * stream has been released.
 */
@HotPath
@LoopConfined
final class OriginStream extends Timer {
    private @Nullable Http2OriginSession session;
    private @Nullable Http2Stream stream;
    final StreamContent content = new StreamContent();

    // What is asked for.
    OriginTarget.Kind kind = OriginTarget.Kind.UNKNOWN;
    int number;
    long bytes;
    boolean isHead;

    // How far it is.
    long receivedBytes;
    boolean isSilent; // No answer is to come, or no more of it.
    int slowPiecesLeft;

    /** Of the loop's unused ones. */
    @Nullable
    OriginStream next;

    void start(Http2OriginSession of, Http2Stream carrying) {
        session = of;
        stream = carrying;
        carrying.attach(this);
        receivedBytes = 0;
        isSilent = false;
        slowPiecesLeft = 0;
        content.start(0, StreamEnd.OPEN);
    }

    void asked(OriginTarget target, boolean head) {
        kind = target.kind();
        number = target.number();
        bytes = target.bytes();
        isHead = head;
    }

    Http2Stream stream() {
        Http2Stream current = stream;
        assert current != null;
        return current;
    }

    void end() {
        session = null;
        stream = null;
    }

    @Override
    protected void onDeadline(long nowNs) {
        Http2OriginSession of = session;
        if (of != null) {
            of.onDeadline(this, nowNs);
        }
    }
}
