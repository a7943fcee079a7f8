package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client and a server that exchange messages for long leave no garbage and do not grow. */
class AllocationTest {
    private static final int EXCHANGES = 100_000;

    private final ByteBuffer toServer = ByteBuffer.allocateDirect(64 << 10);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(64 << 10);
    private final ByteBuffer content = ByteBuffer.allocateDirect(1024);
    private final RequestHead request = Heads.request(
            "POST /items?page=3 HTTP/1.1␍␊Host: shop.example␍␊User-Agent: x␍␊Cookie: a=b␍␊X-Custom: some value␍␊Content-Length: 1024␍␊␍␊");
    private final FieldSection fields =
            Heads.fields("server", "s", "content-type", "text/html", "set-cookie", "a=b", "etag", "\"1\"");
    private final FieldSection trailers = Heads.fields("grpc-status", "0");
    private final Http2Connection server;
    private final Http2Connection client;
    private int ended;

    AllocationTest() {
        server = connection(Http2Role.SERVER, Http2Limits.DEFAULTS, toClient);
        client = connection(Http2Role.CLIENT, Http2Limits.RESPONSE_DEFAULTS, toServer);
        server.start(0);
        client.start(0);
        deliver();
    }

    private Http2Connection connection(Http2Role role, Http2Limits limits, ByteBuffer out) {
        var owner = new Owner(out);
        var connection = new Http2Connection(role, limits, new Http2Scratch(limits.heads()), owner, owner, 0);
        owner.connection = connection;
        return connection;
    }

    private void deliver() {
        while (toServer.position() > 0 || toClient.position() > 0) {
            server.receive(toServer.flip(), 0);
            toServer.compact();
            client.receive(toClient.flip(), 0);
            toClient.compact();
            server.onOutputDrained();
            client.onOutputDrained();
        }
    }

    @Test
    void leavesNoGarbage() {
        for (int i = 0; i < EXCHANGES / 2; i++) {
            exchange();
        }
        var meter = AllocationMeter.start(Thread.currentThread().threadId());
        for (int i = 0; i < EXCHANGES; i++) {
            exchange();
        }
        assertEquals(0, meter.bytes() / EXCHANGES, "bytes per exchange");
        assertEquals(EXCHANGES * 3 / 2, ended);
        assertEquals(0, server.streamCount() + client.streamCount());
        assertEquals(1 << 20, server.receiveWindowFreeBytes());
        assertEquals(1 << 20, client.receiveWindowFreeBytes());
    }

    /** With what a browser's first request puts into the table; what is garbage by then counts as well. */
    @Test
    void anIdleConnectionIsSmall() {
        byte[] fields = Wires.block(
                "user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0",
                "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "accept-language", "en-US,en;q=0.5",
                "accept-encoding", "gzip, deflate, br",
                "cookie", "session=0123456789abcdef0123456789abcdef");
        for (int at = 0; at < fields.length; at += 3 + fields[at + 1] + fields[at + 2 + fields[at + 1]]) {
            fields[at] = 0x40;
        }
        byte[] request = Wires.headers(1, Frames.END_HEADERS | Frames.END_STREAM, Wires.join(Wires.GET, fields));
        byte[] bytes = Wires.join(Wires.PREFACE, Wires.settings(4, 1 << 20), Wires.settingsAck(), request);
        ByteBuffer input = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        var connections = new Http2Connection[1000];
        var scratch = new Http2Scratch(Http2HeadLimits.DEFAULTS);
        idleConnection(scratch, input);
        var meter = AllocationMeter.start(Thread.currentThread().threadId());
        for (int i = 0; i < connections.length; i++) {
            connections[i] = idleConnection(scratch, input);
        }
        long perConnection = meter.bytes() / connections.length;
        assertEquals(0, connections[0].streamCount());
        assertTrue(perConnection < 3 << 10, () -> "bytes: " + perConnection);
    }

    private Http2Connection idleConnection(Http2Scratch scratch, ByteBuffer input) {
        var owner = new Owner(toClient.clear());
        var connection = new Http2Connection(Http2Role.SERVER, Http2Limits.DEFAULTS, scratch, owner, owner, 0);
        owner.connection = connection;
        owner.answersAtOnce = true;
        connection.start(0);
        check(connection.receive(input.flip(), 0));
        return connection;
    }

    private void exchange() {
        Http2Stream stream = client.request(request, Heads.PLAIN, 1024, StreamEnd.OPEN, 0);
        check(stream != null && client.sendData(stream, content.clear(), StreamEnd.END));
        deliver();
    }

    private static void check(boolean fine) {
        if (!fine) {
            assertTrue(fine);
        }
    }

    /** Consumes at once, and answers each request. */
    private final class Owner implements Http2Listener, Http2Outbox {
        private final ByteBuffer out;
        private @Nullable Http2Connection connection;
        private boolean answersAtOnce;

        Owner(ByteBuffer out) {
            this.out = out;
        }

        private Http2Connection connection() {
            Http2Connection known = connection;
            if (known == null) {
                throw new IllegalStateException();
            }
            return known;
        }

        @Override
        public ByteBuffer begin(int bytes) {
            return out;
        }

        @Override
        public void end() {}

        @Override
        public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
            if (answersAtOnce) {
                check(connection().sendResponse(stream, 200, fields, 1024, StreamEnd.OPEN));
                check(connection().sendData(stream, content.clear(), StreamEnd.END));
                connection().release(stream);
            }
        }

        @Override
        public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {}

        @Override
        public void onData(Http2Stream stream, ByteBuffer bytes) {
            connection().consumed(stream, bytes.remaining());
        }

        @Override
        public void onEnd(Http2Stream stream, @Nullable FieldSection section) {
            if (!stream.isClosed()) {
                check(connection().sendResponse(stream, 200, fields, 1024, StreamEnd.OPEN));
                check(connection().sendData(stream, content.clear(), StreamEnd.OPEN));
                check(connection().sendTrailers(stream, trailers));
            } else {
                ended++;
            }
            connection().release(stream);
        }

        @Override
        public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
            throw new AssertionError(violation);
        }

        @Override
        public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
            throw new AssertionError(by);
        }

        @Override
        public void onGoAway(int lastStreamId, int errorCode) {}

        @Override
        public void onViolation(Http2Violation violation, int streamId) {
            throw new AssertionError(violation);
        }
    }
}
