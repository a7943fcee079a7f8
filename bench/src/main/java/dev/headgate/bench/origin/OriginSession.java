package dev.headgate.bench.origin;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.http.BodyKind;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the origin's.
 * <pre>
 *                     ┌──────────────────────────────┐
 *                     v                              │ complete
 *  AWAITING_HEAD ──head──> SWALLOWING ──end──> (answer) ──long, slow──> SENDING ──┘
 *        │  └──a delay──> DELAYED ──time──────────^
 *        └──a fault that is not followed by anything──> SILENT
 * </pre>
 * While an answer is under way, reading is paused: what the client sends ahead waits in the socket.
 */
@HotPath
@LoopConfined
final class OriginSession extends Timer implements ConnectionHandler {
    private static final long NS_PER_MS = 1_000_000;
    private static final long FAULT_BYTES = 1024;
    private static final long SLOW_PIECE_BYTES = FAULT_BYTES / 16;
    private static final long SLOW_PAUSE_NS = 10 * NS_PER_MS;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_HTTP = "this is not HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Then others have their turn, however fast the peer takes it. */
    private static final long TURN_BYTES = 4 << 20;

    private enum State {
        AWAITING_HEAD,
        SWALLOWING,
        DELAYED,
        SENDING,
        SILENT
    }

    private final OriginLoop origin;
    private State state = State.AWAITING_HEAD;
    private @Nullable Connection connection;
    private @Nullable BodyDecoder body; // from the first request with content on

    // The request under way.
    private OriginTarget.Kind kind = OriginTarget.Kind.UNKNOWN;
    private int number;
    private boolean isHead;
    private boolean isLast;
    private boolean isHttp10;
    private long receivedBytes;

    // The answer under way.
    private long leftBytes;
    private long sentBytes;
    private boolean isChunked;
    private boolean isSlow;

    OriginSession(OriginLoop origin) {
        this.origin = origin;
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        boolean goesOn = true;
        while (goesOn && bytes.hasRemaining() && from.isOpen()) {
            goesOn = switch (state) {
                case AWAITING_HEAD -> onHeadBytes(from, bytes);
                case SWALLOWING -> onBodyBytes(from, bytes);
                case DELAYED, SENDING -> false;
                case SILENT -> {
                    bytes.position(bytes.limit());
                    yield false;
                }
            };
        }
    }

    private boolean onHeadBytes(Connection from, ByteBuffer bytes) {
        RequestHead head = origin.head;
        head.clear();
        int answer = origin.decoder.decode(bytes, head);
        if (answer == Decode.NEED_MORE) {
            return false;
        }
        if (answer == Decode.REFUSED) {
            bytes.position(bytes.limit());
            origin.writer.text(from, 400, head.violation() + "\n", false, true);
            from.close();
            return false;
        }
        origin.onRequest();
        onHead(from, head);
        return true;
    }

    private void onHead(Connection from, RequestHead head) {
        isHead = head.method() == Method.HEAD;
        isLast = !head.isPersistent();
        isHttp10 = head.version() == HttpVersion.HTTP_1_0;
        receivedBytes = 0;
        OriginTarget target = origin.target;
        target.read(head.bytes(), head.pathOffset(), head.pathLength());
        kind = target.kind();
        number = target.number();
        leftBytes = target.bytes();
        if (kind == OriginTarget.Kind.FAULT) {
            if (origin.isFaultsTurn(number)) {
                isLast |= head.bodyKind() != BodyKind.NONE; // What follows is no request.
                fail(from, target.fault());
                return;
            }
            kind = OriginTarget.Kind.SIZE;
        }
        if (head.bodyKind() == BodyKind.NONE) {
            answer(from, false);
            return;
        }
        if (head.expectsContinue()) {
            origin.writer.raw(from, CONTINUE);
        }
        body().start(head.bodyKind(), head.contentLength(), origin.limits);
        if (body().isEnded()) {
            answer(from, true);
        } else {
            state = State.SWALLOWING;
        }
    }

    private BodyDecoder body() {
        BodyDecoder decoder = body;
        if (decoder == null) {
            decoder = new BodyDecoder();
            body = decoder;
        }
        return decoder;
    }

    private boolean onBodyBytes(Connection from, ByteBuffer bytes) {
        BodyDecoder decoder = body();
        switch (decoder.next(bytes)) {
            case Decode.DATA -> {
                int length = decoder.dataLength();
                bytes.position(bytes.position() + length);
                decoder.taken(length);
                receivedBytes += length;
                origin.onReceived(length);
            }
            case Decode.END -> {}
            case Decode.REFUSED -> {
                origin.writer.text(from, 400, decoder.violation() + "\n", false, true);
                from.close();
                return false;
            }
            default -> {
                return false;
            }
        }
        if (decoder.isEnded()) {
            answer(from, true);
        }
        return true;
    }

