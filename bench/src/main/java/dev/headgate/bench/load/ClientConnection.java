package dev.headgate.bench.load;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.BodyKind;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client by HTTP/1.1, which is connected again and again and sends one request at a time.
 * <pre>
 *              ┌────────────────answer complete────────────────┐
 *              v                                               │
 *  CLOSED ─> CONNECTING ─> FREE ──send──> AWAITING_HEAD ──> IN_CONTENT
 *    ^            │          │                  │              │
 *    └── failed, lost, timed out, or the connection is not kept ┘
 * </pre>
 * What needs more than a few bytes is the loop's ({@link ClientKit}): there may be a hundred thousand of these.
 */
@HotPath
@LoopConfined
final class ClientConnection extends Client implements ConnectionHandler {
    enum State {
        CLOSED,
        CONNECTING,
        FREE,
        AWAITING_HEAD,
        IN_CONTENT
    }

    private final boolean isSlowReader;
    private final int sessionKey;
    private State state = State.CLOSED;
    private @Nullable Connection connection; // null exactly when CLOSED

    // The request under way.
    private long requestSentBytes; // of its content
    private BodyKind contentKind = BodyKind.NONE;
    private long contentLeftBytes; // of a length
    private boolean isKept;
    private @Nullable BodyDecoder chunks; // from the first chunked answer on

    ClientConnection(ClientKit kit, Owner owner, boolean isSlowReader) {
        super(kit, owner);
        this.isSlowReader = isSlowReader;
        this.sessionKey = kit.newSessionKey();
    }

    // ---- what the owner asks for

    State state() {
        return state;
    }

    @Override
    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    @Override
    boolean dial() {
        assert state == State.CLOSED;
        state = State.CONNECTING;
        connection = kit.connect(this, sessionKey, isSlowReader);
        return true;
    }

    @Override
    void send() {
        assert state == State.FREE;
        Connection to = open();
        await();
        requestSentBytes = kit.writer.writeHead(to);
        if (requestSentBytes != RequestWriter.ALL) {
            requestSentBytes = kit.writer.writeContent(to, requestSentBytes);
        }
    }

    /** Sends byte {@code index} of the request's head, which is all there is of it. */
    void sendByte(int index) {
        assert state != State.CLOSED && state != State.CONNECTING;
        if (index == 0) {
            await();
            requestSentBytes = 0;
        }
        if (index == kit.writer.headBytes() - 1) {
            requestSentBytes = RequestWriter.ALL;
        }
        open().write(kit.writer.headByte(index));
    }

    private void await() {
        state = State.AWAITING_HEAD;
        beginAnswer();
    }

    /** Reads what has arrived; of a slow reader. */
    void read() {
        if (connection != null && state != State.CONNECTING) {
            connection.resumeReading();
        }
    }

    @Override
    void drop(boolean isOrderly) {
        Connection gone = connection;
        connection = null;
        state = State.CLOSED;
        if (gone != null && isOrderly) {
            gone.close();
        } else if (gone != null) {
            gone.abort();
        }
    }

    @Override
    void timeOut() {
        LoadError fault = state == State.CONNECTING ? LoadError.CONNECT : LoadError.TIMEOUT;
        kit.examples.add(fault, "no answer in time");
        fail(fault);
    }

    private Connection open() {
        Connection current = connection;
        assert current != null;
        return current;
    }

    private boolean isCurrent(Connection told) {
        return told == connection;
    }

    // ---- events

    @Override
    public void onOpen(Connection opened) {
        if (isCurrent(opened)) {
            state = State.FREE;
            owner.onConnected(this);
        }
    }

    @Override
    public void onWritable(Connection writable) {
        if (isCurrent(writable) && requestSentBytes != RequestWriter.ALL && state != State.FREE) {
            requestSentBytes = kit.writer.writeContent(writable, requestSentBytes);
        }
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        while (isCurrent(from) && bytes.hasRemaining()) {
            boolean isMoreWanted = switch (state) {
                case AWAITING_HEAD -> onHeadBytes(bytes);
                case IN_CONTENT -> onContentBytes(bytes);
                case FREE -> onStrayBytes();
                case CLOSED, CONNECTING -> throw new IllegalStateException("bytes in state " + state);
            };
            if (isMoreWanted) {
                break;
            }
        }
        if (!isCurrent(from)) {
            bytes.position(bytes.limit());
        } else if (isSlowReader) {
            from.pauseReading();
        }
    }

