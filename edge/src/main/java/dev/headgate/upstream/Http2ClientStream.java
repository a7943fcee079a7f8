package dev.headgate.upstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.Failure;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.TlsFault;
import dev.headgate.exchange.TunnelEnd;
import dev.headgate.exchange.UpstreamStream;
import dev.headgate.frames.HeldBytes;
import dev.headgate.frames.HeldTrailers;
import dev.headgate.frames.StreamConnection;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a connection that carries others too.
 * <pre>{@code
 *  RESERVED ──head sent──> SERVING ──the whole response is passed on────────> IDLE, for another request
 *      │                    │ │ └──it is here, its client is slow──> ENDING ──^
 *      │                    │ └──a WebSocket is granted──> TUNNELLED ─────────^
 *      └──given up──────────┴──failed, TUNNELLED too──> FAILED ──it is known──^
 * }</pre>
 * Content passes while the client keeps up. Otherwise it is held, within the stream's window, whose credit then stays here. Objects are used
 * again; the generation tells whether one still serves the same exchange.
 */
@LoopConfined
@HotPath
final class Http2ClientStream implements UpstreamStream, StreamConnection.Carrier, Runnable {
    private enum State {
        IDLE,
        RESERVED,
        SERVING,
        ENDING,
        TUNNELLED,
        FAILED
    }

    private static final int PIECE_BYTES_MAX = 64 << 10;

    /** Link of a list: of those to be used again, or of failed ones. */
    @Nullable
    Http2ClientStream next;

    private final Http2RequestContent content = new Http2RequestContent();
    private final HeldBytes held = new HeldBytes();
    private @Nullable HeldTrailers trailers; // made at the first need

    private State state = State.IDLE;
    private int generation;
    private @Nullable Http2ClientSession session;
    private @Nullable Attempt attempt;
    private @Nullable StreamConnection tunnel; // once a WebSocket was granted
    private @Nullable Http2Stream stream; // while the connection knows it
    private byte requestMethod; // a number of Method, of which there are few
    private boolean isConnect; // an extended one, which asks for a tunnel
    private boolean reused;
    private Failure.Sent sent = Failure.Sent.NOTHING;
    private long sentBytesBefore; // by the connection
    private boolean isHeadSeen;
    private boolean endsApart;
    private boolean isPaused;
    private int owedBytes; // passed on, and their credit kept back
    private boolean isResumeDue;
    private @Nullable FailureKind failure;
    private @Nullable TlsFault tlsFault;
    private @Nullable String violation;

    Http2ClientStream() {}

    /** Is to carry the request of {@code next}. */
    void reserve(Http2ClientSession on, Attempt taker, boolean isReused) {
        assert state == State.IDLE;
        state = State.RESERVED;
        session = on;
        attempt = taker;
        reused = isReused;
    }

    // ---- the exchange's calls --------------------------------------------------------------------------------------

    @Override
    public boolean endsApart() {
        return endsApart;
    }

    @Override
    public int sendHead(RequestHead head, byte @Nullable [] authority, BodyKind bodyKind, long contentLength) {
        Http2ClientLink on = link();
        isConnect = head.isWebSocket();
        boolean trailersMayFollow = head.version() == HttpVersion.HTTP_2 && bodyKind != BodyKind.NONE;
        boolean isLengthKnown = bodyKind == BodyKind.LENGTH;
        boolean isWhole = bodyKind == BodyKind.NONE || isLengthKnown && contentLength == 0 && !trailersMayFollow;
        StreamEnd end = isWhole && !isConnect ? StreamEnd.END : StreamEnd.OPEN;
        Http2RequestOptions options = isConnect
                ? on.webSocketOptions(authority != null)
                : on.options(authority != null, serving().takesTrailers());
        long putBefore = on.putBytes();
        sentBytesBefore = on.sentBytes();
        Http2Stream opened = on.request(head, options, lengthToSend(head, bodyKind, contentLength), end);
        if (opened == null) {
            return -1;
        }
        opened.attach(this);
        requestMethod = (byte) head.method();
        stream = opened;
        state = State.SERVING;
        sent = Failure.Sent.REQUEST_BYTES;
        content.start(isLengthKnown && !trailersMayFollow ? contentLength : -1);
        return (int) (on.putBytes() - putBefore);
    }

    /** Methods that usually have content say so when they have none (RFC 9110 §8.6). */
    private static long lengthToSend(RequestHead head, BodyKind kind, long contentLength) {
        if (kind == BodyKind.LENGTH) {
            return contentLength;
        }
        int method = head.method();
        boolean usuallyHasContent = method == Method.POST || method == Method.PUT || method == Method.PATCH;
        return kind == BodyKind.NONE && usuallyHasContent ? 0 : -1;
    }

    @Override
    public boolean sendBody(ByteBuffer bytes) {
        Http2Stream to = stream;
        if (to == null || !to.canSend()) {
            bytes.position(bytes.limit()); // The origin wants no more of it.
            return true;
        }
        if (!content.send(link(), to, bytes, link().buffers())) {
            onOutOfMemory();
            return true;
        }
        if (content.isWaiting()) {
            link().awaitTurn(to);
            return false;
        }
        return true;
    }

