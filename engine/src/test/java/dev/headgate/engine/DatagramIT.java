package dev.headgate.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Datagrams over real sockets. */
@Timeout(60)
class DatagramIT {
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final DatagramHandler handler = new DatagramHandler() {
        @Override
        public void onDatagram(DatagramPort port, ByteBuffer datagram) {
            told.add(US_ASCII.decode(datagram).toString());
        }

        @Override
        public void onFailed(DatagramPort port, IOException failure) {
            told.add(failure.getClass().getSimpleName());
        }
    };

    private static DatagramSocket peer() throws IOException {
        DatagramSocket peer = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        peer.setSoTimeout(20_000);
        return peer;
    }

    private static InetSocketAddress addressOf(DatagramSocket peer) {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private static DatagramPacket receive(DatagramSocket peer) throws IOException {
        var packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        return packet;
    }

    private static void answer(DatagramSocket from, DatagramPacket packet, String text) throws IOException {
        byte[] bytes = text.getBytes(US_ASCII);
        from.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
    }

    private static DatagramPort open(TestEngine engine, InetSocketAddress peer, DatagramHandler handler) {
        return engine.onLoop(() -> engine.loop().openDatagram(peer, handler));
    }

    private static void send(TestEngine engine, DatagramPort port, String text) {
        engine.onLoop(() -> port.send(ByteBuffer.allocateDirect(text.length())
                .put(text.getBytes(US_ASCII))
                .flip()));
    }

    @Test
    void datagramsGoBothWaysAndThoseOfStrangersDoNotArrive() throws Exception {
        try (TestEngine engine = TestEngine.start();
                DatagramSocket peer = peer();
                DatagramSocket stranger = peer()) {
            DatagramPort port = open(engine, addressOf(peer), handler);
            send(engine, port, "hello");
            DatagramPacket packet = receive(peer);
            assertEquals("hello", new String(packet.getData(), 0, packet.getLength(), US_ASCII));
            answer(stranger, packet, "forged");
            answer(peer, packet, "");
            answer(peer, packet, "hi");
            TestEngine.await("answers", () -> told.size() == 2);
            assertEquals(List.of("", "hi"), told);
            engine.run(port::close);
        }
    }

    @Test
    void eachPortHasAnAddressOfItsOwn() throws Exception {
        try (TestEngine engine = TestEngine.start();
                DatagramSocket peer = peer()) {
            for (int i = 0; i < 2; i++) {
                send(engine, open(engine, addressOf(peer), handler), "hello");
            }
            assertNotEquals(receive(peer).getPort(), receive(peer).getPort());
        }
    }

    /** Where the system tells of it: then nobody has to wait for a time-out. */
    @Test
    @EnabledOnOs({OS.LINUX})
    void nobodyListeningIsToldAtOnce() throws Exception {
        DatagramSocket gone = peer();
        InetSocketAddress address = addressOf(gone);
        gone.close();
        try (TestEngine engine = TestEngine.start()) {
            send(engine, open(engine, address, handler), "hello");
            TestEngine.await("failure", () -> !told.isEmpty());
            assertEquals(List.of(PortUnreachableException.class.getSimpleName()), told);
        }
    }

    @Test
    void addressesThatCannotBeSentToAreFailures() throws Exception {
        try (TestEngine engine = TestEngine.start()) {
            for (InetSocketAddress address : List.of(
                    InetSocketAddress.createUnresolved("name.invalid", 53),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                engine.onLoop(() ->
                        assertThrows(IOException.class, () -> engine.loop().openDatagram(address, handler)));
            }
        }
    }

    @Test
    void openPortsEndWithTheirLoop() throws Exception {
        try (TestEngine engine = TestEngine.start();
                DatagramSocket peer = peer()) {
            open(engine, addressOf(peer), handler);
        }
        assertEquals(List.of("IOException"), told);
    }
}
