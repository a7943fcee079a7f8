package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenerIT {
    private static void assertEchoes(Socket client) throws IOException {
        client.getOutputStream().write('x');
        assertEquals('x', client.getInputStream().read());
    }

    @Test
    void aTakenPortIsAnError() throws Exception {
        try (TestEngine first = TestEngine.start(builder -> builder.loops(2));
                TestEngine second = TestEngine.start(builder -> builder.loops(2));
                TestEngine single = TestEngine.start()) {
            InetSocketAddress taken = first.listen((loop, connection) -> new Echo());
            for (TestEngine other : List.of(second, single)) {
                BindException failure = assertThrows(
                        BindException.class,
                        () -> other.engine.listen(ListenOptions.at(taken), (loop, connection) -> new Echo()));
                assertTrue(failure.getMessage().contains(String.valueOf(taken.getPort())), failure.getMessage());
            }
        }
    }

    @Test
    void aSharedAddressMayBeJoined() throws Exception {
        try (TestEngine first = TestEngine.start(builder -> builder.loops(2));
                TestEngine second = TestEngine.start()) {
            InetSocketAddress shared = first.listen((loop, connection) -> new Echo());
            assertEquals(
                    shared,
                    second.engine
                            .listen(ListenOptions.at(shared).sharingAddress(), (loop, connection) -> new Echo())
                            .address());
        }
    }

    @Test
    void everyLoopAcceptsAtOnePort() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (TestEngine test = TestEngine.start(builder -> builder.loops(2))) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            // The kernel spreads by a hash of the addresses: 64 on one side of two has a chance of 2^-63.
            for (int i = 0; i < 64; i++) {
                clients.add(TestEngine.client(address));
                assertEchoes(clients.getLast());
            }
            assertTrue(test.engine.loop(0).counters().connectionsAccepted() > 0);
            assertTrue(test.engine.loop(1).counters().connectionsAccepted() > 0);
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void connectionsBeyondTheListenersLimitAreClosedAtOnce() throws Exception {
        try (TestEngine test = TestEngine.start()) {
            Listener listener = test.engine.listen(
                    ListenOptions.at(TestEngine.anyPort()).withConnectionsMax(2), (loop, connection) -> new Echo());
            InetSocketAddress address = (InetSocketAddress) listener.address();
            try (Socket first = TestEngine.client(address);
                    Socket second = TestEngine.client(address);
                    Socket third = TestEngine.client(address)) {
                assertEchoes(first);
                assertEchoes(second);
                assertEquals(-1, third.getInputStream().read());
                assertEquals(2, listener.openConnections());
                assertEquals(1, test.loop().counters().connectionsRefused());
            }
            TestEngine.await("permits back", () -> listener.openConnections() == 0);
            try (Socket again = TestEngine.client(address)) {
                assertEchoes(again);
            }
        }
    }

    @Test
    void connectionsBeyondTheEnginesLimitAreClosedAtOnce() throws Exception {
        try (TestEngine test = TestEngine.start(builder -> builder.connectionsMax(1))) {
            InetSocketAddress one = test.listen((loop, connection) -> new Echo());
            InetSocketAddress two = test.listen((loop, connection) -> new Echo());
            try (Socket first = TestEngine.client(one);
                    Socket second = TestEngine.client(two)) {
                assertEchoes(first);
                assertEquals(-1, second.getInputStream().read());
            }
        }
    }

    @Test
    void aFactoryMayRefuseOrFail() throws Exception {
        try (TestEngine test = TestEngine.start()) {
            test.expectFailures();
            InetSocketAddress refusing = test.listen((loop, connection) -> null);
            InetSocketAddress failing = test.listen((loop, connection) -> {
                throw new IllegalStateException("factory bug");
            });
            try (Socket first = TestEngine.client(refusing);
                    Socket second = TestEngine.client(failing)) {
                assertEquals(-1, first.getInputStream().read());
                assertEquals(-1, second.getInputStream().read());
            }
            assertEquals(2, test.loop().counters().connectionsRefused());
            assertEquals(1, test.failures.size());
        }
    }

    @Test
    void pausingLeavesConnectionsWaitingAndClosingLeavesOpenOnesAlone() throws Exception {
        try (TestEngine test = TestEngine.start()) {
            Listener listener =
                    test.engine.listen(ListenOptions.at(TestEngine.anyPort()), (loop, connection) -> new Echo());
            InetSocketAddress address = (InetSocketAddress) listener.address();
            try (Socket early = TestEngine.client(address)) {
                assertEchoes(early);
                listener.pause();
                test.run(() -> {});
                try (Socket waiting = TestEngine.client(address)) {
                    test.run(() -> {});
                    assertEquals(1, listener.openConnections());
                    listener.resume();
                    assertEchoes(waiting);
                }
                listener.close();
                listener.close();
                TestEngine.await("closed", () -> isRefused(address));
                assertEchoes(early);
            }
        }
    }

    private static boolean isRefused(InetSocketAddress address) {
        try (Socket socket = TestEngine.client(address)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aClosedEngineListensNoMore() throws Exception {
        TestEngine test = TestEngine.start();
        test.close();
        assertThrows(
                IOException.class,
                () -> test.engine.listen(ListenOptions.at(TestEngine.anyPort()), (loop, connection) -> new Echo()));
    }

    // ---- Unix-domain sockets

    @Test
    void listensOnAPathAndDealsConnectionsToAllLoops(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("gate"));
        try (TestEngine test = TestEngine.start(builder -> builder.loops(2))) {
            test.engine.listen(ListenOptions.at(address), (loop, connection) -> new Echo());
            for (int i = 0; i < 4; i++) {
                try (SocketChannel client = SocketChannel.open(address)) {
                    client.write(ByteBuffer.wrap(new byte[] {'x'}));
                    assertEquals(1, client.read(ByteBuffer.allocate(1)));
                }
            }
            assertEquals(2, test.engine.loop(0).counters().connectionsAccepted());
            assertEquals(2, test.engine.loop(1).counters().connectionsAccepted());
        }
        assertFalse(Files.exists(address.getPath()), "the socket file goes with its listener");
    }

    @Test
    void connectsToAPath(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("gate"));
        Recorder client = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                opened.write(ByteBuffer.wrap(new byte[3]));
                opened.write(ByteBuffer.allocateDirect(10_000));
            }
        };
        try (TestEngine test = TestEngine.start()) {
            test.engine.listen(ListenOptions.at(address), (loop, connection) -> new Echo());
            test.run(() -> {
                test.loop().connect(address, SocketOptions.DEFAULTS, client);
                assertEquals(List.of(), client.events, "never from inside connect");
            });
            TestEngine.await("echo", () -> client.bytes == 10_003);
            assertEquals(address, test.onLoop(() -> client.opened().remoteAddress()));
        }
    }

    @Test
    void aPathWithoutAListenerFailsToConnect(@TempDir Path folder) throws Exception {
        Recorder absent = new Recorder();
        Recorder stale = new Recorder();
        UnixDomainSocketAddress left = UnixDomainSocketAddress.of(folder.resolve("left"));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(left).close();
        try (TestEngine test = TestEngine.start()) {
            test.run(() -> {
                test.loop().connect(UnixDomainSocketAddress.of(folder.resolve("none")), SocketOptions.DEFAULTS, absent);
                test.loop().connect(left, SocketOptions.DEFAULTS, stale);
            });
            absent.awaitClosed(CloseCause.CONNECT_FAILED);
            stale.awaitClosed(CloseCause.CONNECT_REFUSED);
        }
    }

    @Test
    void replacesAStaleSocketFileOnly(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress stale = UnixDomainSocketAddress.of(folder.resolve("stale"));
        UnixDomainSocketAddress live = UnixDomainSocketAddress.of(folder.resolve("live"));
        Path file = Files.createFile(folder.resolve("file"));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(stale).close();
        try (TestEngine test = TestEngine.start();
                ServerSocketChannel other =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(live)) {
            assertTrue(other.isOpen());
            test.engine.listen(ListenOptions.at(stale), (loop, connection) -> new Echo());
            for (Path refused : List.of(live.getPath(), file)) {
                assertThrows(
                        BindException.class,
                        () -> test.engine.listen(
                                ListenOptions.at(UnixDomainSocketAddress.of(refused)),
                                (loop, connection) -> new Echo()));
                assertTrue(Files.exists(refused));
            }
        }
    }
}
