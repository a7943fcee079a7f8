package dev.headgate.bench.parts;

import dev.headgate.http.websocket.FrameBoundaries;
import dev.headgate.testkit.WebSocketFrames;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does it take per frame to know where WebSocket frames end, however long they are, beside looking at each of their bytes? */
@State(Scope.Thread)
public class FrameBoundariesBench {
    private static final int FRAMES = 100;

    private final FrameBoundaries frames = new FrameBoundaries();
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    @Param({"1", "125", "1000", "16000"})
    public int payloadBytes;

    @Setup
    public void setUp() {
        byte[] frame = WebSocketFrames.frame(WebSocketFrames.TEXT, true, payloadBytes);
        bytes = ByteBuffer.allocateDirect(FRAMES * frame.length);
        while (bytes.hasRemaining()) {
            bytes.put(frame);
        }
        bytes.flip();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public boolean headgate() {
        frames.pass(bytes);
        return frames.isAtBoundary();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public boolean byteByByte() {
        int end = bytes.limit();
        for (int i = 0; i < end; i++) {
            frames.pass(bytes.limit(i + 1).position(i));
        }
        bytes.position(0);
        return frames.isAtBoundary();
    }
}
