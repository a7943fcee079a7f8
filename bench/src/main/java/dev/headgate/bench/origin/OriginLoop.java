package dev.headgate.bench.origin;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameScratch;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2Scratch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the sessions of one loop share, and their counters. */
@HotPath
@LoopConfined
final class OriginLoop {
    private static final VarHandle COUNTERS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CONNECTIONS = 0;
    private static final int REQUESTS = 1;
    private static final int RECEIVED_BYTES = 2;

    final EventLoop loop;
    final List<OriginLoop> all;
    final Http1Limits limits = Http1Limits.DEFAULTS;
    final RequestHeadDecoder decoder = new RequestHeadDecoder(limits);
    final RequestHead head = new RequestHead(); // scratch: valid within one call
    final OriginTarget target = new OriginTarget(); // likewise
    final BodyPattern pattern = new BodyPattern();
    final OriginFields fields;
    final ResponseWriter writer;
    final Http2Scratch http2Scratch = new Http2Scratch(Http2OriginSession.LIMITS.heads());
    final FrameScratch frames = new FrameScratch(ByteBuffer.allocateDirect(Http2Outbox.FRAME_BYTES_MIN));
    final ByteBuffer frame = ByteBuffer.allocateDirect(2 + OriginWebSocket.PAYLOAD_BYTES_MAX); // scratch
    final OriginUpgrades upgrades = new OriginUpgrades();
    final OriginWebSocket webSocket = new OriginWebSocket(this); // keeps nothing of its connections
    private @Nullable OriginStream unusedStreams; // a chain; as many as there were at a time

    // Written by the loop, opaque; read by any, which may lag.
    private final long[] counters = new long[3];
    private long faultTurns;

    OriginLoop(EventLoop loop, List<OriginLoop> all) {
        this.loop = loop;
        this.all = all;
        this.fields = new OriginFields(loop);
        this.writer = new ResponseWriter(fields, pattern);
    }

    ConnectionHandler accept() {
        add(CONNECTIONS, 1);
        return new OriginChoice(this);
    }

    OriginStream takeStream() {
        OriginStream stream = unusedStreams;
        if (stream == null) {
            return new OriginStream();
        }
        unusedStreams = stream.next;
        stream.next = null;
        return stream;
    }

    void giveStream(OriginStream stream) {
        stream.next = unusedStreams;
        unusedStreams = stream;
    }

    void onRequest() {
        add(REQUESTS, 1);
    }

    void onReceived(long bytes) {
        add(RECEIVED_BYTES, bytes);
    }

    private void add(int counter, long count) {
        COUNTERS.setOpaque(counters, counter, counters[counter] + count);
    }

    /** Whether it is the turn of a fault that comes once in {@code n} times. */
    boolean isFaultsTurn(int n) {
        return ++faultTurns % n == 0;
    }

    private long counter(int counter) {
        return (long) COUNTERS.getOpaque(counters, counter);
    }

    /** The counters of all loops, as JSON. */
    String statsText() {
        FastOrigin.Stats stats = stats(all);
        return "{\"connections\":" + stats.connections() + ",\"requests\":" + stats.requests() + ",\"receivedBytes\":"
                + stats.receivedBytes() + "}\n";
    }

    static FastOrigin.Stats stats(List<OriginLoop> loops) {
        long connections = 0;
        long requests = 0;
        long receivedBytes = 0;
        for (OriginLoop loop : loops) {
            connections += loop.counter(CONNECTIONS);
            requests += loop.counter(REQUESTS);
            receivedBytes += loop.counter(RECEIVED_BYTES);
        }
        return new FastOrigin.Stats(connections, requests, receivedBytes);
    }
}
