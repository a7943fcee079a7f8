package dev.headgate.bench.load;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;

/** What the clients of one kind on one loop have in common. */
@LoopConfined
final class ClientKit {
    private static final SocketOptions SLOW_READER_OPTIONS =
            new SocketOptions(true, 0, 4 * 1024, 64 * 1024, 16 * 1024, 256 * 1024, 256 * 1024);

    final EventLoop loop;
    final LoadRequest request;
    final RequestWriter writer;
    final Examples examples;
    final BodyPattern pattern;
    final boolean isPerRequest;
    final boolean isContentVerified;
    final int method;
    final Http1Limits limits = Http1Limits.RESPONSE_DEFAULTS;
    final ResponseHeadDecoder decoder = new ResponseHeadDecoder(limits);
    final ResponseHead head = new ResponseHead(); // scratch: valid within one call
    final ByteBuffer nothing = ByteBuffer.allocate(0);
    private final LoadPlan plan;
    private final SourceAddresses sources;
    private long connectionsBegun;

    ClientKit(EventLoop loop, LoadPlan plan, Examples examples, BodyPattern pattern) {
        this.loop = loop;
        this.plan = plan;
        this.sources = new SourceAddresses(plan.sourceAddresses(), SocketOptions.DEFAULTS, loop.index());
        this.request = plan.request();
        this.writer = new RequestWriter(plan, pattern);
        this.examples = examples;
        this.pattern = pattern;
        this.isPerRequest = plan.connectionUse() == LoadPlan.ConnectionUse.PER_REQUEST;
        this.isContentVerified = request.isContentVerified();
        this.method = Method.idOf(request.method());
    }

    Connection connect(ConnectionHandler client, boolean isSlowReader) {
        connectionsBegun++;
        return loop.connect(plan.target(), isSlowReader ? SLOW_READER_OPTIONS : sources.takeNext(), client);
    }

    long connectionsBegun() {
        return connectionsBegun;
    }
}
