package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Takes what the handlers of a loop's connections write, as long as there is somebody to take it, and says whether they should wait. */
@HotPath
@LoopConfined
final class PlainOutput {
    /** So long a pause makes the next bytes first ones. */
    private static final long PAUSE_NS = 1_000_000_000;

    private final EventLoop loop;
    private final RecordWriter writer;

    PlainOutput(EventLoop loop, RecordWriter writer) {
        this.loop = loop;
        this.writer = writer;
    }

    boolean write(TlsConnection connection, ByteBuffer bytes) {
        if (!connection.mayWrite()) {
            bytes.position(bytes.limit());
            return true;
        }
        onWrite(connection);
        writer.write(connection, bytes);
        return answer(connection);
    }

    boolean write(TlsConnection connection, ByteBuffer[] pieces, int count) {
        if (!connection.mayWrite()) {
            for (int i = 0; i < count; i++) {
                pieces[i].position(pieces[i].limit());
            }
            return true;
        }
        onWrite(connection);
        writer.write(connection, pieces, count);
        return answer(connection);
    }

    @Nullable
    ByteBuffer begin(TlsConnection connection) {
        return connection.mayWrite() ? writer.begin(connection) : null;
    }

    boolean end(TlsConnection connection) {
        onWrite(connection);
        writer.end(connection);
        return answer(connection);
    }

    private void onWrite(TlsConnection connection) {
        long nowNs = loop.nowNs();
        if (nowNs - connection.lastWriteNs > PAUSE_NS) {
            connection.burstBytes = 0;
        }
        connection.lastWriteNs = nowNs;
    }

    /** While the transport has a backlog, its answer is wanted for these bytes too, so they do not wait. */
    private boolean answer(TlsConnection connection) {
        if (connection.corkedBytes > 0
                && (!connection.isBelowHighWatermark || connection.transport().pendingWriteBytes() > 0)) {
            writer.flush();
        }
        connection.isWritableAwaited |= !connection.isBelowHighWatermark;
        return connection.isBelowHighWatermark;
    }

    /** The transport takes bytes again. */
    void onWritable(TlsConnection connection) {
        connection.isBelowHighWatermark = true;
        if (connection.isWritableAwaited && connection.isEstablished()) {
            connection.isWritableAwaited = false;
            connection.handler().onWritable(connection);
        }
    }

    /** The transport takes bytes no more. */
    void onBroken(TlsConnection connection) {
        connection.isOutputBroken = true;
        writer.forget(connection);
        if (connection.isEstablished()) {
            connection.handler().onOutputBroken(connection);
        }
    }

    /** The engine takes no more, and the handler is to know. */
    void tellBroken(TlsConnection connection) {
        if (!connection.isEstablished()) {
            return;
        }
        try {
            connection.handler().onOutputBroken(connection);
        } catch (RuntimeException | Error e) {
            connection.abort(CloseCause.HANDLER_FAILED);
            throw e;
        }
        if (connection.isEstablished() && connection.isInputEnded) {
            connection.abort(CloseCause.RESET);
        }
    }

    /**
     * Says to the peer, behind all that was written, that nothing more comes.
     *
     * @return whether it could be said
     */
    boolean sendCloseNotify(TlsConnection connection) {
        writer.flush();
        connection.isOutputEnded = true;
        connection.engine().closeOutbound();
        try {
            writer.sendOwn(connection);
            return true;
        } catch (SSLException e) {
            return false;
        }
    }
}
