package dev.headgate.engine.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.loop.ScriptedIo.ScriptedSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** However the socket splits the bytes and whatever the handler takes of them, they arrive whole and in order, and buffers come back. */
class ByteMovingProperties {
    private static final SocketOptions OPTIONS = new SocketOptions(true, 0, 0, 20_000, 2_000, 4 << 20, 256 * 1024);

    private static Connection connect(ScriptedIo io, ScriptedSocket socket, LoopCore loop, ConnectionHandler handler) {
        io.connecting.add(socket);
        Connection connection = loop.connect(new InetSocketAddress(1), OPTIONS, handler);
        loop.runCycle(0);
        assertTrue(connection.isOpen());
        return connection;
    }

    private static byte[] bytes(Random random, int max) {
        byte[] bytes = new byte[random.nextInt(max)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(Random random, ByteArrayOutputStream expected) {
        return buffer(random, random.nextBoolean() ? 300 : 30_000, expected);
    }

    private static ByteBuffer buffer(Random random, int bound, ByteArrayOutputStream expected) {
        byte[] piece = bytes(random, bound);
        expected.writeBytes(piece);
        return random.nextInt(4) == 0
                ? ByteBuffer.wrap(piece)
                : ByteBuffer.allocateDirect(piece.length).put(piece).flip();
    }

    private static boolean writeSeveral(Connection connection, Random random, ByteArrayOutputStream expected) {
        ByteBuffer[] pieces = new ByteBuffer[1 + random.nextInt(Connection.PIECES_MAX)];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = buffer(random, random.nextBoolean() ? 300 : 8_000, expected);
        }
        boolean keepsUp = connection.write(pieces, pieces.length);
        for (ByteBuffer piece : pieces) {
            assertFalse(piece.hasRemaining());
        }
        return keepsUp;
    }

    private static boolean writeInPlace(Connection connection, Random random, ByteArrayOutputStream expected) {
        ByteBuffer place = connection.beginWrite();
        if (place == null) {
            return connection.write(buffer(random, expected));
        }
        byte[] piece = bytes(random, place.remaining() + 1);
        expected.writeBytes(piece);
        place.put(piece);
        return connection.endWrite();
    }

    @Property(tries = 500)
    void whatIsWrittenArrives(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ScriptedIo io = new ScriptedIo();
        ScriptedSocket socket = new ScriptedSocket();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Watcher watcher = new Watcher();
        LoopCore loop =
                io.loop(builder -> builder.corkBytes(1 + random.nextInt(8000)).copyMaxBytes(random.nextInt(5000)));
        Connection connection = connect(io, socket, loop, watcher);
        socket.writes = possible -> switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(possible + 1);
            default -> possible;
        };
        for (int i = 0; i < 40; i++) {
            switch (random.nextInt(3)) {
                case 0 -> loop.execute(() -> watcher.wrote(connection.write(buffer(random, expected))));
                case 1 -> loop.execute(() -> watcher.wrote(writeInPlace(connection, random, expected)));
                default -> loop.execute(() -> watcher.wrote(writeSeveral(connection, random, expected)));
            }
            if (random.nextBoolean()) {
                loop.runCycle(0);
            }
        }
        boolean isHalfClose = random.nextBoolean();
        loop.execute(isHalfClose ? connection::shutdownOutput : connection::close);
        for (int i = 0; i < 1000 && !(socket.hasOutputEnded || socket.isClosed); i++) {
            loop.runCycle(0);
        }
        loop.runCycle(0);
        assertEquals(List.of(), io.failures);
        assertArrayEquals(expected.toByteArray(), socket.output.toByteArray());
        assertEquals(isHalfClose ? null : CloseCause.CLOSED, watcher.cause);
        assertFalse(isHalfClose && watcher.isWritableAwaited, "onWritable follows back-pressure");
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    /** Small and large pieces of several connections in turns, some of which end on the way. */
    @Property(tries = 500)
    void whatSeveralConnectionsWriteArrivesInOrder(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ScriptedIo io = new ScriptedIo();
        int count = 2 + random.nextInt(40);
        LoopCore loop =
                io.loop(builder -> builder.corkBytes(1 + random.nextInt(3000)).copyMaxBytes(random.nextInt(500)));
        List<ScriptedSocket> sockets = new ArrayList<>();
        List<ByteArrayOutputStream> expected = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ScriptedSocket socket = new ScriptedSocket();
            connections.add(connect(io, socket, loop, new Watcher(true)));
            socket.writes = possible -> random.nextInt(3) == 0 ? random.nextInt(possible + 1) : possible;
            sockets.add(socket);
            expected.add(new ByteArrayOutputStream());
        }
        for (int cycle = 0; cycle < 5; cycle++) {
            loop.execute(() -> {
                for (int i = 0; i < 100; i++) {
                    int one = random.nextInt(count);
                    Connection connection = connections.get(one);
                    ByteArrayOutputStream all = connection.isOpen() ? expected.get(one) : new ByteArrayOutputStream();
                    switch (random.nextInt(8)) {
                        case 0 -> writeSeveral(connection, random, all);
                        case 1, 2 -> writeInPlace(connection, random, all);
                        default -> connection.write(buffer(random, all));
                    }
                    if (random.nextInt(100) == 0) {
                        connection.close();
                    }
                }
            });
            loop.runCycle(0);
        }
        for (int i = 0; i < 2000; i++) {
            loop.runCycle(0);
        }
        for (int i = 0; i < count; i++) {
            assertArrayEquals(
                    expected.get(i).toByteArray(), sockets.get(i).output.toByteArray());
        }
        assertEquals(List.of(), io.failures);
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    @Property(tries = 500)
    void whatArrivesIsRead(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ScriptedIo io = new ScriptedIo();
        ScriptedSocket socket = new ScriptedSocket();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        LoopCore loop = io.loop(builder -> builder.readBufferBytes(1 + random.nextInt(9000)));
        Nibbler nibbler = new Nibbler(random);
        Connection connection = connect(io, socket, loop, nibbler);
        socket.reads = possible -> random.nextBoolean() ? possible : 1 + random.nextInt(possible);
        for (int i = 0; i < 30; i++) {
            byte[] arriving = bytes(random, random.nextBoolean() ? 200 : 4_000);
            expected.writeBytes(arriving);
            socket.arrive(arriving);
            loop.runCycle(0);
            if (random.nextBoolean()) {
                loop.execute(connection::resumeReading);
            }
        }
        socket.hasInputEnded = true;
        for (int i = 0; i < 100_000 && nibbler.cause == null; i++) {
            loop.execute(connection::resumeReading);
            loop.runCycle(0);
        }
        assertEquals(CloseCause.CLOSED, nibbler.cause);
        assertEquals(List.of(), io.failures);
        assertArrayEquals(expected.toByteArray(), nibbler.taken.toByteArray());
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    private static class Watcher implements ConnectionHandler {
        boolean isWritableAwaited;
        private final boolean isLenient; // does not look at what writes answer

        Watcher() {
            this(false);
        }

        Watcher(boolean isLenient) {
            this.isLenient = isLenient;
        }

        @Nullable
        CloseCause cause;

        void wrote(boolean isBelowHighWatermark) {
            isWritableAwaited |= !isBelowHighWatermark;
        }

        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {}

        @Override
        public void onWritable(Connection connection) {
            assertTrue(isLenient || isWritableAwaited, "onWritable without back-pressure");
            isWritableAwaited = false;
        }

        @Override
        public void onClosed(Connection connection, CloseCause why) {
            cause = why;
        }
    }

    /** Takes a few bytes and pauses, or takes none and waits for more, or takes all. */
    private static final class Nibbler extends Watcher {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final Random random;

        Nibbler(Random random) {
            this.random = random;
        }

        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            assertTrue(bytes.hasRemaining() && !connection.isReadingPaused());
            byte[] some = new byte[random.nextInt(3) == 0 ? bytes.remaining() : random.nextInt(bytes.remaining() + 1)];
            bytes.get(some);
            taken.writeBytes(some);
            if (bytes.hasRemaining()) {
                connection.pauseReading();
            }
            if (random.nextInt(8) == 0) {
                bytes.limit(bytes.position()); // a view narrowed and not restored loses nothing
            }
        }
    }
}
