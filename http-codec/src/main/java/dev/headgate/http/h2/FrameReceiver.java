package dev.headgate.http.h2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in frames (RFC 9113 §4, §6). All but DATA wait until they are whole, and are checked before they are read; the
 * content of DATA passes as it comes.
 * <pre>
 *  PREFACE ──24 bytes──> FRAME ──header of DATA──────────────> DATA ──> PADDING ──> FRAME
 *  (server only)           └─────header of an unknown type──> SKIPPING ──> FRAME
 * </pre>
 */
final class FrameReceiver {
    private static final byte[] PREFACE = Http2Connection.preface();
    private static final int RESERVED_BIT = 0x80000000;

    /** Beside the flags of a block that is being assembled: its stream was said to depend on itself. */
    private static final int SELF = 0x100;

    private final Http2Limits limits;
    private final Streams streams;
    private final StreamFaults faults;
    private final FlowControl flow;
    private final AbuseGuard guard;
    private final MessageReceiver messages;
    private final ControlReceiver control;
    private final Http2Listener listener;
    private final BlockAssembly assembly;

    private State state;
    private int prefaceBytes;
    private boolean isFirstFrame = true;
    private @Nullable Http2Violation violation; // of the last step

    // The frame in work that is not read whole
    private int dataStreamId;
    private boolean endsStream;
    private int remainingBytes;
    private int paddingBytes;

    private enum State {
        PREFACE,
        FRAME,
        DATA,
        PADDING,
        SKIPPING
    }

    FrameReceiver(
            Http2Role role,
            Http2Limits limits,
            Streams streams,
            StreamFaults faults,
            FlowControl flow,
            AbuseGuard guard,
            MessageReceiver messages,
            ControlReceiver control,
            Http2Listener listener) {
        this.limits = limits;
        this.streams = streams;
        this.faults = faults;
        this.flow = flow;
        this.guard = guard;
        this.messages = messages;
        this.control = control;
        this.listener = listener;
        assembly = new BlockAssembly(limits.heads());
        state = role.isServer() ? State.PREFACE : State.FRAME;
    }

    /** Whether input ends within a field block, or before the first frame. */
    boolean isWithinHead() {
        return assembly.isOpen() || isFirstFrame;
    }

    /**
     * Takes one step through the input: a frame, or a piece of one.
     *
     * @return false when more bytes are needed, or {@code violation} is set
     */
    boolean step(ByteBuffer input, long nowNs) {
        return switch (state) {
            case PREFACE -> preface(input);
            case FRAME -> frame(input, nowNs);
            case DATA -> data(input);
            case PADDING -> padding(input);
            case SKIPPING -> skip(input);
        };
    }

    /** What ends the connection, or null. */
    @Nullable
    Http2Violation violation() {
        return violation;
    }

    private boolean done(@Nullable Http2Violation what) {
        violation = what;
        return what == null;
    }

    /** RFC 9113 §3.4. */
    private boolean preface(ByteBuffer input) {
        while (input.hasRemaining() && prefaceBytes < PREFACE.length) {
            if (input.get() != PREFACE[prefaceBytes++]) {
                return done(Http2Violation.PREFACE_INVALID);
            }
        }
        if (prefaceBytes < PREFACE.length) {
            return false;
        }
        state = State.FRAME;
        return true;
    }

    private boolean frame(ByteBuffer input, long nowNs) {
        if (input.remaining() < Frames.HEADER_BYTES) {
            return false;
        }
        int at = input.position();
        int length = input.getInt(at) >>> 8;
        int type = input.get(at + Frames.TYPE_OFFSET) & 0xFF;
        int flags = input.get(at + Frames.FLAGS_OFFSET) & 0xFF;
        int id = input.getInt(at + Frames.STREAM_ID_OFFSET) & ~RESERVED_BIT;
        Http2Violation fault = checkHeader(length, type, flags, id);
        if (fault != null) {
            return done(fault);
        }
        int wanted = type == Frames.DATA ? (flags & Frames.PADDED) >>> 3 : FrameRules.isKnown(type) ? length : 0;
        if (input.remaining() - Frames.HEADER_BYTES < wanted) {
            return false;
        }
        isFirstFrame = false;
        int payload = at + Frames.HEADER_BYTES;
        input.position(payload + wanted);
        return switch (type) {
            case Frames.DATA -> done(onData(id, flags, input, payload, length, nowNs));
            case Frames.HEADERS -> done(onHeaders(id, flags, input, payload, length, nowNs));
            case Frames.CONTINUATION -> done(onContinuation(flags, input, payload, length, nowNs));
            default ->
                FrameRules.isKnown(type)
                        ? done(control.onFrame(type, flags, id, input, payload, length, nowNs))
                        : onUnknown(length, nowNs);
        };
    }

