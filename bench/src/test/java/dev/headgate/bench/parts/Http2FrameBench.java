package dev.headgate.bench.parts;

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
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long do DATA frames of an upload take to pass a server's machine, window updates included, beside a look at each length? */
@State(Scope.Thread)
public class Http2FrameBench {
    private static final int FRAMES = 16;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final byte[] POST = {
        0, 0, 7, 1, 4, 0, 0, 0, 1, (byte) 0x83, (byte) 0x84, (byte) 0x86, 0x01, 2, 'a', 'b'
    };

    @Param({"300", "16384"})
    private int payloadBytes = 16_384;

    private ByteBuffer frames = ByteBuffer.allocate(0);
    private Server server = new Server();

    @Setup
    public void setUp() {
        server = new Server();
        server.connection.start(0);
        ByteBuffer hello = ByteBuffer.allocate(100)
                .put(PREFACE.getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0})
                .put(POST);
        server.connection.receive(hello.flip(), 0);
        frames = ByteBuffer.allocateDirect(FRAMES * (9 + payloadBytes));
        for (int i = 0; i < FRAMES; i++) {
            frames.putInt(payloadBytes << 8).put((byte) 0).putInt(1);
            frames.position(frames.position() + payloadBytes);
        }
        if (machine() != (long) FRAMES * payloadBytes || lengths() != (long) FRAMES * payloadBytes) {
            throw new IllegalStateException("content is missing: " + server.connection.violation());
        }
    }

    @Benchmark
    public long machine() {
        long before = server.receivedBytes;
        server.connection.receive(frames.clear(), 0);
        server.connection.onOutputDrained();
        return server.receivedBytes - before;
    }

    @Benchmark
    public long lengths() {
        long bytes = 0;
        for (int at = 0; at < frames.capacity(); ) {
            int length = frames.getInt(at) >>> 8;
            bytes += length;
            at += 9 + length;
        }
        return bytes;
    }

    /** Consumes at once, and throws away what it is made to say. */
    private static final class Server implements Http2Listener, Http2Outbox {
        private final ByteBuffer out = ByteBuffer.allocateDirect(1024);
        private final Http2Connection connection = new Http2Connection(
                Http2Role.SERVER, Http2Limits.DEFAULTS, new Http2Scratch(Http2Limits.DEFAULTS.heads()), this, this, 0);
        private long receivedBytes;

        @Override
        public ByteBuffer begin(int bytes) {
            return out.clear();
        }

        @Override
        public void end() {}

        @Override
        public void onData(Http2Stream stream, ByteBuffer bytes) {
            receivedBytes += bytes.remaining();
            connection.consumed(stream, bytes.remaining());
        }

        @Override
        public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {}

        @Override
        public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {}

        @Override
        public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {}

        @Override
        public void onReset(Http2Stream stream, int errorCode, ResetBy by) {}

        @Override
        public void onGoAway(int lastStreamId, int errorCode) {}

        @Override
        public void onViolation(Http2Violation violation, int streamId) {}
    }
}
