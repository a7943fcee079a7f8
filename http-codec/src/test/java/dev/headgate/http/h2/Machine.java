package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection under test, with a log of what it says in events and frames, in one order. The owner that it has consumes
 * content at once, and releases streams when they are closed, unless told otherwise.
 */
final class Machine implements Http2Listener, Http2Outbox {
    static final long START_NS = Long.MAX_VALUE - 1_000_000_000L; // the clock passes its end within the tests

    final Http2Connection connection;
    final Http2Scratch scratch;
    final Http2Role role;
    final List<String> log = new ArrayList<>();
    final Map<Integer, Http2Stream> streams = new HashMap<>();
    final Map<Integer, StringBuilder> contents = new HashMap<>();
    private final HpackDecoder decoder = new HpackDecoder();
    private final Http2Scratch decoded;
    private final ByteBuffer out = ByteBuffer.allocateDirect(300_000);
    private byte[] unread = new byte[0];
    /** What has been written and not been taken by {@link #takeOutput}. */
    private byte[] output = new byte[0];

    long nowNs = START_NS;
    boolean consumesAtOnce = true;
    boolean releasesAtOnce = true;
    boolean logsContent = true;
    /** Called for each request, to answer it. */
    @Nullable
    Answer answer;

    /** Called for each piece of content. */
    @Nullable
    Consumer<Http2Stream> onContent;

    interface Answer {
        void answer(Http2Stream stream, StreamEnd end);
    }

    Machine(Http2Role role) {
        this(role, role == Http2Role.CLIENT ? Http2Limits.RESPONSE_DEFAULTS : Http2Limits.DEFAULTS);
    }

    Machine(Http2Role role, Http2Limits limits) {
        this.role = role;
        scratch = new Http2Scratch(limits.heads());
        decoded = new Http2Scratch(Http2HeadLimits.RESPONSE_DEFAULTS);
        connection = new Http2Connection(role, limits, scratch, this, this, nowNs);
    }

    /** A server whose client has said hello, the settings acknowledged on both sides; the log is empty. */
    static Machine server(Http2Limits limits) {
        var machine = new Machine(Http2Role.SERVER, limits);
        machine.open();
        return machine;
    }

    static Machine server() {
        return server(Http2Limits.DEFAULTS);
    }

    static Machine client() {
        var machine = new Machine(Http2Role.CLIENT);
        machine.open();
        return machine;
    }

    void open() {
        connection.start(nowNs);
        if (role.isServer()) {
            feed(Wires.PREFACE);
        }
        feed(Wires.settings(), Wires.settingsAck());
        connection.onOutputDrained();
        log.clear();
        output = new byte[0];
    }

    // ---- input

    Machine feed(byte[]... parts) {
        feed(Wires.join(parts));
        return this;
    }

    /** Gives these bytes in one piece, behind what was left. */
    Machine feed(byte[] bytes) {
        byte[] all = Wires.join(unread, bytes);
        ByteBuffer input = ByteBuffer.allocateDirect(all.length + 3).put(3, all).position(3);
        boolean goesOn = connection.receive(input, nowNs);
        unread = new byte[input.remaining()];
        input.get(unread);
        if (unread.length > connection.unreadBytesMax() || goesOn == connection.isFailed()) {
            throw new AssertionError("unread=" + unread.length + ", failed=" + connection.isFailed());
        }
        return this;
    }

    Machine feedBytewise(byte[] bytes) {
        for (byte b : bytes) {
            feed(new byte[] {b});
        }
        return this;
    }

    // ---- output

    @Override
    public ByteBuffer begin(int bytes) {
        if (bytes > out.capacity()) {
            throw new AssertionError("much: " + bytes);
        }
        out.clear();
        return out;
    }

    @Override
    public void end() {
        byte[] frames = new byte[out.position()];
        out.get(0, frames);
        append(frames);
    }

    /** The owner sends a payload behind a header. */
    void payload(byte[] bytes) {
        output = Wires.join(output, bytes);
    }

    private void append(byte[] frames) {
        output = Wires.join(output, frames);
        int at = role == Http2Role.CLIENT && frames[0] == 'P' && frames[1] == 'R' ? 24 : 0;
        ByteBuffer view = ByteBuffer.wrap(frames);
        while (at < frames.length) {
            int length = view.getInt(at) >>> 8;
            int end = Math.min(frames.length, at + 9 + length);
            log.add("> " + describe(view, at, end));
            at = end;
        }
    }

    byte[] takeOutput() {
        byte[] taken = output;
        output = new byte[0];
        return taken;
    }

    private byte[] openBlock = new byte[0];

    private String describe(ByteBuffer view, int at, int end) {
        int type = view.get(at + 3);
        int flags = view.get(at + 4);
        int id = view.getInt(at + 5);
        int payload = at + 9;
        String marks = (flags & Frames.END_STREAM) != 0 ? " END" : "";
        return switch (type) {
            case Frames.DATA -> "DATA " + id + " " + (view.getInt(at) >>> 8) + marks;
            case Frames.HEADERS -> {
                openBlock = Arrays.copyOfRange(view.array(), payload, end);
                yield "HEADERS " + id + marks + whole(flags);
            }
            case Frames.CONTINUATION -> {
                openBlock = Wires.join(openBlock, Arrays.copyOfRange(view.array(), payload, end));
                yield "CONTINUATION " + id + whole(flags);
            }
            case Frames.RST_STREAM -> "RST_STREAM " + id + " " + ErrorCode.name(view.getInt(payload));
            case Frames.SETTINGS ->
                (flags & Frames.ACK) != 0 ? "SETTINGS ACK" : "SETTINGS" + entries(view, payload, end);
            case Frames.PING -> "PING" + ((flags & Frames.ACK) != 0 ? " ACK " : " ") + view.getLong(payload);
            case Frames.GOAWAY -> "GOAWAY " + view.getInt(payload) + " " + ErrorCode.name(view.getInt(payload + 4));
            case Frames.WINDOW_UPDATE -> "WINDOW_UPDATE " + id + " " + view.getInt(payload);
            case Frames.PRIORITY_UPDATE ->
                "PRIORITY_UPDATE " + view.getInt(payload) + " "
                        + Wire.script(view.array(), payload + 4, end - payload - 4);
            default -> "type " + type;
        };
    }

