package dev.headgate.exchange;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.Pending;
import dev.headgate.upstream.PendingQueue;
import dev.headgate.upstream.UpstreamNode;
import dev.headgate.upstream.UpstreamPool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One try of an exchange at one endpoint: the way to a connection, what its upstream session reports, and what it counts as.
 * <pre>{@code
 *  IDLE ──placed──> CONNECTING ──ready──> SENT ──head──> (the exchange's) ──> IDLE
 *                        └──failed, cancelled───┴──────────────────────────────^
 * }</pre>
 * Its stream is there until it is over. Reports after that are none of its: a stream that was cancelled tells nothing. Used again by its
 * exchange.
 */
@LoopConfined
@HotPath
public final class Attempt implements Pending.Attempts {
    private static final int OK = 200;

    private final Attempts of;
    private final Exchange exchange;
    private final LoopContext context;
    private final Pending pending = new Pending(this);
    private @Nullable EndpointNode endpoint; // of the last try, until the exchange forgets it
    private @Nullable UpstreamStream stream;
    private boolean isOnIdle; // the stream is one of a connection that was open already
    private boolean isOutcomeDue; // what a call has come to shows in its trailers
    private int number; // among the attempts of its exchange, from 1
    private int headBytesSent; // 0: the head is not sent
    private int interimCount;
    private long startedNs;
    private long requestSentNs;

    Attempt(Attempts of, Exchange exchange, LoopContext context) {
        this.of = of;
        this.exchange = exchange;
        this.context = context;
    }

    // ---- from the upstream session ---------------------------------------------------------------------------------

    /** The connection is open, and the request goes by {@code ready}, whatever was waited by. */
    public void onUpstreamReady(UpstreamStream ready) {
        stream = ready;
        of.onReady(this);
    }

    /** The attempt waits for {@code moved} to be open, in place of what it has waited by. */
    public void onUpstreamMoved(UpstreamStream moved) {
        stream = moved;
        of.onMoved(this);
    }

    /** The origin takes bytes again. */
    public void onUpstreamWritable() {
        of.onWritable(this);
    }

    /** The attempt has failed. */
    public void onUpstreamFailed(FailureKind kind) {
        of.onFailed(this, kind);
    }

    /** An interim response (RFC 9110 §15.2). {@code head} is lent and may be edited in place. */
    public void onInterim(ResponseHead head) {
        of.onInterim(this, head);
    }

    /**
     * The origin grants the WebSocket that it was asked for by an extended CONNECT (RFC 8441 §5), without a proof of which HTTP/2 has no need.
     * {@code head} is lent and may be edited in place.
     */
    public void onWebSocketGranted(ResponseHead head) {
        exchange.onWebSocketGranted(head);
    }

    /** The head of the final response. {@code head} is lent and may be edited in place. */
    public void onResponseHead(ResponseHead head) {
        of.onResponseHead(this, head);
    }

    /** Content of the response, without framing; all bytes are taken. */
    public void onResponseBody(ByteBuffer bytes) {
        exchange.onResponseBody(bytes);
    }

    /** The response is complete. The upstream session has let go of this attempt before the call. */
    public void onResponseEnd(@Nullable FieldSection trailers) {
        exchange.onResponseEnd(trailers);
    }

    /** Whether it asks for a WebSocket: over HTTP/1.1 that takes a whole connection, and over HTTP/2 an origin that offers it. */
    public boolean asksForWebSocket() {
        return exchange.asksForWebSocket();
    }

    /** Whether an origin has required that it go by HTTP/1.1 (RFC 9113 §7). */
    public boolean isForHttp1() {
        return of.isForHttp1();
    }

    /** The connection by which its client, or a proxy before this one, has sent the request. */
    public Connection clientConnection() {
        return exchange.client().connection();
    }

    /** The address at the other end of that connection. */
    public PeerAddress peer() {
        return exchange.client().peer();
    }

    /** The address of its client, which is not the peer's where trusted proxies tell of another; not to be kept. */
    public IpAddress clientAddress() {
        return exchange.identity().client();
    }

    /** Whether the client speaks HTTP/2, which tells the end of a message by itself. */
    public boolean isByHttp2() {
        return exchange.isByHttp2();
    }

    /** Whether trailers are taken (RFC 9110 §10.1.4): by the client, or by who translates for it, as the gRPC protocol demands. */
    public boolean takesTrailers() {
        return exchange.takesTrailers();
    }

    // ---- the way to an endpoint ------------------------------------------------------------------------------------

    /** Begins at {@code wanted}, or at another endpoint that has room, or waits for one, or is refused. */
    void place(UpstreamNode upstream, EndpointNode wanted) {
        upstream.queue(context.index()).place(pending, wanted);
    }

    /** Begins at {@code wanted}, or at another endpoint that has room at once; false when there is none. */
    boolean tryPlace(UpstreamNode upstream, EndpointNode wanted) {
        return upstream.queue(context.index()).tryPlace(pending, wanted);
    }

    private PendingQueue queue() {
        return of.upstream().queue(context.index());
    }

    boolean isWaitingForRoom() {
        return pending.isWaiting();
    }

    /** Waits for no room any more. */
    void leaveQueue() {
        if (pending.isWaiting()) {
            queue().leave(pending);
        }
    }

    @Override
    public int subset() {
        return of.subset();
    }

    @Override
    public long key() {
        return of.key();
    }

    @Override
    public EndpointSet tried() {
        return of.tried();
    }

    @Override
    public boolean isRefusedBy(EndpointNode asked) {
        return of.isRefusedBy(asked);
    }

    @Override
    public boolean tryConnect(EndpointNode candidate) {
        UpstreamPool pool = candidate.pool(context.index());
        UpstreamStream idle = pool.takeIdle(this);
        isOnIdle = idle != null;
        stream = idle != null ? idle : pool.open(this);
        return stream != null || !pool.isFull();
    }

    @Override
    public void onPending(long timeoutNs) {
        of.onPending(timeoutNs);
    }

    @Override
    public void onRefused(Cause cause) {
        of.onRefused(cause);
    }

    @Override
    public void onPlaced(EndpointNode chosen) {
        endpoint = chosen;
        startedNs = context.loop().nowNs();
        requestSentNs = 0;
        headBytesSent = 0;
        interimCount = 0;
        number = exchange.record().attempt();
        chosen.onAttemptStarted(context.index(), startedNs);
        chosen.metrics().onAttemptStarted(context.index());
        of.onPlaced(this);
    }

    // ---- what it is ------------------------------------------------------------------------------------------------

    /** Whether it has a connection, or a place where one is being opened. */
    boolean isUnderWay() {
        return stream != null;
    }

    /** Whether its connection was open already when it began. */
    boolean isOnIdle() {
        return isOnIdle;
    }

    /** Which attempt of its exchange it is, from 1. */
    int number() {
        return number;
    }

    /** Whether the head of the request has gone out. */
    boolean isSent() {
        return headBytesSent > 0;
    }

    UpstreamStream stream() {
        UpstreamStream current = stream;
        assert current != null;
        return current;
    }

    @Nullable
    UpstreamStream streamOrNull() {
        return stream;
    }

    EndpointNode endpoint() {
        EndpointNode current = endpoint;
        assert current != null;
        return current;
    }

    @Nullable
    EndpointNode endpointOrNull() {
        return endpoint;
    }

    long startedNs() {
        return startedNs;
    }

    /** When the head of the request was sent; 0 when it was not. */
    long requestSentNs() {
        return requestSentNs;
    }

    int headBytesSent() {
        return headBytesSent;
    }

    /** How old it is. */
    long ageNs() {
        return Math.max(0, context.loop().nowNs() - startedNs);
    }

    /** Counts one more interim response; true when that is one too many. */
    boolean isFloodedByInterim() {
        return ++interimCount > of.upstream().config().limits().interim();
    }

    void headSent(int bytes) {
        headBytesSent = bytes;
        requestSentNs = context.loop().clockNs();
    }

    // ---- what it comes to ------------------------------------------------------------------------------------------

    /** The head of the final response is here, or what grants a WebSocket. */
    void onHead(int status) {
        onHeadSeen(status);
        of.upstream().onOutcome(endpoint(), EndpointNode.outcomeOf(status));
    }

    private void onHeadSeen(int status) {
        long nowNs = context.loop().nowNs();
        long latencyNs = ageNs();
        endpoint().onResponseHead(context.index(), status, latencyNs, nowNs);
        boolean isFailure = EndpointNode.outcomeOf(status) != Outcome.SUCCESS;
        queue().onAnswer(pending, isFailure, latencyNs);
    }

    /** The same of a call, whose status may be in its trailers. */
    void onHeadOfCall(int status, int grpcStatus) {
        isOutcomeDue = status == OK && grpcStatus < 0;
        if (isOutcomeDue) {
            onHeadSeen(status);
        } else {
            onHead(Grpc.isServerFault(grpcStatus) ? Grpc.httpStatusOf(grpcStatus) : status);
        }
    }

    /** What a call has come to, by what is behind its messages. */
    private void onCallEnded(@Nullable FieldSection trailers) {
        isOutcomeDue = false;
        int status = trailers == null ? -1 : Grpc.statusIn(trailers);
        if (!Grpc.isServerFault(status)) {
            of.upstream().onOutcome(endpoint(), Outcome.SUCCESS);
            return;
        }
        endpoint().onErrorTrailers(context.index(), ageNs(), context.loop().nowNs());
        of.upstream().onOutcome(endpoint(), EndpointNode.outcomeOf(Grpc.httpStatusOf(status)));
    }

    /** The response is complete, and the upstream session has let go already. */
    void ended(@Nullable FieldSection trailers) {
        stream = null;
        if (isOutcomeDue) {
            onCallEnded(trailers);
        }
        countEnd();
    }

    /** What is left of the response is not wanted. */
    void discard() {
        UpstreamStream dropped = stream();
        stream = null;
        isOutcomeDue = false;
        dropped.discard();
        context.accounting().answerDropped(of.upstream());
        countEnd();
    }

    private void countEnd() {
        long durationNs = ageNs();
        endpoint().onAttemptEnded(context.index(), durationNs);
        context.accounting().attemptEnded(exchange, endpoint(), headBytesSent, durationNs);
    }

    /** It has come to nothing; its stream is given up. */
    void failed(FailureKind kind) {
        cancelStream();
        long durationNs = ageNs();
        endpoint()
                .onAttemptFailed(
                        context.index(), kind, durationNs, context.loop().nowNs());
        of.upstream().onFailure(endpoint(), kind);
        queue().onFailure(pending, kind);
        context.accounting().attemptEnded(exchange, endpoint(), headBytesSent, durationNs);
    }

    /** Another attempt of the same request was faster: that says nothing of this endpoint but that it would have taken longer. */
    void lost() {
        cancelStream();
        long durationNs = ageNs();
        boolean isSlow = durationNs >= exchange.route().hedgeAfterNs();
        endpoint()
                .onAttemptLost(
                        context.index(), durationNs, isSlow, context.loop().nowNs());
        queue().onLost(pending, durationNs);
        context.accounting().attemptLost(exchange, endpoint(), headBytesSent, durationNs);
    }

    private void cancelStream() {
        UpstreamStream dropped = stream;
        stream = null;
        isOutcomeDue = false;
        if (dropped != null) {
            dropped.cancel();
        }
    }

    /** The stream has become the end of a tunnel. */
    TunnelEnd becomeTunnel() {
        TunnelEnd end = stream().becomeTunnel();
        stream = null;
        return end;
    }

    void forget() {
        stream = null;
        endpoint = null;
        isOutcomeDue = false;
    }
}