    private @Nullable Http2Violation checkHeader(int length, int type, int flags, int id) {
        if (isFirstFrame && (type != Frames.SETTINGS || (flags & Frames.ACK) != 0)) {
            return Http2Violation.SETTINGS_MISSING;
        }
        if (length > limits.frameBytes()) {
            return Http2Violation.FRAME_TOO_LARGE;
        }
        if (assembly.isOpen() != (type == Frames.CONTINUATION)) {
            return assembly.isOpen() ? Http2Violation.CONTINUATION_EXPECTED : Http2Violation.CONTINUATION_UNEXPECTED;
        }
        if (assembly.isOpen() && id != assembly.streamId()) {
            return Http2Violation.CONTINUATION_EXPECTED;
        }
        return FrameRules.isKnown(type) ? FrameRules.check(type, flags, id, length) : null;
    }

    /** RFC 9113 §5.5: ignored, and counted. */
    private boolean onUnknown(int length, long nowNs) {
        remainingBytes = length;
        state = State.SKIPPING;
        return done(guard.onGlitch(nowNs));
    }

    private boolean skip(ByteBuffer input) {
        int bytes = Math.min(remainingBytes, input.remaining());
        input.position(input.position() + bytes);
        remainingBytes -= bytes;
        if (remainingBytes > 0) {
            return false;
        }
        state = State.FRAME;
        return true;
    }

    // DATA, RFC 9113 §6.1

    private @Nullable Http2Violation onData(int id, int flags, ByteBuffer input, int payload, int length, long nowNs) {
        int marks = (flags & Frames.PADDED) != 0 ? 1 + (input.get(payload) & 0xFF) : 0;
        if (marks > length) {
            return Http2Violation.PADDING_TOO_LONG;
        }
        Http2Stream stream = streams.get(id);
        if (stream == null && streams.isIdle(id) && !streams.isIgnored(id)) {
            return Http2Violation.STREAM_IDLE;
        }
        if (stream == null && !streams.isIgnored(id)) {
            return Http2Violation.STREAM_GONE;
        }
        if (!flow.receive(stream != null && stream.state.canReceive() ? stream : null, length)) {
            return Http2Violation.WINDOW_EXCEEDED;
        }
        dataStreamId = id;
        remainingBytes = length - marks;
        paddingBytes = marks > 0 ? marks - 1 : 0;
        endsStream = (flags & Frames.END_STREAM) != 0;
        state = State.DATA;
        Http2Violation flood = stream == null
                ? guard.onStrayData(remainingBytes, endsStream, nowNs)
                : guard.onData(remainingBytes, endsStream, nowNs);
        if (flood != null) {
            return flood;
        }
        if (stream == null) {
            flow.discard(marks); // The rest goes back as it comes.
            return null;
        }
        return onStreamData(stream, marks, nowNs);
    }

    private @Nullable Http2Violation onStreamData(Http2Stream stream, int marks, long nowNs) {
        Http2Violation fault = faultOfData(stream);
        if (fault != null) {
            flow.discard(marks);
            return faults.reset(stream, fault, nowNs);
        }
        if (marks > 0) {
            flow.discard(stream, marks);
        }
        return null;
    }

