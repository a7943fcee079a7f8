package dev.headgate.engine.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.loop.ScriptedIo.Connect;
import dev.headgate.engine.loop.ScriptedIo.ScriptedSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** One connection to several addresses (RFC 8305 §5). */
class ConnectRaceTest {
    private static final long DELAY = 250_000_000;
    private static final long LATE = DELAY + 100_000_000; // timers are coarse

    private final ScriptedIo io = new ScriptedIo();
    private final List<String> calls = new ArrayList<>();
    private final List<ScriptedSocket> sockets = new ArrayList<>();
    private final LoopCore loop = loop();

    private LoopCore loop() {
        try {
            return io.loop(builder -> builder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private final ConnectionHandler handler = new ConnectionHandler() {
        @Override
        public void onOpen(Connection connection) {
            calls.add("open");
        }

        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            calls.add("bytes " + bytes.remaining());
            bytes.position(bytes.limit());
        }

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            calls.add("closed " + cause);
        }
    };

    private ScriptedSocket socket(Connect connect) {
        ScriptedSocket socket = new ScriptedSocket();
        socket.connect = connect;
        sockets.add(socket);
        io.connecting.add(socket);
        return socket;
    }

    private Connection connect(int addresses) {
        List<SocketAddress> all = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            all.add(InetSocketAddress.createUnresolved("a" + i, 80));
        }
        Connection connection = loop.connect(new AlternativeAddresses(all, DELAY), SocketOptions.DEFAULTS, handler);
        assertEquals(List.of(), calls, "never from inside the call");
        loop.runCycle(0);
        return connection;
    }

    private void pass(long ns) {
        io.nowNs += ns;
        loop.runCycle(0);
        loop.runCycle(0);
    }

    private int begun() {
        return sockets.size() - io.connecting.size();
    }

    @Test
    void firstAddressIsEnoughWhenItAnswers() {
        ScriptedSocket first = socket(Connect.UNDER_WAY);
        socket(Connect.UNDER_WAY);
        Connection connection = connect(2);
        first.connect = Connect.DONE;
        pass(1);
        assertEquals(List.of("open"), calls);
        pass(LATE);
        assertEquals(1, begun());
        first.arrive(new byte[3]);
        pass(1);
        assertEquals(List.of("open", "bytes 3"), calls);
        connection.write(ByteBuffer.allocate(5));
        pass(1);
        assertEquals(5, first.output.size());
        connection.close();
        pass(1);
        assertTrue(first.isClosed);
    }

    @Test
    void nextAddressIsTriedBesideOneThatIsSilent() {
        ScriptedSocket silent = socket(Connect.UNDER_WAY);
        ScriptedSocket second = socket(Connect.UNDER_WAY);
        connect(2);
        pass(DELAY / 2);
        assertEquals(1, begun());
        pass(LATE);
        assertEquals(2, begun());
        second.connect = Connect.DONE;
        pass(1);
        assertEquals(List.of("open"), calls);
        assertTrue(silent.isClosed);
        assertFalse(second.isClosed);
    }

    @Test
    void firstAddressMayStillWin() {
        ScriptedSocket slow = socket(Connect.UNDER_WAY);
        ScriptedSocket second = socket(Connect.UNDER_WAY);
        connect(2);
        pass(LATE);
        slow.connect = Connect.DONE;
        pass(1);
        assertEquals(List.of("open"), calls);
        assertTrue(second.isClosed);
        assertFalse(slow.isClosed);
    }

    @Test
    void nextAddressIsTriedAtOnceWhenOneFails() {
        ScriptedSocket refused = socket(Connect.REFUSED);
        ScriptedSocket second = socket(Connect.UNDER_WAY);
        connect(2);
        pass(1);
        assertEquals(2, begun());
        assertTrue(refused.isClosed);
        second.connect = Connect.DONE;
        pass(1);
        assertEquals(List.of("open"), calls);
    }

