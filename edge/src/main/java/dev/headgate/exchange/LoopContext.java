package dev.headgate.exchange;

import dev.headgate.engine.Connection;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameScratch;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.ChunkEncoder;
import dev.headgate.http.h1.ChunkPieces;
import dev.headgate.http.h2.Http2HeadLimits;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.websocket.WebSocketHandshake;
import dev.headgate.listener.PrefixLimiter;
import dev.headgate.tunnel.TunnelList;
import dev.headgate.tunnel.WebSockets;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy keeps per event loop: scratch buffers, objects to be used again, and the parts that do the
 * work of the exchange's phases. Scratch is valid within one call from the engine and never held across one.
 */
@LoopConfined
@HotPath
public final class LoopContext {
    private final EventLoop loop;
    private final int index;
    private final ByteBuffer headScratch;
    private final ByteBuffer responseStore;
    private final ChunkPieces chunk = new ChunkPieces();

    private final ObjectStack<Exchange> exchanges = new ObjectStack<>(() -> new Exchange(this));
    private final ObjectStack<RequestHead> requestHeads = new ObjectStack<>(RequestHead::new);
    private final ObjectStack<ResponseHead> responseHeads = new ObjectStack<>(ResponseHead::new);
    private final Map<Http2HeadLimits, Http2Scratch> http2Scratches = new HashMap<>();
    private @Nullable FrameScratch frameScratch; // made for the first connection with HTTP/2

    private final TunnelList tunnels = new TunnelList();
    private final WebSockets webSockets = new WebSockets(this);
    private final WebSocketHandshake handshake = new WebSocketHandshake();
    private final RequestPhase requestPhase;
    private final ResponsePhase responsePhase;
    private final Responder responder;
    private final Accounting accounting;
    private final PrefixLimiter prefixes;
    private final @Nullable ReplayFiles replayFiles;
    private boolean stopping;

    /**
     * @param headBytesMax the largest head, additions included, that any listener or upstream lets through
     * @param replayFiles null when no upstream has any
     */
    public LoopContext(
            EventLoop loop,
            ExchangeRules rules,
            PrefixLimiter prefixes,
            int headBytesMax,
            Accounting accounting,
            @Nullable ReplayFiles replayFiles) {
        this.loop = loop;
        this.index = loop.index();
        this.headScratch = ByteBuffer.allocateDirect(headBytesMax);
        this.responseStore = ByteBuffer.allocateDirect(headBytesMax);
        this.prefixes = prefixes;
        this.requestPhase = new RequestPhase(this, rules);
        this.responsePhase = new ResponsePhase(this, rules);
        this.responder = new Responder(this);
        this.accounting = accounting;
        this.replayFiles = replayFiles;
    }

    public EventLoop loop() {
        return loop;
    }

    public int index() {
        return index;
    }

    public TunnelList tunnels() {
        return tunnels;
    }

    /** Tunnels that exchanges have become. */
    public WebSockets webSockets() {
        return webSockets;
    }

    WebSocketHandshake handshake() {
        return handshake;
    }

    /** Counts connections by client prefix, for all loops. */
    public PrefixLimiter prefixes() {
        return prefixes;
    }

    /** Whether the proxy takes no further requests on open connections. */
    public boolean isStopping() {
        return stopping;
    }

    /**
     * Takes no further requests. Tunnels go on, but for WebSockets, which are closed one after the other.
     *
     * @param drainNs how long what is open may go on
     * @param webSocketIntervalNs from one WebSocket to the next; 0: such that they are spread over the time
     */
    public void stop(long drainNs, long webSocketIntervalNs) {
        stopping = true;
        tunnels.drain();
        webSockets.drain(drainNs, webSocketIntervalNs);
    }

    /** The loop is about to stop: tunnels that are still going on are broken off so that their peers see it. */
    public void cutOff() {
        tunnels.cutOff();
        webSockets.cutOff();
    }

    // ---- scratch ---------------------------------------------------------------------------------------------------

    /** An empty buffer to encode one head into. */
    public ByteBuffer headScratch() {
        return headScratch.clear();
    }

    /** Where the bytes of the response head being handled lie, additions included. */
    public ByteBuffer responseStore() {
        return responseStore.clear();
    }

    /** Writes {@code bytes} as one chunk (RFC 9112 §7.1). */
    public boolean writeChunk(Connection connection, ByteBuffer bytes) {
        return connection.write(chunk.of(bytes), ChunkPieces.COUNT);
    }

    /** Writes the last chunk and the trailer section. */
    public boolean writeLastChunk(Connection connection, @Nullable FieldSection trailers) {
        ByteBuffer out = headScratch();
        boolean written = trailers != null && ChunkEncoder.lastWithTrailers(out, trailers);
        if (!written) {
            ChunkEncoder.last(out.clear());
        }
        return connection.write(out.flip());
    }

    /** What the outboxes of connections with HTTP/2 share. */
    public FrameScratch frameScratch() {
        FrameScratch scratch = frameScratch;
        if (scratch == null) {
            scratch = new FrameScratch(headScratch);
            frameScratch = scratch;
        }
        return scratch;
    }

    /** What connections of HTTP/2 with these limits share. */
    public Http2Scratch http2Scratch(Http2HeadLimits limits) {
        return http2Scratches.computeIfAbsent(limits, Http2Scratch::new);
    }

    // ---- objects to be used again ----------------------------------------------------------------------------------

    public Exchange takeExchange() {
        return exchanges.take();
    }

    void give(Exchange ended) {
        exchanges.give(ended);
    }

    public RequestHead takeRequestHead() {
        return requestHeads.take();
    }

    public void giveRequestHead(RequestHead head) {
        head.clear();
        requestHeads.give(head);
    }

    public ResponseHead takeResponseHead() {
        return responseHeads.take();
    }

    public void giveResponseHead(ResponseHead head) {
        head.clear();
        responseHeads.give(head);
    }

    /** A file for content of a request to {@code upstream}; null when there are as many as there may be. */
    @Nullable
    ReplayFile openReplayFile(UpstreamNode upstream, ReplayFile.Owner owner) {
        ReplayFiles files = replayFiles;
        assert files != null;
        return ReplayFile.open(
                files, loop, upstream.replayFolder(), upstream.name(), upstream.replayFileBytesMax(), owner);
    }

    // ---- phases ----------------------------------------------------------------------------------------------------

    public RequestPhase requestPhase() {
        return requestPhase;
    }

    ResponsePhase responsePhase() {
        return responsePhase;
    }

    Responder responder() {
        return responder;
    }

    public Accounting accounting() {
        return accounting;
    }
}