    private @Nullable Http2Violation faultOfData(Http2Stream stream) {
        if (!stream.state.canReceive()) {
            return Http2Violation.STREAM_ENDED;
        }
        if (!stream.isHeadReceived) {
            return Http2Violation.HEAD_MISSING;
        }
        if (stream.isContentForbidden && remainingBytes > 0) {
            return Http2Violation.CONTENT_FORBIDDEN;
        }
        if (stream.expectedBytes == Http2Stream.UNKNOWN_LENGTH) {
            return null;
        }
        long sum = stream.receivedBytes + remainingBytes;
        boolean isMismatch = endsStream ? sum != stream.expectedBytes : sum > stream.expectedBytes;
        return isMismatch ? Http2Violation.CONTENT_LENGTH_MISMATCH : null;
    }

    private boolean data(ByteBuffer input) {
        int bytes = Math.min(remainingBytes, input.remaining());
        if (bytes == 0 && remainingBytes > 0) {
            return false;
        }
        Http2Stream stream = streams.get(dataStreamId);
        if (bytes > 0) {
            deliver(stream, input, bytes);
            remainingBytes -= bytes;
        }
        if (remainingBytes > 0) {
            return false;
        }
        state = paddingBytes > 0 ? State.PADDING : State.FRAME;
        if (endsStream && stream != null && streams.get(dataStreamId) == stream) {
            messages.endRemote(stream);
            listener.onEnd(stream, null);
        }
        return true;
    }

    /** The stream may have been reset since its frame began, even by the owner in the call for the piece before. */
    private void deliver(@Nullable Http2Stream stream, ByteBuffer input, int bytes) {
        int end = input.position() + bytes;
        if (stream == null) {
            flow.discard(bytes);
        } else {
            int limit = input.limit();
            stream.receivedBytes += bytes;
            FlowControl.deliver(stream, bytes);
            input.limit(end);
            stream.isLastContent = endsStream && bytes == remainingBytes;
            listener.onData(stream, input);
            input.limit(limit);
        }
        input.position(end);
    }

    /** Its credit went back with the frame's header. */
    private boolean padding(ByteBuffer input) {
        int bytes = Math.min(paddingBytes, input.remaining());
        input.position(input.position() + bytes);
        paddingBytes -= bytes;
        if (paddingBytes > 0) {
            return false;
        }
        state = State.FRAME;
        return true;
    }

    // HEADERS and CONTINUATION, RFC 9113 §6.2, §6.10

    private @Nullable Http2Violation onHeaders(
            int id, int flags, ByteBuffer input, int payload, int length, long nowNs) {
        int from = payload;
        int to = payload + length;
        if ((flags & Frames.PADDED) != 0) {
            to -= input.get(from++) & 0xFF;
        }
        Http2Violation fault = null;
        if ((flags & Frames.HAS_PRIORITY) != 0) {
            fault = (input.getInt(from) & ~RESERVED_BIT) == id ? Http2Violation.PRIORITY_SELF : null;
            from += Frames.PRIORITY_BYTES;
        }
        if (to < from) {
            return Http2Violation.PADDING_TOO_LONG;
        }
        if ((flags & Frames.END_HEADERS) == 0) {
            return assembly.begin(id, fault == null ? flags : flags | SELF, input, from, to - from);
        }
        return messages.onBlock(id, endOf(flags), fault, input, from, to, nowNs);
    }

    private @Nullable Http2Violation onContinuation(int flags, ByteBuffer input, int payload, int length, long nowNs) {
        Http2Violation fault = assembly.add(input, payload, length);
        if (fault != null || (flags & Frames.END_HEADERS) == 0) {
            return fault;
        }
        int id = assembly.streamId();
        int headersFlags = assembly.flags();
        ByteBuffer block = assembly.take();
        Http2Violation ofStream = (headersFlags & SELF) != 0 ? Http2Violation.PRIORITY_SELF : null;
        return messages.onBlock(id, endOf(headersFlags), ofStream, block, 0, block.limit(), nowNs);
    }

    private static StreamEnd endOf(int flags) {
        return (flags & Frames.END_STREAM) != 0 ? StreamEnd.END : StreamEnd.OPEN;
    }
}
