package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One of two machines that talk to each other: an owner that sends and consumes at random, and checks every byte of what
 * comes. The content of a stream is numbers that follow from its id and the direction.
 */
final class Side implements Http2Listener, Http2Outbox {
    /** What the owner knows of one message pair. */
    static final class Exchange {
        final Http2Stream stream;
        int toSend;
        int sent;
        int expected = -1;
        int received;
        int held;
        boolean isHeadSent;
        boolean isSent;
        boolean isReceived;
        boolean isReset;

        Exchange(Http2Stream stream) {
            this.stream = stream;
        }
    }

    final Http2Connection connection;
    final Map<Integer, Exchange> exchanges = new HashMap<>();
    final List<Exchange> done = new ArrayList<>();
    final Deque<byte[]> wire = new ArrayDeque<>();
    final Random random;
    final boolean isClient;
    final Http2Limits limits;
    long nowNs;
    int windowsOpened;
    long movedBytes;
    private final ByteBuffer out = ByteBuffer.allocateDirect(200_000);
    private byte[] unread = new byte[0];

    Side(Http2Role role, Http2Limits limits, Random random) {
        this.random = random;
        this.limits = limits;
        isClient = role == Http2Role.CLIENT;
        connection = new Http2Connection(role, limits, new Http2Scratch(limits.heads()), this, this, 0);
        connection.start(0);
    }

    // ---- the owner

    void request(int length) {
        RequestHead head = Heads.request("POST /" + length + " HTTP/1.1␍␊Host: a␍␊Content-Length: 1␍␊X-A: b␍␊␍␊");
        StreamEnd end = length == 0 ? StreamEnd.END : StreamEnd.OPEN;
        Http2Stream stream = connection.request(head, Heads.PLAIN, random.nextBoolean() ? length : -1, end, nowNs);
        if (stream != null) {
            var exchange = new Exchange(stream);
            exchanges.put(stream.id(), exchange);
            exchange.toSend = length;
            exchange.isHeadSent = true;
            exchange.isSent = length == 0;
        }
    }

    void respond(Exchange exchange, int length) {
        if (exchange.isHeadSent || !exchange.stream.canSend()) {
            return;
        }
        FieldSection fields = Heads.fields("x-length", String.valueOf(length));
        StreamEnd end = length == 0 ? StreamEnd.END : StreamEnd.OPEN;
        assertTrue(connection.sendResponse(exchange.stream, 200, fields, random.nextBoolean() ? length : -1, end));
        exchange.isHeadSent = true;
        exchange.toSend = length;
        exchange.isSent = length == 0;
        if (exchange.isSent) {
            release(exchange);
        }
    }

    /** Sends some of a stream's content, or waits for its turn. */
    void send(Exchange exchange, int most) {
        Http2Stream stream = exchange.stream;
        if (!exchange.isHeadSent || exchange.isSent || !stream.canSend()) {
            return;
        }
        int left = exchange.toSend - exchange.sent;
        int length = Math.min(Math.min(left, most), connection.sendableBytes(stream));
        if (length == 0 && left > 0) {
            connection.awaitTurn(stream, nowNs);
            return;
        }
        boolean withTrailers = length == left && random.nextInt(4) == 0;
        boolean isLast = length == left;
        byte[] content = content(stream.id(), exchange.sent, length, isClient);
        if (random.nextBoolean()) {
            connection.beginData(stream, length, isLast && !withTrailers ? StreamEnd.END : StreamEnd.OPEN);
            wire.add(content);
        } else {
            StreamEnd end = isLast && !withTrailers ? StreamEnd.END : StreamEnd.OPEN;
            assertTrue(connection.sendData(stream, ByteBuffer.wrap(content), end));
        }
        if (withTrailers) {
            assertTrue(connection.sendTrailers(stream, Heads.fields("grpc-status", "0")));
        }
        exchange.sent += length;
        exchange.isSent = isLast;
        if (isLast) {
            release(exchange);
        } else {
            connection.awaitTurn(stream, nowNs);
        }
    }

    void sendByTurns(int most) {
        Http2Stream next = connection.nextToSend();
        if (next != null) {
            Exchange exchange = exchanges.get(next.id());
            assertEquals(next, exchange.stream);
            assertTrue(connection.sendableBytes(next) > 0);
            send(exchange, most);
        }
    }