    // ---- answering

    private void answer(Connection to, boolean hadContent) {
        state = State.AWAITING_HEAD;
        switch (kind) {
            case SIZE -> {
                if (hadContent) {
                    text(to, 200, receivedBytes + "\n");
                } else {
                    send(to, leftBytes, leftBytes);
                }
            }
            case CHUNKED -> send(to, isHttp10 ? ResponseWriter.UNTIL_CLOSE : ResponseWriter.CHUNKED, leftBytes);
            case DELAY -> delay(to);
            case STATUS -> {
                origin.writer.begin(to, number, 0, 0, isLast);
                end(to);
            }
            case STATS -> text(to, 200, origin.statsText());
            case UNKNOWN, FAULT -> text(to, 404, "not found\n");
        }
    }

    private void text(Connection to, int status, String text) {
        origin.writer.text(to, status, text, isHead, isLast);
        end(to);
    }

    private void delay(Connection to) {
        state = State.DELAYED;
        to.pauseReading();
        origin.loop.timers().arm(this, origin.loop.nowNs() + number * NS_PER_MS);
    }

    /** Sends {@code bodyBytes} of content, whatever length the head announces. */
    private void send(Connection to, long length, long bodyBytes) {
        long bytes = isHead ? 0 : bodyBytes;
        isChunked = length == ResponseWriter.CHUNKED && !isHead;
        isLast |= length == ResponseWriter.UNTIL_CLOSE;
        sentBytes = origin.writer.begin(to, 200, length, bytes, isLast);
        leftBytes = bytes - sentBytes;
        if (leftBytes == 0 && !isChunked) {
            end(to);
            return;
        }
        state = State.SENDING;
        to.pauseReading();
        sendMore(to);
    }

    private void sendMore(Connection to) {
        long turnEnd = sentBytes + TURN_BYTES;
        while (leftBytes > 0 && to.isOpen()) {
            if (sentBytes >= turnEnd) {
                origin.loop.timers().arm(this, origin.loop.nowNs());
                return;
            }
            int length = origin.writer.piece(to, sentBytes, leftBytes, isChunked);
            sentBytes += length;
            leftBytes -= length;
            if (leftBytes > 0 && !origin.writer.takesMore()) {
                return;
            }
        }
        if (isChunked) {
            origin.writer.lastChunk(to);
        }
        to.resumeReading();
        end(to);
    }

    private void end(Connection to) {
        state = State.AWAITING_HEAD;
        if (isLast) {
            to.close();
        }
    }

    // ---- faults

    private void fail(Connection to, FastOrigin.Fault fault) {
        state = State.SILENT;
        switch (fault) {
            case RESET -> to.abort();
            case CLOSE -> to.close();
            case TRUNCATE -> {
                origin.writer.begin(to, 200, FAULT_BYTES, FAULT_BYTES / 2, isLast);
                to.close();
            }
            case STALL -> {}
            case HANG -> origin.writer.begin(to, 200, FAULT_BYTES, FAULT_BYTES / 2, isLast);
            case SLOW -> {
                sentBytes = origin.writer.begin(to, 200, FAULT_BYTES, 0, isLast);
                leftBytes = FAULT_BYTES;
                isSlow = true;
                state = State.SENDING;
                to.pauseReading();
                origin.loop.timers().arm(this, origin.loop.nowNs() + SLOW_PAUSE_NS);
            }
            case MALFORMED -> {
                origin.writer.raw(to, NO_HTTP);
                to.close();
            }
        }
    }

    private void sendSlowly(Connection to) {
        int length = origin.writer.piece(to, sentBytes, Math.min(SLOW_PIECE_BYTES, leftBytes), false);
        sentBytes += length;
        leftBytes -= length;
        if (leftBytes > 0) {
            origin.loop.timers().arm(this, origin.loop.nowNs() + SLOW_PAUSE_NS);
            return;
        }
        isSlow = false;
        to.resumeReading();
        end(to);
    }

    // ---- further events

    @Override
    protected void onDeadline(long nowNs) {
        Connection to = connection;
        if (to == null || !to.isOpen()) {
            return;
        }
        if (state == State.DELAYED) {
            state = State.AWAITING_HEAD;
            to.resumeReading();
            send(to, leftBytes, leftBytes);
        } else if (state == State.SENDING && isSlow) {
            sendSlowly(to);
        } else if (state == State.SENDING) {
            sendMore(to);
        }
    }

    @Override
    public void onWritable(Connection writable) {
        if (state == State.SENDING && !isSlow && !isArmed()) {
            sendMore(writable);
        }
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        connection = null;
        origin.loop.timers().retire(this);
    }
}
