package dev.headgate.downstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.ObjectStack;

/** What the server sessions of one loop share: the list of them, who reads and writes for those of HTTP/1.1, and objects that they use again. */
@LoopConfined
@HotPath
public final class ServerLoop {
    private final LoopContext context;
    private final Http1RequestReader requests = new Http1RequestReader();
    private final Http1ResponseWriter responses;
    private final SessionList sessions = new SessionList();
    private final ObjectStack<RequestBody> requestBodies = new ObjectStack<>(RequestBody::new);
    private final ObjectStack<Http2ServerStream> streams = new ObjectStack<>(() -> new Http2ServerStream(this));

    public ServerLoop(LoopContext context) {
        this.context = context;
        this.responses = new Http1ResponseWriter(context);
    }

    public LoopContext context() {
        return context;
    }

    Http1RequestReader requests() {
        return requests;
    }

    Http1ResponseWriter responses() {
        return responses;
    }

    SessionList sessions() {
        return sessions;
    }

    /** Has every session take no further request, once the {@linkplain LoopContext#isStopping context says so}; idle ones close. */
    public void drain() {
        sessions.drain();
    }

    /** The loop is about to stop: exchanges that are still going on are broken off so that their clients see it. */
    public void cutOff() {
        sessions.cutOff();
    }

    RequestBody takeRequestBody() {
        return requestBodies.take();
    }

    void giveRequestBody(RequestBody body) {
        requestBodies.give(body);
    }

    Http2ServerStream takeStream() {
        return streams.take();
    }

    void giveStream(Http2ServerStream stream) {
        streams.give(stream);
    }
}
