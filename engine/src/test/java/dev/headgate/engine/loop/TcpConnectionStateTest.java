package dev.headgate.engine.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.loop.ScriptedIo.ScriptedSocket;
import dev.headgate.engine.loop.TcpConnection.State;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state against every event. */
class TcpConnectionStateTest {
    private final ScriptedIo io = new ScriptedIo();
    private final ScriptedSocket socket = new ScriptedSocket();
    private final List<CloseCause> causes = new ArrayList<>();

    private final ConnectionHandler handler = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            causes.add(cause);
        }
    };

    @ParameterizedTest
    @CsvSource({
        "CONNECTING, connected, OPEN,     ",
        "CONNECTING, close,     CLOSED,   CLOSED",
        "CONNECTING, abort,     CLOSED,   ABORTED",
        "CONNECTING, fail,      CLOSED,   RESET",
        "OPEN,       connected, OPEN,     ",
        "OPEN,       close,     CLOSED,   CLOSED",
        "OPEN,       closeFull, FLUSHING, ",
        "OPEN,       sent,      OPEN,     ",
        "OPEN,       abort,     CLOSED,   ABORTED",
        "OPEN,       fail,      CLOSED,   RESET",
        "OPEN,       end,       CLOSED,   CLOSED",
        "FLUSHING,   connected, FLUSHING, ",
        "FLUSHING,   close,     FLUSHING, ",
        "FLUSHING,   sent,      CLOSED,   CLOSED",
        "FLUSHING,   abort,     CLOSED,   ABORTED",
        "FLUSHING,   fail,      CLOSED,   RESET",
        "FLUSHING,   end,       FLUSHING, ",
        "ENDING,     connected, CLOSED,   ABORTED",
        "ENDING,     close,     CLOSED,   ABORTED",
        "ENDING,     sent,      CLOSED,   ABORTED",
        "ENDING,     abort,     CLOSED,   ABORTED",
        "ENDING,     fail,      CLOSED,   ABORTED",
        "CLOSED,     connected, CLOSED,   ABORTED",
        "CLOSED,     close,     CLOSED,   ABORTED",
        "CLOSED,     sent,      CLOSED,   ABORTED",
        "CLOSED,     abort,     CLOSED,   ABORTED",
        "CLOSED,     fail,      CLOSED,   ABORTED",
    })
    void goesWhereTheDiagramSays(State from, String event, State to, @Nullable CloseCause cause) throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        io.connecting.add(socket);
        TcpConnection connection =
                (TcpConnection) loop.connect(new InetSocketAddress(1), SocketOptions.DEFAULTS, handler);
        bring(loop, connection, from);
        assertEquals(from, connection.state());
        happen(loop, connection, event);
        if (!event.equals("connected") || from != State.CONNECTING) {
            loop.runCycle(0);
        }
        assertEquals(to, connection.state());
        assertEquals(cause == null ? List.of() : List.of(cause), causes);
    }

    private void bring(LoopCore loop, TcpConnection connection, State state) {
        if (state == State.CONNECTING) {
            return;
        }
        loop.runCycle(0);
        socket.writes = possible -> 0;
        switch (state) {
            case CONNECTING, OPEN -> {}
            case FLUSHING -> {
                connection.write(ByteBuffer.allocateDirect(10));
                connection.close();
                loop.runCycle(0);
            }
            case ENDING -> connection.abort();
            case CLOSED -> {
                connection.abort();
                loop.runCycle(0);
            }
        }
    }

    private void happen(LoopCore loop, TcpConnection connection, String event) {
        switch (event) {
            case "connected" -> loop.runCycle(0);
            case "close" -> connection.close();
            case "closeFull" -> {
                connection.write(ByteBuffer.allocateDirect(10));
                connection.close();
            }
            case "sent" -> socket.writes = possible -> possible;
            case "abort" -> connection.abort();
            case "fail" -> connection.onReadFailed();
            case "end" -> socket.hasInputEnded = true;
            default -> throw new AssertionError(event);
        }
    }
}