    @Test
    void addressThatCannotEvenBeTriedIsPassedOver() {
        io.connecting.add(new IOException("Network is unreachable"));
        ScriptedSocket second = socket(Connect.DONE);
        connect(2);
        pass(1);
        assertEquals(List.of("open"), calls);
        assertFalse(second.isClosed);
    }

    @Test
    void whatConnectsAtOnceWins() {
        ScriptedSocket first = socket(Connect.AT_ONCE);
        connect(2);
        pass(1);
        assertEquals(List.of("open"), calls);
        first.arrive(new byte[1]);
        pass(1);
        assertEquals(List.of("open", "bytes 1"), calls);
    }

    @Test
    void failsWhenAllHaveFailed() {
        socket(Connect.REFUSED);
        socket(Connect.REFUSED);
        connect(2);
        pass(1);
        pass(1);
        assertEquals(List.of("closed CONNECT_REFUSED"), calls);
        assertTrue(sockets.stream().allMatch(each -> each.isClosed));
    }

    @Test
    void isRefusedOnlyWhenAllRefuse() {
        socket(Connect.FAILED);
        socket(Connect.REFUSED);
        connect(2);
        pass(1);
        pass(1);
        assertEquals(List.of("closed CONNECT_FAILED"), calls);
    }

    @Test
    void failsWhenNoneCanEvenBeTried() {
        io.connecting.add(new ConnectException("Connection refused"));
        io.connecting.add(new ConnectException("Connection refused"));
        connect(2);
        pass(1);
        assertEquals(List.of("closed CONNECT_REFUSED"), calls);
    }

    @Test
    void allAreClosedWhenItIsGivenUp() {
        socket(Connect.UNDER_WAY);
        socket(Connect.UNDER_WAY);
        Connection connection = connect(3);
        pass(LATE);
        connection.abort();
        pass(1);
        assertEquals(List.of("closed ABORTED"), calls);
        assertTrue(sockets.stream().allMatch(each -> each.isClosed));
        pass(LATE);
        assertEquals(2, begun(), "no further one is tried");
    }

    @Test
    void isGivenUpBetweenBeingConnectedAndBeingTold() {
        ScriptedSocket first = socket(Connect.AT_ONCE);
        Connection connection = loop.connect(
                new AlternativeAddresses(List.of(new InetSocketAddress(80)), DELAY), SocketOptions.DEFAULTS, handler);
        connection.close();
        pass(1);
        assertEquals(List.of("closed CLOSED"), calls);
        assertTrue(first.isClosed);
    }

    /** Whatever the sockets do: one is open in the end and told of once, or all are closed and the end is told of once. */
    @Property(tries = 500)
    void oneIsUsedAndAllOthersAreClosed(@ForAll long seed) {
        new ConnectRaceTest().race(seed);
    }

    private void race(long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(4);
        Connect[] fates = Connect.values();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(5) == 0) {
                io.connecting.add(new IOException("Network is unreachable"));
            } else {
                socket(fates[random.nextInt(fates.length)]);
            }
        }
        connect(count);
        for (int step = 0; step < 20; step++) {
            ScriptedSocket any = sockets.isEmpty() ? null : sockets.get(random.nextInt(sockets.size()));
            if (any != null && any.connect == Connect.UNDER_WAY && random.nextInt(3) == 0) {
                any.connect = fates[2 + random.nextInt(3)];
            }
            pass(random.nextInt(2) == 0 ? 1 : LATE);
        }
        sockets.stream()
                .filter(each -> each.connect == Connect.UNDER_WAY)
                .forEach(each -> each.connect = Connect.FAILED);
        pass(1);
        pass(1);
        long open = sockets.stream().filter(each -> !each.isClosed).count();
        long untried =
                io.connecting.stream().filter(ScriptedSocket.class::isInstance).count();
        assertEquals(1, calls.size(), calls::toString);
        assertEquals(calls.getFirst().equals("open") ? 1 : 0, open - untried);
        assertEquals(List.of(), io.failures);
    }
}
