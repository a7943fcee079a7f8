package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.RequestModel;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.ServerFrames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a connection in the role of a server, as odd as its clients: what it does with a request follows from the
 * letters of the path, so that nothing of it depends on when bytes come. It acts within events, never between them.
 * <pre>
 *  e  answers before the end      r  resets at once      h  never answers     n  resets behind an early answer
 *  t  answers with trailers       i  with an interim response before         b  keeps content until the end
 * </pre>
 */
final class FrameOwner implements Http2Listener, Http2Outbox {
    private static final int CONTENT_PER_LETTER = 40;
    private static final FieldSection FIELDS = fields("x-a", "b");
    private static final FieldSection NONE = new FieldSection();
    private static final ByteBuffer OUT = ByteBuffer.allocate(70_000);

    /** What is kept of a run. */
    enum Recording {
        ALL,
        NOTHING
    }

    /** A request that is being served. */
    private static final class Served {
        final Http2Stream stream;
        final String path;
        int held;
        int toSend = -1; // before the answer

        Served(Http2Stream stream, String path) {
            this.stream = stream;
            this.path = path;
        }

        boolean is(char letter) {
            return path.indexOf(letter) >= 0;
        }
    }

    private final Http2Limits limits;
    private final boolean isRecording;
    private final Http2Connection connection;
    private final TreeMap<Integer, Served> served = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final @Nullable ServerFrames client;
    private int checkedSent;
    private int checkedWritten;
    private boolean isGoAwaySent;

    FrameOwner(Http2Limits limits, Http2Scratch scratch, Recording recording) {
        this.limits = limits;
        isRecording = recording == Recording.ALL;
        client = isRecording ? new ServerFrames() : null;
        connection = new Http2Connection(Http2Role.SERVER, limits, scratch, this, this, 0);
        connection.start(0);
    }