    private static String entries(ByteBuffer view, int payload, int end) {
        var text = new StringBuilder();
        for (int at = payload; at < end; at += 6) {
            text.append(' ').append(view.getShort(at)).append('=').append(view.getInt(at + 2));
        }
        return text.toString();
    }

    /** The fields, once the block is whole. */
    private String whole(int flags) {
        if ((flags & Frames.END_HEADERS) == 0) {
            return " ...";
        }
        FieldSection section = new FieldSection();
        section.bind(decoded.store, 0);
        int answer = decoder.decode(
                ByteBuffer.wrap(openBlock),
                0,
                openBlock.length,
                decoded.store,
                0,
                decoded.limits.head(),
                (id, fieldFlags, offset, nameLength, valueLength) -> {
                    section.append(offset, nameLength, offset + nameLength + 2, valueLength, 0, true);
                    return offset + nameLength + valueLength + 4;
                });
        if (answer != HpackDecoder.COMPLETE) {
            throw new AssertionError(decoder.violation());
        }
        var text = new StringBuilder();
        for (int i = 0; i < section.count(); i++) {
            text.append(" [")
                    .append(section.name(i))
                    .append(": ")
                    .append(section.value(i))
                    .append(']');
        }
        return text.toString();
    }

    // ---- events

    private static String text(FieldSection fields) {
        return fields.toString().replace("\n", "|");
    }

    private static String text(RequestHead head, int offset, int length) {
        byte[] bytes = new byte[Math.max(0, length)];
        head.bytes().get(offset, bytes);
        return Wire.script(bytes);
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        streams.put(stream.id(), stream);
        String protocol = control.hasProtocol()
                ? " protocol=" + text(head, control.protocolOffset(), control.protocolLength())
                : "";
        log.add("request " + stream.id() + " " + text(head, head.methodOffset(), head.methodLength()) + " "
                + (control.isHttps() ? "https" : "http") + "://"
                + text(head, head.authorityOffset(), head.authorityLength())
                + text(head, head.pathOffset(), head.pathLength())
                + (head.queryLength() >= 0 ? "?" + text(head, head.queryOffset(), head.queryLength()) : "") + protocol
                + " " + head.bodyKind() + " " + head.contentLength() + " " + end
                + (head.expectsContinue() ? " continue" : "") + " " + text(head.fields()));
        if (answer != null) {
            answer.answer(stream, end);
        }
        releaseIfClosed(stream);
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        streams.put(stream.id(), stream);
        log.add("refused " + stream.id() + " " + violation.status());
    }

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        log.add("interim " + stream.id() + " " + head.status() + " " + text(head.fields()));
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        log.add("response " + stream.id() + " " + head.status() + " " + head.bodyKind() + " " + head.contentLength()
                + " " + end + " " + text(head.fields()));
        releaseIfClosed(stream);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        int length = content.remaining();
        byte[] bytes = new byte[length];
        content.get(bytes);
        if (logsContent) {
            contents.computeIfAbsent(stream.id(), id -> new StringBuilder()).append(Wire.script(bytes));
            String start = "data " + stream.id() + " ";
            String last = log.isEmpty() ? "" : log.getLast();
            boolean goesOn = last.startsWith(start);
            if (goesOn) {
                log.removeLast();
            }
            log.add(start + ((goesOn ? Integer.parseInt(last.substring(start.length())) : 0) + length));
        }
        if (consumesAtOnce) {
            connection.consumed(stream, length);
        }
        if (onContent != null) {
            onContent.accept(stream);
        }
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        log.add("end " + stream.id() + (trailers == null ? "" : " " + text(trailers)));
        releaseIfClosed(stream);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        log.add("reset " + stream.id() + " " + ErrorCode.name(errorCode) + " " + by);
        releaseIfClosed(stream);
    }

    void releaseIfClosed(Http2Stream stream) {
        if (releasesAtOnce && stream.isClosed() && !stream.isReleased) {
            streams.remove(stream.id());
            connection.release(stream);
        }
    }

    @Override
    public void onWindowOpened(Http2Stream stream) {
        log.add("window " + stream.id());
    }

    @Override
    public void onSettings() {
        log.add("settings");
    }

    @Override
    public void onSettingsAcknowledged() {
        log.add("settings acknowledged");
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        log.add("goaway " + lastStreamId + " " + ErrorCode.name(errorCode));
    }

    @Override
    public void onPingAcknowledged(long opaque) {
        log.add("pong " + opaque);
    }

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        log.add("violation " + violation.token() + " " + streamId);
    }

    List<String> takeLog() {
        List<String> taken = List.copyOf(log);
        log.clear();
        return taken;
    }

    /** What is left when nothing goes on: the whole of the window. */
    boolean isWindowWhole(Http2Limits limits) {
        return connection.receiveWindowFreeBytes() == limits.connectionWindowBytes();
    }
}
