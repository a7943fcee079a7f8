package dev.headgate.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.DatagramHandler;
import dev.headgate.engine.DatagramPort;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Datagrams of a simulated world, through a loop. */
class SimDatagramsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.53", 53);
    private static final int DATAGRAMS = 400;

    private final Simulator simulator = new Simulator(7);
    private final List<Integer> told = new ArrayList<>();

    private final DatagramHandler handler = new DatagramHandler() {
        @Override
        public void onDatagram(DatagramPort port, ByteBuffer datagram) {
            told.add(datagram.getInt());
        }

        @Override
        public void onFailed(DatagramPort port, IOException failure) {
            told.add(-1);
        }
    };

    /** Sends numbered datagrams, one a millisecond, to a host that sends each back. */
    private void exchange(int lostOneIn, int twiceOneIn, boolean hasHost) throws IOException {
        SimIo io = new SimIo(simulator, plan(lostOneIn, twiceOneIn), Sabotage.NONE);
        io.datagramHost(PEER, hasHost ? (content, answer) -> answer.accept(content) : null);
        Engine engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
        EventLoop loop = engine.loop(0);
        List<DatagramPort> ports = new ArrayList<>();
        loop.execute(() -> {
            try {
                ports.add(loop.openDatagram(PEER, handler));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < DATAGRAMS; i++) {
            int number = i;
            simulator.after((i + 1) * 1_000_000L, () -> loop.execute(() -> send(ports.getFirst(), number)));
        }
        simulator.run(() -> false, 10 * SECOND_NS);
        engine.close();
        simulator.run(() -> io.openDescriptors() == 0, SECOND_NS);
        assertEquals(0, io.openDescriptors());
    }

    private static void send(DatagramPort port, int number) {
        try {
            port.send(ByteBuffer.allocateDirect(4).putInt(number).flip());
        } catch (IOException e) {
            // It has failed before, and been told of.
        }
    }

    private static FaultPlan plan(int lostOneIn, int twiceOneIn) {
        return FaultPlan.NONE.withDatagrams(lostOneIn, twiceOneIn);
    }

    @Test
    void allComeBackWhereNothingGoesWrong() throws IOException {
        exchange(0, 0, true);
        assertEquals(
                DATAGRAMS,
                told.stream().filter(number -> number >= 0).distinct().count());
        assertEquals(DATAGRAMS + 1, told.size(), "and the end of the loop");
    }

    @Test
    void someGetLost() throws IOException {
        exchange(4, 0, true);
        long back = told.stream().filter(number -> number >= 0).distinct().count();
        assertTrue(back > DATAGRAMS / 4 && back < 3 * DATAGRAMS / 4, "back: " + back);
    }

    @Test
    void someComeTwice() throws IOException {
        exchange(0, 4, true);
        assertTrue(told.size() > DATAGRAMS + DATAGRAMS / 4, "told: " + told.size());
    }

    @Test
    void nobodyListeningIsTold() throws IOException {
        exchange(0, 0, false);
        assertEquals(List.of(-1), told);
    }
}
