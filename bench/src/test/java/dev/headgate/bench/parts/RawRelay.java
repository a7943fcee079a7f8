package dev.headgate.bench.parts;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.SocketOptions;
import dev.headgate.testkit.memory.MemoryIo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Forwards bytes on the engine, and knows of no protocol: what any proxy on it would cost at least. */
final class RawRelay implements Relay {
    private @Nullable Engine engine;

    @Override
    public void start(MemoryIo io) {
        try {
            engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
            engine.listen(
                    ListenOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080)),
                    (loop, connection) -> new ClientSide(loop));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** Passes what comes to the other side, which exists from the first connect on. */
    private abstract static class Side implements ConnectionHandler {
        @Nullable
        Connection other;

        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            if (other != null) {
                other.write(bytes);
            }
        }

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            if (other != null) {
                other.close();
            }
        }
    }

    private static final class ClientSide extends Side {
        private final EventLoop loop;

        ClientSide(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void onOpen(Connection connection) {
            var originSide = new OriginSide();
            originSide.other = connection;
            other = loop.connect(ORIGIN, SocketOptions.DEFAULTS, originSide);
        }
    }

    private static final class OriginSide extends Side {}
}
