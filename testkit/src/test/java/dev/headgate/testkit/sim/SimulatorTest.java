package dev.headgate.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatorTest {
    private final Simulator simulator = new Simulator(7);
    private final List<String> seen = new ArrayList<>();

    @Test
    void eventsHappenInTheOrderOfTheirTimesAndThenOfTheirMaking() {
        simulator.after(20, () -> seen.add("c at " + simulator.nowNs()));
        simulator.after(10, () -> seen.add("a at " + simulator.nowNs()));
        simulator.after(10, () -> seen.add("b at " + simulator.nowNs()));
        simulator.after(15, () -> seen.add("never")).cancel();
        assertFalse(simulator.run(() -> false, 100));
        assertEquals(List.of("a at 10", "b at 10", "c at 20"), seen);
    }

    @Test
    void aRunEndsAtItsTimeoutWithLaterEventsStillToCome() {
        simulator.after(11, () -> seen.add("later"));
        assertFalse(simulator.run(() -> false, 10));
        assertEquals(10, simulator.nowNs());
        assertTrue(simulator.run(() -> !seen.isEmpty(), 1));
    }

    @Test
    void aViolationEndsTheRunAfterTheStepThatFoundIt() {
        simulator.after(1, () -> {
            simulator.violated("first");
            simulator.violated("second");
            seen.add("step ends");
        });
        var failure = assertThrows(SimulationFailure.class, () -> simulator.run(() -> false, 10));
        assertEquals("first", failure.getMessage());
        assertEquals(List.of("step ends"), seen);
    }

    @Test
    void aGateLetsTheWorldGoOnWhileSomebodyWaits() throws InterruptedException {
        var gate = new SimIo(simulator, FaultPlan.NONE, Sabotage.NONE).gate(2);
        simulator.after(5, gate::countDown);
        assertFalse(gate.await(10));
        simulator.after(5, gate::countDown);
        assertTrue(gate.await(10));
        assertEquals(15, simulator.nowNs());
    }

    @Test
    void aPipeHoldsWhatHasRoomAndGivesItInOrder() {
        var pipe = new Pipe(simulator, FaultPlan.NONE, simulator.chance(), () -> seen.add("arrival"), () -> {});
        int room = pipe.freeBytes();
        byte[] bytes = new byte[room];
        for (int i = 0; i < room; i++) {
            bytes[i] = (byte) (i * 31);
        }
        pipe.write(ByteBuffer.wrap(bytes), room);
        assertEquals(0, pipe.freeBytes());
        assertEquals(0, pipe.readableBytes());
        simulator.run(() -> false, 1_000_000_000);
        assertEquals(List.of("arrival"), seen);
        byte[] read = new byte[room];
        assertEquals(room, pipe.read(ByteBuffer.wrap(read), pipe.readableBytes()));
        assertArrayEquals(bytes, read);
        assertEquals(room, pipe.freeBytes());
    }

    @Test
    void aCutPipeDeliversUpToTheCutOnly() {
        var pipe = new Pipe(
                simulator, FaultPlan.NONE, simulator.chance(), () -> seen.add("arrival"), () -> seen.add("cut"));
        pipe.cutAt(3);
        pipe.write(ByteBuffer.wrap(new byte[5]), 5);
        pipe.end();
        simulator.run(() -> false, 1_000_000_000);
        assertEquals(3, pipe.readableBytes());
        assertFalse(pipe.isEndArrived());
        assertEquals(List.of("cut"), seen);
    }

    @Test
    void anEndGetsLostWithTheBytesBeforeIt() {
        var pipe = new Pipe(simulator, FaultPlan.NONE, simulator.chance(), () -> seen.add("arrival"), () -> {});
        pipe.write(ByteBuffer.wrap(new byte[5]), 5);
        pipe.end();
        pipe.loseWhatIsOnItsWay();
        simulator.run(() -> false, 1_000_000_000);
        assertEquals(0, pipe.readableBytes());
        assertFalse(pipe.isEndArrived());
        assertEquals(List.of(), seen);
    }
}