    void consume(Exchange exchange, int most) {
        int bytes = Math.min(most, exchange.held);
        if (bytes > 0 && random.nextInt(3) == 0) {
            connection.buffered(exchange.stream, bytes);
        }
        exchange.held -= bytes;
        connection.consumed(exchange.stream, bytes);
        release(exchange);
    }

    void reset(Exchange exchange) {
        connection.reset(exchange.stream, ErrorCode.CANCEL);
        exchange.isReset = true;
        exchange.held = 0;
        release(exchange);
    }

    private void release(Exchange exchange) {
        if (exchange.stream.isClosed() && exchange.held == 0 && exchanges.remove(exchange.stream.id()) != null) {
            done.add(exchange);
            connection.release(exchange.stream);
        }
    }

    Exchange any() {
        int index = random.nextInt(exchanges.size());
        return exchanges.values().stream().skip(index).findFirst().orElseThrow();
    }

    static byte[] content(int id, int from, int length, boolean ofClient) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = byteAt(id, from + i, ofClient);
        }
        return content;
    }

    private static byte byteAt(int id, int at, boolean ofClient) {
        return (byte) (id * 31 + at * 7 + (at >> 8) + (ofClient ? 1 : 0));
    }

    // ---- the wire

    /** Moves up to so many bytes of what the other side has written here. */
    void receiveFrom(Side other, int most) {
        int left = most;
        byte[] bytes = unread;
        while (left > 0 && !other.wire.isEmpty()) {
            byte[] next = other.wire.poll();
            if (next.length > left) {
                other.wire.addFirst(java.util.Arrays.copyOfRange(next, left, next.length));
                next = java.util.Arrays.copyOf(next, left);
            }
            bytes = Wires.join(bytes, next);
            left -= next.length;
        }
        if (other.wire.isEmpty()) {
            other.connection.onOutputDrained();
        }
        movedBytes += bytes.length - unread.length;
        ByteBuffer input = ByteBuffer.wrap(bytes);
        connection.receive(input, nowNs);
        assertEquals(null, connection.violation());
        unread = new byte[input.remaining()];
        input.get(unread);
    }

    @Override
    public ByteBuffer begin(int bytes) {
        return out.clear();
    }

    @Override
    public void end() {
        byte[] frames = new byte[out.position()];
        out.get(0, frames);
        wire.add(frames);
    }

    // ---- events

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        var exchange = new Exchange(stream);
        exchanges.put(stream.id(), exchange);
        byte[] path = new byte[head.pathLength() - 1];
        head.bytes().get(head.pathOffset() + 1, path);
        exchange.expected = Integer.parseInt(new String(path, java.nio.charset.StandardCharsets.US_ASCII));
        onEnd(exchange, end);
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        Exchange exchange = exchanges.get(stream.id());
        assertEquals(stream, exchange.stream);
        FieldSection fields = head.fields();
        exchange.expected = Integer.parseInt(fields.value(fields.find(dev.headgate.testkit.Wire.bytes("x-length"))));
        onEnd(exchange, end);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        Exchange exchange = exchanges.get(stream.id());
        exchange.held += content.remaining();
        while (content.hasRemaining()) {
            byte expected = byteAt(stream.id(), exchange.received++, !isClient);
            if (content.get() != expected) {
                throw new AssertionError("wrong byte at " + exchange.received);
            }
        }
        assertTrue(exchange.received <= exchange.expected);
        // No stream can make its owner hold more than its window, nor all of them more than the connection's.
        assertTrue(exchange.held <= limits.streamWindowBytes() || exchange.held <= Frames.WINDOW_DEFAULT);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        onEnd(exchanges.get(stream.id()), StreamEnd.END);
    }

    private void onEnd(Exchange exchange, StreamEnd end) {
        if (end == StreamEnd.END) {
            assertEquals(exchange.expected, exchange.received);
            exchange.isReceived = true;
            release(exchange);
        }
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        Exchange exchange = exchanges.get(stream.id());
        exchange.isReset = true;
        exchange.held = 0;
        release(exchange);
    }

    @Override
    public void onWindowOpened(Http2Stream stream) {
        windowsOpened++;
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
        throw new AssertionError(violation);
    }

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        throw new AssertionError();
    }

    @Override
    public void onSettings() {}

    @Override
    public void onSettingsAcknowledged() {}

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {}

    @Override
    public void onPingAcknowledged(long opaque) {}

    @Override
    public void onViolation(Http2Violation violation, int streamId) {
        // The client may open a stream before it knows how many there may be.
        assertEquals(Http2Violation.STREAM_REFUSED, violation);
    }
}
