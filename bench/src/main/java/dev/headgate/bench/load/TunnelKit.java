package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.websocket.WebSocketHandshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the WebSockets of one loop have in common: the request for one, and the message that has to come back. */
@LoopConfined
final class TunnelKit {
    /** Of everybody: nobody is to be protected from anybody here. */
    private static final String KEY = "aGVhZGdhdGUtYmVuY2gtMQ==";

    private static final byte[] TEXT = "still there?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};
    private static final int TEXT_FRAME = 0x81;
    private static final int MASKED = 0x80;

    private final WebSocketHandshake handshake = new WebSocketHandshake();
    private final RequestHead asked = new RequestHead();
    private final ByteBuffer request;
    private final ByteBuffer message;
    private final ByteBuffer echo;

    TunnelKit(LoadPlan plan) {
        request = RequestWriter.webSocketHead(plan, KEY);
        if (new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(request, asked) != Decode.COMPLETE
                || !WebSocketHandshake.isAskedFor(asked)) {
            throw new IllegalArgumentException("not a request for a WebSocket: " + plan.request());
        }
        asked.retain(ByteBuffer.allocateDirect(asked.headLength()));
        message = ByteBuffer.allocateDirect(2 + MASK.length + TEXT.length);
        message.put((byte) TEXT_FRAME).put((byte) (MASKED | TEXT.length)).put(MASK);
        for (int i = 0; i < TEXT.length; i++) {
            message.put((byte) (TEXT[i] ^ MASK[i % MASK.length]));
        }
        echo = ByteBuffer.allocateDirect(2 + TEXT.length);
        echo.put((byte) TEXT_FRAME).put((byte) TEXT.length).put(TEXT).flip();
    }

    /** The request for a WebSocket, lent. */
    ByteBuffer request() {
        return request.position(0);
    }

    boolean isGrantedBy(ResponseHead head) {
        return handshake.isGrantedBy(head, asked.fields());
    }

    /** A frame as clients send it, lent. */
    ByteBuffer message() {
        return message.position(0);
    }

    int echoBytes() {
        return echo.limit();
    }

    /** Whether what remains of {@code bytes} is the message as it comes back. */
    boolean isEcho(ByteBuffer bytes) {
        return bytes.mismatch(echo) < 0;
    }
}