    @Override
    public void endWithNext() {
        content.endWithNext();
    }

    @Override
    public void sendEnd(@Nullable FieldSection section) {
        if (!isConnect) { // Otherwise what follows is the tunnel's, if it is granted.
            end(section);
        }
    }

    private void end(@Nullable FieldSection section) {
        Http2Stream to = stream;
        if (to != null && to.canSend() && !content.end(link(), to, section, link().buffers())) {
            onOutOfMemory();
        }
    }

    @Override
    public void pauseResponse() {
        isPaused = true;
    }

    @Override
    public void resumeResponse() {
        isPaused = false;
        Http2Stream from = stream;
        int owed = owedBytes;
        owedBytes = 0;
        if (from != null && owed > 0) {
            link().consumed(from, owed);
        }
        if (!held.isEmpty() && !isResumeDue) {
            isResumeDue = true;
            link().defer(this); // The exchange may be in the middle of another call.
        }
    }

    @Override
    public void cancel() {
        if (state == State.FAILED) {
            attempt = null; // Whoever has it fail lets it go.
        } else if (state != State.IDLE) {
            release();
        }
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public Failure.Sent sent() {
        return sent;
    }

    @Override
    public boolean isHandshaking() {
        return false;
    }

    @Override
    public @Nullable TlsFault tlsFault() {
        return tlsFault;
    }

    @Override
    public @Nullable String violation() {
        return violation;
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    /** The stream can send of what waits. Returns false when it cannot after all. */
    boolean onTurn(Http2Stream to) {
        if (!content.sendHeld(link(), to)) {
            return false;
        }
        if (!content.isWaiting()) {
            link().endTurns(to);
            onAllSent();
        }
        return true;
    }

    private void onAllSent() {
        if (tunnel != null) {
            tunnel.onSent();
        } else {
            serving().onUpstreamWritable();
        }
    }

    void onInterim(ResponseHead head) {
        sent = Failure.Sent.RESPONSE_BYTES;
        head.retain(link().responseStore());
        serving().onInterim(head);
    }

    void onResponse(ResponseHead head, StreamEnd end) {
        sent = Failure.Sent.RESPONSE_BYTES;
        isHeadSeen = true;
        if (isConnect && head.status() / 100 == 2) {
            onGranted(head, end);
            return;
        }
        if (isConnect) {
            end(null); // The request was not to end before this was known.
        }
        endsApart = end != StreamEnd.END;
        boolean isWhole = end == StreamEnd.END;
        if (isWhole) {
            frameEmpty(head);
        }
        head.retain(link().responseStore());
        int before = generation;
        serving().onResponseHead(head);
        if (isWhole && before == generation && state == State.SERVING) {
            complete(null);
        }
    }

    private void onGranted(ResponseHead head, StreamEnd end) {
        head.retain(link().responseStore());
        serving().onWebSocketGranted(head);
        if (tunnel != null && end == StreamEnd.END) {
            tunnel.onEnd();
        }
    }

    /**
     * The response ends with its head. So it does towards HTTP/2 too, where a gRPC client takes nothing else for a call that has failed;
     * over HTTP/1.1 the end of the message must not be that of the connection.
     */
    private void frameEmpty(ResponseHead head) {
        boolean mayHaveContent = requestMethod != Method.HEAD && head.status() != 204 && head.status() != 304;
        if (serving().isByHttp2()) {
            head.framing(BodyKind.NONE, head.contentLength());
        } else if (mayHaveContent) {
            head.framing(BodyKind.LENGTH, 0);
        }
    }

    void onData(Http2Stream from, ByteBuffer bytes) {
        if (tunnel != null) {
            tunnel.onData(bytes);
            return;
        }
        int length = bytes.remaining();
        if (isPaused || !held.isEmpty()) {
            hold(from, bytes, length);
            return;
        }
        int before = generation;
        serving().onResponseBody(bytes);
        if (before != generation || stream == null) {
            return; // Given up in the call, which has given the credit back.
        }
        if (isPaused) {
            owedBytes += length;
            link().buffered(from, length);
        } else {
            link().consumed(from, length);
        }
    }

    private void hold(Http2Stream from, ByteBuffer bytes, int length) {
        if (held.append(link().buffers(), bytes)) {
            link().buffered(from, length);
        } else {
            onOutOfMemory();
        }
    }

    void onEnd(@Nullable FieldSection section) {
        if (tunnel != null) {
            tunnel.onEnd();
            return;
        }
        if (held.isEmpty()) {
            complete(section);
            return;
        }
        if (section != null && section.presentMask() != 0 && !holder().hold(link().buffers(), section)) {
            onOutOfMemory();
            return;
        }
        state = State.ENDING;
    }

    private HeldTrailers holder() {
        HeldTrailers holder = trailers;
        if (holder == null) {
            holder = new HeldTrailers();
            trailers = holder;
        }
        return holder;
    }

    /** What was held is wanted again. */
    @Override
    public void run() {
        isResumeDue = false;
        int before = generation;
        while (!isPaused && !held.isEmpty()) {
            ByteBuffer piece = held.first(PIECE_BYTES_MAX);
            int length = piece.remaining();
            serving().onResponseBody(piece);
            if (before != generation || state == State.FAILED) {
                return; // Given up in the call, and what was held with it.
            }
            held.taken();
            credit(length);
        }
        if (state == State.ENDING && held.isEmpty()) {
            complete(trailers == null ? null : trailers.section());
        }
    }

    private void credit(int length) {
        Http2Stream from = stream;
        if (from == null) {
            return;
        }
        if (isPaused) {
            owedBytes += length;
        } else {
            link().consumed(from, length);
        }
    }

    private void complete(@Nullable FieldSection section) {
        Attempt ended = serving();
        HeldTrailers heldTrailers = trailers;
        trailers = null; // The object may serve another exchange before this one has seen them.
        release();
        ended.onResponseEnd(section);
        if (heldTrailers != null) {
            heldTrailers.clear();
        }
    }

    // ---- as one side of a tunnel
    // -------------------------------------------------------------------------------------

    @Override
    public TunnelEnd becomeTunnel() {
        StreamConnection made = new StreamConnection(this, held, false);
        attempt = null;
        state = State.TUNNELLED;
        tunnel = made;
        return made;
    }

    @Override
    public Connection transport() {
        return link().transport();
    }

    @Override
    public void endOutput() {
        end(null);
    }

    @Override
    public boolean isOutputEnded() {
        return stream == null || !stream.canSend();
    }

    @Override
    public int heldBytes() {
        return content.heldBytes();
    }

    @Override
    public void consumed(int bytes) {
        if (stream != null) {
            link().consumed(stream, bytes);
        }
    }

    @Override
    public void buffered(int bytes) {
        if (stream != null) {
            link().buffered(stream, bytes);
        }
    }

    @Override
    public void onOutOfMemory() {
        session().failSoon(this, FailureKind.LOCAL);
    }

    @Override
    public void reset(int errorCode) {
        if (stream != null) {
            link().reset(stream, errorCode);
            content.clear();
        }
    }

    @Override
    public void letGo() {
        tunnel = null;
        if (state == State.FAILED) {
            return; // Whoever has it fail lets it go.
        }
        reset(ErrorCode.NO_ERROR); // Both sides have said all they had to, as far as anybody will hear.
        release();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    boolean isHeadSeen() {
        return isHeadSeen;
    }

    /** The connection has closed the stream, which it will forget. Returns whether anything is missing of the response. */
    boolean onClosed() {
        content.clear();
        stream = null;
        return state != State.ENDING && (tunnel == null || !tunnel.hungUp());
    }

    /** Whether nothing of the request can have left. */
    boolean isUnsent(long connectionSentBytes) {
        return sent == Failure.Sent.REQUEST_BYTES && connectionSentBytes == sentBytesBefore;
    }

    /** Will be told to the exchange by {@link #tellFailure}, when no other call is going on. */
    void fail(FailureKind kind, @Nullable TlsFault fault, @Nullable String brokenRule) {
        state = State.FAILED;
        failure = kind;
        tlsFault = fault;
        violation = brokenRule;
        held.clear();
        content.clear();
    }

    void wasUnsent() {
        sent = Failure.Sent.NOTHING;
    }

    /** Tells the exchange or the tunnel, if it has not given up meanwhile. */
    void tellFailure() {
        Attempt failed = attempt;
        StreamConnection broken = tunnel;
        FailureKind kind = failure;
        if (failed != null && kind != null) {
            failed.onUpstreamFailed(kind);
        } else if (broken != null && kind != null) {
            broken.gone(closeCauseOf(kind));
        }
    }

    private CloseCause closeCauseOf(FailureKind kind) {
        return switch (kind) {
            case CLOSED, TRUNCATED -> CloseCause.TRUNCATED;
            case TLS_ALERT, TLS_BROKEN -> CloseCause.TRANSPORT_FAILED;
            case LOCAL -> session().localCause();
            default -> CloseCause.RESET;
        };
    }

    @Nullable
    Http2Stream streamOrNull() {
        return stream;
    }

    private void release() {
        Http2ClientSession on = session();
        Http2Stream known = stream;
        stream = null;
        forget();
        on.release(this, known);
    }

    /** Is of no exchange any more. */
    void forget() {
        held.clear();
        content.clear();
        if (trailers != null) {
            trailers.clear();
        }
        generation++;
        state = State.IDLE;
        session = null;
        attempt = null;
        tunnel = null;
        stream = null;
        isConnect = false;
        reused = false;
        sent = Failure.Sent.NOTHING;
        isHeadSeen = false;
        endsApart = false;
        isPaused = false;
        owedBytes = 0;
        failure = null;
        tlsFault = null;
        violation = null;
    }

    private Http2ClientLink link() {
        return session().link();
    }

    private Http2ClientSession session() {
        Http2ClientSession current = session;
        assert current != null;
        return current;
    }

    private Attempt serving() {
        Attempt current = attempt;
        assert current != null;
        return current;
    }
}
