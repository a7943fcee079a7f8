package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.LoopContext;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request by HTTP/2, on a connection of its own (RFC 9113). */
@LoopConfined
final class Http2Conversation implements Conversation, Http2Listener {
    private static final int INTERIM_MAX = 8;

    private final LoopContext context;
    private final Http2Limits limits;
    private final RequestHead head;
    private final byte[] content;
    private final Http2RequestOptions options;
    private final StreamAnswer answer;

    private @Nullable FrameOutbox outbox; // from begin on
    private @Nullable Http2Connection http2; // likewise
    private @Nullable CheckResult outcome;
    private int interimCount;

    /** @param content of the request; empty for none */
    Http2Conversation(
            LoopContext context,
            Http2Limits limits,
            RequestHead head,
            byte[] content,
            Http2RequestOptions options,
            StreamAnswer answer) {
        this.context = context;
        this.limits = limits;
        this.head = head;
        this.content = content;
        this.options = options;
        this.answer = answer;
    }

    @Override
    public @Nullable CheckResult begin(Connection connection) {
        outbox = new FrameOutbox(connection, context.frameScratch());
        Http2Connection begun = new Http2Connection(
                Http2Role.CLIENT, limits, context.http2Scratch(limits.heads()), outbox, this, nowNs());
        http2 = begun;
        begun.start(nowNs());
        boolean hasContent = content.length > 0;
        Http2Stream stream = begun.request(head, options, -1, hasContent ? StreamEnd.OPEN : StreamEnd.END, nowNs());
        if (stream == null || hasContent && !begun.sendData(stream, ByteBuffer.wrap(content), StreamEnd.END)) {
            throw new IllegalStateException("no room for a request of our own");
        }
        return null;
    }

    @Override
    public @Nullable CheckResult onBytes(ByteBuffer bytes) {
        Http2Connection connection = connection();
        if (frames().isDrained()) {
            connection.onOutputDrained();
        }
        boolean isFine = connection.receive(bytes, nowNs());
        if (outcome == null && !isFine) {
            outcome = CheckResult.PROTOCOL_ERROR;
        }
        return outcome;
    }

    @Override
    public CheckResult onEnd() {
        return CheckResult.RESET;
    }

    @Override
    public void onWritable() {
        frames().onWritable();
        connection().onOutputDrained();
    }

    @Override
    public void close() {
        FrameOutbox begun = outbox;
        if (begun != null) {
            begun.close();
        }
    }

    // ---- what the origin's frames mean -----------------------------------------------------------------------------

    @Override
    public void onInterim(Http2Stream stream, ResponseHead interim) {
        if (++interimCount > INTERIM_MAX) {
            decide(CheckResult.PROTOCOL_ERROR);
        }
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead response, StreamEnd end) {
        if (end == StreamEnd.END && answer instanceof GrpcAnswer) {
            decide(GrpcAnswer.ofTrailersOnly(response));
            return;
        }
        decide(answer.onHead(response));
        if (end == StreamEnd.END) {
            decide(answer.onEnd(null));
        }
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer bytes) {
        int length = bytes.remaining();
        if (outcome == null) {
            decide(answer.onContent(bytes));
        }
        bytes.position(bytes.limit());
        connection().consumed(stream, length);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        if (outcome == null) {
            decide(answer.onEnd(trailers));
        }
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        decide(by == ResetBy.FAULT ? CheckResult.PROTOCOL_ERROR : CheckResult.RESET);
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {} // Our one request has been sent.

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        decide(CheckResult.PROTOCOL_ERROR);
    }

    private void decide(@Nullable CheckResult known) {
        if (outcome == null) {
            outcome = known;
        }
    }

    private long nowNs() {
        return context.loop().nowNs();
    }

    private FrameOutbox frames() {
        FrameOutbox begun = outbox;
        assert begun != null;
        return begun;
    }

    private Http2Connection connection() {
        Http2Connection begun = http2;
        assert begun != null;
        return begun;
    }
}
