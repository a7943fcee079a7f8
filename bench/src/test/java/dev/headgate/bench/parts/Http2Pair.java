package dev.headgate.bench.parts;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Outbox;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client and a server of HTTP/2 that talk through memory: each request is answered with the same response. */
final class Http2Pair {
    private static final Http2RequestOptions OPTIONS =
            new Http2RequestOptions(Http2RequestOptions.Scheme.HTTP, null, null, Http2RequestOptions.Trailers.UNSAID);

    private final ByteBuffer toServer = ByteBuffer.allocateDirect(128 << 10);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(128 << 10);
    private final Http2Connection client;
    private final Http2Connection server;
    private final FieldSection response;
    private final ByteBuffer content;
    private long receivedBytes;

    Http2Pair(FieldSection response, ByteBuffer content) {
        this.response = response;
        this.content = content;
        client = connection(Http2Role.CLIENT, Http2Limits.RESPONSE_DEFAULTS, toServer);
        server = connection(Http2Role.SERVER, Http2Limits.DEFAULTS, toClient);
        client.start(0);
        server.start(0);
        deliver();
    }

    private Http2Connection connection(Http2Role role, Http2Limits limits, ByteBuffer out) {
        var owner = new Owner(out);
        var connection = new Http2Connection(role, limits, new Http2Scratch(limits.heads()), owner, owner, 0);
        owner.connection = connection;
        return connection;
    }

    /** One request and its whole response; answers how much content has come on this pair so far. */
    long exchange(RequestHead request) {
        client.request(request, OPTIONS, -1, StreamEnd.END, 0);
        deliver();
        return receivedBytes;
    }

    private void deliver() {
        while (toServer.position() > 0 || toClient.position() > 0) {
            boolean goesOn = server.receive(toServer.flip(), 0);
            toServer.compact();
            goesOn &= client.receive(toClient.flip(), 0);
            toClient.compact();
            server.onOutputDrained();
            client.onOutputDrained();
            if (!goesOn) {
                throw new IllegalStateException(server.violation() + ", " + client.violation());
            }
        }
    }

    private final class Owner implements Http2Listener, Http2Outbox {
        private final ByteBuffer out;
        private @Nullable Http2Connection connection;

        Owner(ByteBuffer out) {
            this.out = out;
        }

        private Http2Connection connection() {
            Http2Connection known = connection;
            if (known == null) {
                throw new IllegalStateException("not made yet");
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
            Http2Connection known = connection();
            known.sendResponse(stream, 200, response, content.capacity(), StreamEnd.OPEN);
            known.sendData(stream, content.clear(), StreamEnd.END);
            known.release(stream);
        }

        @Override
        public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {}

        @Override
        public void onData(Http2Stream stream, ByteBuffer bytes) {
            receivedBytes += bytes.remaining();
            connection().consumed(stream, bytes.remaining());
        }

        @Override
        public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
            connection().release(stream);
        }

        @Override
        public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end) {
            throw new IllegalStateException(violation.token());
        }

        @Override
        public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
            throw new IllegalStateException("reset: " + errorCode);
        }

        @Override
        public void onGoAway(int lastStreamId, int errorCode) {}

        @Override
        public void onViolation(Http2Violation violation, int streamId) {
            throw new IllegalStateException(violation.token());
        }
    }
}
