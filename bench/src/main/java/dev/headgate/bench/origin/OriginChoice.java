package dev.headgate.bench.origin;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.h2.Http2Connection;
import java.nio.ByteBuffer;

/** A connection of which it is not known yet what is spoken on it: its first bytes tell (RFC 9113 §3.3). */
@LoopConfined
final class OriginChoice implements ConnectionHandler {
    private final OriginLoop origin;

    OriginChoice(OriginLoop origin) {
        this.origin = origin;
    }

    @Override
    public void onOpen(Connection opened) {
        // The client begins.
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        int compared = Math.min(bytes.remaining(), Http2Connection.PREFACE_BYTES);
        if (!Http2Connection.isPreface(bytes, compared)) {
            handTo(from, new OriginSession(origin), bytes);
        } else if (compared == Http2Connection.PREFACE_BYTES) {
            handTo(from, new Http2OriginSession(origin, from), bytes);
        }
    }

    private static void handTo(Connection from, ConnectionHandler chosen, ByteBuffer bytes) {
        from.handler(chosen);
        chosen.onOpen(from);
        chosen.onBytes(from, bytes);
    }

    @Override
    public void onWritable(Connection writable) {
        // Nothing was written.
    }

    @Override
    public void onEnd(Connection ended) {
        ended.close();
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        // Nothing was begun.
    }
}