    private static FieldSection fields(String name, String value) {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(64));
        fields.add(name.getBytes(StandardCharsets.US_ASCII), value.getBytes(StandardCharsets.US_ASCII));
        return fields;
    }

    Http2Limits limits() {
        return limits;
    }

    Http2Connection connection() {
        return connection;
    }

    List<String> events() {
        return events;
    }

    byte[] written() {
        return written.toByteArray();
    }

    boolean isGoAwaySent() {
        return isGoAwaySent;
    }

    boolean receive(ByteBuffer input) {
        return connection.receive(input, 0);
    }

    /** What is in the outbox has been sent, in answer to so many bytes; the client looks at it. */
    void flushed(byte[] wire, int consumed) {
        if (client != null) {
            client.sent(Arrays.copyOfRange(wire, checkedSent, consumed));
            checkedSent = consumed;
            look(client);
        }
    }

    private void look(ServerFrames reader) {
        byte[] all = written.toByteArray();
        for (var frame : reader.received(Arrays.copyOfRange(all, checkedWritten, all.length))) {
            isGoAwaySent |= frame.is(Frames.GOAWAY);
        }
        checkedWritten = all.length;
    }

    /** No more comes. Who still waits, waits for a window; then everything is let go. */
    void finish() {
        act();
        if (client != null && !connection.isFailed()) {
            look(client);
            for (Served one : served.values()) {
                long allowed = client.allowedBytes(one.stream.id());
                Laws.check(
                        one.toSend <= 0 || allowed <= 0 || !one.stream.canSend(),
                        () -> one.stream + " has " + one.toSend + " to send and may send " + allowed);
            }
        }
        for (Served one : List.copyOf(served.values())) {
            release(one);
        }
        Laws.same(0, connection.streamCount(), "streams left");
    }

    // ---- what the owner does

    private void act() {
        for (Served one : List.copyOf(served.values())) {
            giveCredit(one);
        }
        for (Http2Stream next = connection.nextToSend(); next != null; next = connection.nextToSend()) {
            send(of(next));
        }
    }

    private Served of(Http2Stream stream) {
        Served one = served.get(stream.id());
        if (one == null || one.stream != stream) {
            throw new AssertionError("not ours: " + stream);
        }
        return one;
    }

    private void giveCredit(Served one) {
        if (one.held == 0) {
            return;
        }
        if (one.is('b') && one.stream.canReceive()) {
            connection.buffered(one.stream, one.held);
        } else {
            connection.consumed(one.stream, one.held);
            one.held = 0;
        }
    }

    private void answer(Served one) {
        if (one.toSend >= 0 || one.is('h') || !one.stream.canSend()) {
            return;
        }
        int length = one.path.length() * CONTENT_PER_LETTER;
        if (one.is('i')) {
            connection.sendInterim(one.stream, 103, FIELDS);
        }
        if (connection.sendResponse(one.stream, 200, FIELDS, one.is('t') ? -1 : length, StreamEnd.OPEN)) {
            one.toSend = length;
            connection.awaitTurn(one.stream, 0);
        }
    }

    private void send(Served one) {
        int length = Math.min(one.toSend, connection.sendableBytes(one.stream));
        boolean isLast = length == one.toSend;
        boolean hasTrailers = one.is('t');
        connection.sendData(
                one.stream, ByteBuffer.allocate(length), isLast && !hasTrailers ? StreamEnd.END : StreamEnd.OPEN);
        one.toSend -= length;
        if (!isLast) {
            return;
        }
        if (hasTrailers) {
            connection.sendTrailers(one.stream, FIELDS);
        }
        connection.endTurns(one.stream);
        if (one.stream.canReceive() && one.is('n')) {
            connection.reset(one.stream, ErrorCode.NO_ERROR);
        }
        if (one.stream.isClosed()) {
            release(one);
        }
    }

    private void release(Served one) {
        served.remove(one.stream.id());
        connection.release(one.stream);
    }

    // ---- events

    private void note(String event) {
        if (isRecording) {
            events.add(event);
        }
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        byte[] path = new byte[head.pathLength()];
        head.bytes().get(head.pathOffset(), path);
        Served one = new Served(stream, new String(path, StandardCharsets.ISO_8859_1));
        if (isRecording) {
            note("request " + stream.id() + " " + RequestModel.of(head) + " https=" + control.isHttps() + " " + end);
        }
        served.put(stream.id(), one);
        if (one.is('r')) {
            connection.reset(stream, ErrorCode.CANCEL);
            release(one);
        } else if (end == StreamEnd.END || one.is('e')) {
            answer(one);
        }
        act();
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        note("refused " + stream.id() + " " + violation + " " + end);
        connection.sendResponse(stream, violation.status(), NONE, 0, StreamEnd.END);
        connection.release(stream);
        act();
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        Served one = of(stream);
        one.held += content.remaining();
        if (isRecording) {
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            String event = "data " + stream.id() + " ";
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (!events.isEmpty() && events.getLast().startsWith(event)) {
                events.addLast(events.removeLast() + text);
            } else {
                events.add(event + text);
            }
        }
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        if (isRecording) {
            note("end " + stream.id() + (trailers == null ? "" : " " + RequestModel.lines(trailers)));
        }
        Served one = of(stream);
        if (stream.isClosed()) {
            release(one); // It was answered before.
        } else {
            answer(one);
        }
        act();
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        note("reset " + stream.id() + " " + errorCode + " " + by);
        release(of(stream));
    }

    @Override
    public void onWindowOpened(Http2Stream stream) {
        note("window " + stream.id());
    }

    @Override
    public void onSettings() {
        note("settings");
        act();
    }

    @Override
    public void onSettingsAcknowledged() {
        note("acknowledged");
        act();
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        note("goaway " + lastStreamId + " " + errorCode);
        act();
    }

    @Override
    public void onPingAcknowledged(long opaque) {
        note("pong " + opaque);
        act();
    }

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        note("violation " + violation + " " + streamId);
    }

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        throw new AssertionError("a response from a client");
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        throw new AssertionError("a response from a client");
    }

    // ---- outbox

    @Override
    public @Nullable ByteBuffer begin(int bytes) {
        return bytes <= OUT.capacity() ? OUT.clear() : null;
    }

    @Override
    public void end() {
        if (isRecording) {
            written.write(OUT.array(), 0, OUT.position());
        }
    }
}
