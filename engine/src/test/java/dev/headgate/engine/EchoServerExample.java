package dev.headgate.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A TCP echo server with back-pressure: what a peer does not read, it cannot go on sending. */
final class EchoServerExample implements ConnectionHandler {
    public static void main(String[] arguments) throws IOException {
        Engine engine = Engine.start(EngineOptions.DEFAULTS);
        engine.listen(
                ListenOptions.at(new InetSocketAddress(Integer.parseInt(arguments[0]))),
                (loop, connection) -> new EchoServerExample());
    }

    @Override
    public void onBytes(Connection connection, ByteBuffer bytes) {
        if (!connection.write(bytes)) {
            connection.pauseReading();
        }
    }

    @Override
    public void onWritable(Connection connection) {
        connection.resumeReading();
    }

    @Override
    public void onClosed(Connection connection, CloseCause cause) {}
}
