package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the framing of one message's content after another on a connection (RFC 9112 §6, §7).
 * <pre>
 *  start ──> LENGTH ──────last byte taken──────────> ENDED
 *        ──> CHUNKED ──last chunk──> TRAILERS ──────> ENDED      from CHUNKED and TRAILERS also: REFUSED
 *        ──> UNTIL_CLOSE ──end of stream────────────> ENDED
 *        ──> ENDED (no content)
 * </pre>
 * Content is never copied: the caller takes it from the buffer. Owned by one connection; keeps no buffer, but for the
 * trailers' bytes between two calls; allocates nothing in steady state.
 */
public final class BodyDecoder {
    private final ChunkedDecoder chunks = new ChunkedDecoder();
    private final FieldSection trailers = new FieldSection();
    private final HeadScan trailerScan = new HeadScan();

    private Http1Limits limits = Http1Limits.DEFAULTS;
    private FieldLineDecoder trailerLines = FieldLineDecoder.ofTrailers(limits);

    private State state = State.ENDED;
    private long remainingBytes; // of LENGTH
    private int dataLength;

    private enum State {
        LENGTH,
        CHUNKED,
        TRAILERS,
        UNTIL_CLOSE,
        ENDED,
        REFUSED
    }

    /** A decoder that is at the end of nothing. */
    public BodyDecoder() {}

    /**
     * Starts the content that follows a head.
     *
     * @param contentLength the length when {@code kind} is {@link BodyKind#LENGTH}, otherwise ignored
     */
    @SuppressWarnings("ReferenceEquality") // all bodies of a listener or upstream come with the same object
    public void start(BodyKind kind, long contentLength, Http1Limits newLimits) {
        if (newLimits != limits) {
            limits = newLimits;
            trailerLines = FieldLineDecoder.ofTrailers(newLimits);
        }
        trailers.clear();
        dataLength = 0;
        remainingBytes = kind == BodyKind.LENGTH ? contentLength : 0;
        state = switch (kind) {
            case NONE -> State.ENDED;
            case LENGTH -> contentLength > 0 ? State.LENGTH : State.ENDED;
            case CHUNKED -> State.CHUNKED;
            case UNTIL_CLOSE -> State.UNTIL_CLOSE;
        };
        if (state == State.CHUNKED) {
            chunks.start(newLimits);
        }
    }

    /** Whether more than {@code bytes} of content are known to come, or an end is not known at all. */
    public boolean isLongerThan(long bytes) {
        return state == State.UNTIL_CLOSE || state == State.LENGTH && remainingBytes > bytes;
    }

    /**
     * Consumes framing from {@code source}, which is lent for the call, until there is something to say. Bytes that it
     * leaves behind {@link Decode#NEED_MORE} (of a trailer section only) must be there again at the next call.
     *
     * @return {@link Decode#DATA}: the next {@link #dataLength} bytes are content; the caller takes some or all of them by
     *         moving the position, and says so by {@link #taken}. {@link Decode#END}: the message is over, its
     *         {@link #trailers} can be read, and the position is behind it. {@link Decode#NEED_MORE}.
     *         {@link Decode#REFUSED}: see {@link #violation}
     */
    public int next(ByteBuffer source) {
        dataLength = 0;
        if (state == State.CHUNKED) {
            int answer = chunks.decode(source);
            if (answer == Decode.END) {
                become(State.TRAILERS);
                trailerScan.clear();
                trailerScan.state = FieldLineDecoder.LINE_START;
            } else {
                return onChunks(answer, source);
            }
        }
        return switch (state) {
            case LENGTH -> data((int) Math.min(remainingBytes, source.remaining()));
            case UNTIL_CLOSE -> data(source.remaining());
            case TRAILERS -> onTrailers(source);
            case ENDED -> Decode.END;
            case REFUSED -> Decode.REFUSED;
            case CHUNKED -> throw new AssertionError(state);
        };
    }

    /** How many bytes of content lie at the position, after {@link Decode#DATA}. */
    public int dataLength() {
        return dataLength;
    }

    /** The caller has moved the position over {@code length} bytes of content, at most {@link #dataLength}. */
    public void taken(int length) {
        if (length < 0 || length > dataLength) {
            throw new IllegalArgumentException("taken=" + length + ", dataLength=" + dataLength);
        }
        dataLength -= length;
        if (state == State.CHUNKED) {
            chunks.taken(length);
        } else if (state == State.LENGTH) {
            remainingBytes -= length;
            if (remainingBytes == 0) {
                become(State.ENDED);
            }
        }
    }

    /** The trailer section, without the fields that may not stand there; lent until the next call of this object. */
    public FieldSection trailers() {
        return trailers;
    }

    /**
     * The peer has closed its side.
     *
     * @return whether the message is whole; otherwise it was cut off, and must be neither stored nor passed for whole
     *         (RFC 9112 §8)
     */
    public boolean onEndOfStream() {
        if (state == State.UNTIL_CLOSE) {
            become(State.ENDED);
        }
        return state == State.ENDED;
    }

    /** Whether the message is over: for a length, as soon as its last byte is taken. */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /** Why {@link #next} refused, or null. */
    public @Nullable Violation violation() {
        Violation ofChunks = chunks.violation();
        return state != State.REFUSED ? null : ofChunks != null ? ofChunks : trailerScan.violation;
    }

    private int onChunks(int answer, ByteBuffer source) {
        if (answer == Decode.REFUSED) {
            become(State.REFUSED);
        } else if (answer == Decode.DATA) {
            dataLength = chunks.dataLength(source);
        }
        return answer;
    }

    private int data(int length) {
        dataLength = length;
        return length == 0 ? Decode.NEED_MORE : Decode.DATA;
    }

    private int onTrailers(ByteBuffer source) {
        int base = source.position();
        trailers.bind(source, base);
        int answer = trailerLines.next(source, base, trailers, trailerScan);
        if (answer == Decode.COMPLETE) {
            source.position(base + trailerScan.scanOffset);
            TrailerPolicy.apply(trailers);
            become(State.ENDED);
            return Decode.END;
        }
        trailers.unbind();
        if (answer == Decode.REFUSED) {
            become(State.REFUSED);
        }
        return answer;
    }

    private void become(State next) {
        state = next;
    }
}