    /** Answers whether more bytes are wanted, as the others do. */
    private boolean onHeadBytes(ByteBuffer bytes) {
        ResponseHead head = kit.head;
        head.clear();
        int answer = kit.decoder.decode(bytes, head, kit.method);
        if (answer == Decode.NEED_MORE) {
            return true;
        }
        if (answer == Decode.REFUSED) {
            failMalformed(head.violation());
        } else if (!head.isInterim()) {
            onHead(head, bytes);
        } else if (head.isSwitchingProtocols()) {
            failMalformed(null);
        }
        return false;
    }

    private void onHead(ResponseHead head, ByteBuffer bytes) {
        onStatus(head.status());
        isKept = head.isPersistent() && !kit.isPerRequest;
        contentKind = head.bodyKind();
        contentLeftBytes = contentKind == BodyKind.LENGTH ? head.contentLength() : 0;
        if (contentKind == BodyKind.NONE || contentKind == BodyKind.LENGTH && contentLeftBytes == 0) {
            complete(bytes);
            return;
        }
        state = State.IN_CONTENT;
        if (contentKind == BodyKind.CHUNKED) {
            chunks().start(BodyKind.CHUNKED, 0, kit.limits);
        }
    }

    private BodyDecoder chunks() {
        BodyDecoder decoder = chunks;
        if (decoder == null) {
            decoder = new BodyDecoder();
            chunks = decoder;
        }
        return decoder;
    }

    private boolean onContentBytes(ByteBuffer bytes) {
        switch (contentKind) {
            case LENGTH -> {
                int count = (int) Math.min(contentLeftBytes, bytes.remaining());
                take(bytes, count);
                contentLeftBytes -= count;
                if (contentLeftBytes == 0) {
                    complete(bytes);
                }
            }
            case UNTIL_CLOSE -> take(bytes, bytes.remaining());
            case CHUNKED -> {
                return onChunkBytes(bytes);
            }
            case NONE -> throw new IllegalStateException("content of a message without any");
        }
        return false;
    }

    private boolean onChunkBytes(ByteBuffer bytes) {
        BodyDecoder decoder = chunks();
        switch (decoder.next(bytes)) {
            case Decode.DATA -> {
                int count = decoder.dataLength();
                take(bytes, count);
                decoder.taken(count);
            }
            case Decode.END -> complete(bytes);
            case Decode.REFUSED -> failMalformed(decoder.violation());
            default -> {
                return true;
            }
        }
        return false;
    }

    private boolean onStrayBytes() {
        kit.examples.add(LoadError.MALFORMED, "bytes that nobody has asked for");
        fail(LoadError.MALFORMED);
        return false;
    }

    @Override
    public void onEnd(Connection ended) {
        if (!isCurrent(ended)) {
            ended.close();
        } else if (state == State.FREE) {
            drop(true);
            owner.onLost(this);
        } else if (state == State.IN_CONTENT && contentKind == BodyKind.UNTIL_CLOSE) {
            isKept = false;
            complete(kit.nothing);
        } else if (state == State.IN_CONTENT) {
            kit.examples.add(LoadError.LENGTH, "cut off after", contentBytes());
            fail(LoadError.LENGTH);
        } else {
            kit.examples.add(LoadError.CLOSED, "closed before the answer was there");
            fail(LoadError.CLOSED);
        }
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        if (!isCurrent(gone)) {
            return;
        }
        State before = state;
        connection = null;
        state = State.CLOSED;
        if (before == State.FREE) {
            owner.onLost(this);
        } else {
            LoadError fault = before == State.CONNECTING ? LoadError.CONNECT : LoadError.RESET;
            kit.examples.add(fault, cause);
            owner.onFailed(this, fault);
        }
    }

    // ---- the end of an answer

    private void complete(ByteBuffer bytes) {
        boolean isClean = isKept && requestSentBytes == RequestWriter.ALL;
        if (isClean && bytes.hasRemaining()) {
            kit.examples.add(LoadError.MALFORMED, "bytes behind the answer");
            fail(LoadError.MALFORMED);
            return;
        }
        if (isClean) {
            state = State.FREE;
        } else {
            drop(true);
        }
        owner.onAnswered(this, faultOfAnswer());
    }

    private void failMalformed(@Nullable Violation violation) {
        kit.examples.add(LoadError.MALFORMED, violation == null ? "an upgrade nobody asked for" : violation.token());
        fail(LoadError.MALFORMED);
    }

    private void fail(LoadError fault) {
        drop(false);
        owner.onFailed(this, fault);
    }
}
