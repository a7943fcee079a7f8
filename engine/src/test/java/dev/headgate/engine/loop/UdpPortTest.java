package dev.headgate.engine.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.DatagramHandler;
import dev.headgate.engine.DatagramPort;
import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.loop.ScriptedIo.ScriptedDatagrams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Datagrams through a loop, without threads or sockets. */
class UdpPortTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(53);

    private final ScriptedIo io = new ScriptedIo();
    private final ScriptedDatagrams socket = new ScriptedDatagrams();
    private final List<String> told = new ArrayList<>();

    private final DatagramHandler handler = new DatagramHandler() {
        @Override
        public void onDatagram(DatagramPort port, ByteBuffer datagram) {
            String text = US_ASCII.decode(datagram).toString();
            told.add(text);
            if (text.equals("close")) {
                port.close();
            } else if (text.equals("throw")) {
                throw new IllegalStateException("thrown");
            }
        }

        @Override
        public void onFailed(DatagramPort port, IOException failure) {
            told.add("failed: " + failure.getMessage());
        }
    };

    private DatagramPort open(LoopCore loop) throws IOException {
        io.opening.add(socket);
        return loop.openDatagram(PEER, handler);
    }

    private void arrive(String... texts) {
        for (String text : texts) {
            socket.arriving.add(text.getBytes(US_ASCII));
        }
    }

    @Test
    void sendsAtOnceAndTellsWhetherThereWasRoom() throws IOException {
        DatagramPort port = open(io.loop(builder -> builder));
        ByteBuffer datagram = ByteBuffer.allocateDirect(3).put("abc".getBytes(US_ASCII));
        assertTrue(port.send(datagram.flip()));
        assertFalse(datagram.hasRemaining());
        socket.isFull = true;
        assertFalse(port.send(datagram.flip()));
        assertEquals("abc", new String(socket.sent.getFirst(), US_ASCII));
    }

    @Test
    void tellsOfEachDatagramApartAndOfEmptyOnes() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        open(loop);
        arrive("ab", "", "cd");
        loop.runCycle(0);
        assertEquals(List.of("ab", "", "cd"), told);
    }

    @Test
    void takesSoManyPerCycleAndTheRestInTheNext() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        open(loop);
        for (int i = 0; i < 17; i++) {
            arrive("d" + i);
        }
        loop.runCycle(0);
        assertEquals(16, told.size());
        loop.runCycle(0);
        assertEquals(17, told.size());
    }

    @Test
    void hearsNothingOnceItsOwnerHasClosedIt() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        DatagramPort port = open(loop);
        arrive("a", "close", "b");
        loop.runCycle(0);
        loop.runCycle(0);
        port.close();
        assertEquals(List.of("a", "close"), told);
        assertTrue(socket.isClosed);
        assertThrows(IOException.class, () -> port.send(ByteBuffer.allocateDirect(1)));
    }

    @Test
    void failureOfTheSocketClosesIt() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        open(loop);
        socket.arriving.add(new IOException("Connection refused"));
        arrive("b");
        loop.runCycle(0);
        assertEquals(List.of("failed: Connection refused"), told);
        assertTrue(socket.isClosed);
    }

    @Test
    void aHandlerThatThrowsLosesItsPort() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        open(loop);
        arrive("throw", "b");
        try {
            loop.runCycle(0);
        } catch (IllegalStateException e) {
            // The scripted poller catches nothing, as pollers of the seam do.
            socketFailed(e);
        }
        assertEquals(List.of("throw"), told);
        assertTrue(socket.isClosed);
        assertEquals(1, io.failures.size());
    }

    private void socketFailed(Throwable failure) {
        socket.pollable().onReadyFailed(failure);
    }

    @Test
    void shortageOfDescriptorsIsCountedAndThrown() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        socket.openFailure = new DescriptorLimitException("Too many open files", new IOException());
        assertThrows(DescriptorLimitException.class, () -> open(loop));
        assertEquals(1, loop.counters().descriptorShortages());
    }

    @Test
    void socketThatCannotBeWatchedIsClosed() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        socket.registerFailure = new IOException("no");
        assertThrows(IOException.class, () -> open(loop));
        assertTrue(socket.isClosed);
    }

    @Test
    void endOfTheLoopIsTold() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        open(loop);
        loop.stop();
        loop.doWork(0);
        assertEquals(List.of("failed: the loop has stopped"), told);
        assertTrue(socket.isClosed);
        assertThrows(IOException.class, () -> open(loop));
    }
}
