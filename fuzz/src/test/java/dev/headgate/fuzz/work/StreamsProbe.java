package dev.headgate.fuzz.work;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/2 with as many streams as a configuration can allow: what a client sends on it, and its end. */
public final class StreamsProbe implements Consumer<byte[]>, Http2Listener, Http2Outbox {
    private static final Http2Limits LIMITS = Http2Limits.DEFAULTS.withStreams(10_000);
    private static final Http2Scratch SCRATCH = new Http2Scratch(LIMITS.heads());

    private final ByteBuffer out = ByteBuffer.allocate(1024);
    private Http2Connection connection = connection();

    private Http2Connection connection() {
        return new Http2Connection(Http2Role.SERVER, LIMITS, SCRATCH, this, this, 0);
    }

    @Override
    public void accept(byte[] input) {
        connection = connection();
        connection.start(0);
        connection.receive(ByteBuffer.wrap(input), 0);
        connection.onTransportClosed();
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        connection.release(stream);
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {}

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {}

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {}

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {}

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {}

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        throw new AssertionError(violation);
    }

    @Override
    public ByteBuffer begin(int bytes) {
        return out.clear();
    }

    @Override
    public void end() {}
}
