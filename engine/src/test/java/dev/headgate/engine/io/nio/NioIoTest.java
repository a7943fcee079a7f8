package dev.headgate.engine.io.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.io.WorkPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NioIoTest {
    private final NioIo io = new NioIo();

    @Test
    void readsAFileUpToTheLimitAndNotBeyond(@TempDir Path folder) throws Exception {
        Path path = Files.write(folder.resolve("f"), new byte[] {1, 2, 3});
        FileAccess files = io.files();
        assertTrue(files.exists(path));
        assertFalse(files.exists(folder.resolve("g")));
        assertArrayEquals(new byte[] {1, 2, 3}, files.readAll(path, 4));
        assertArrayEquals(new byte[] {1, 2, 3}, files.readAll(path, 3));
        assertThrows(IOException.class, () -> files.readAll(path, 2));
    }

    @Test
    void aTemporaryFileIsReadAndAppendedTo(@TempDir Path folder) throws Exception {
        try (OpenFile file = io.files().openTemporary(folder, "x-")) {
            file.append(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            ByteBuffer read = ByteBuffer.allocate(8);
            assertEquals(2, file.read(read, 1));
            file.append(ByteBuffer.wrap(new byte[] {4}));
            assertEquals(4, file.lengthBytes());
            assertEquals(1, file.read(read, 3));
            assertEquals(-1, file.read(read, 4));
            assertEquals(ByteBuffer.wrap(new byte[] {2, 3, 4}), read.flip());
        }
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
        assertThrows(IOException.class, () -> io.files().openTemporary(folder.resolve("none"), "x-"));
    }

    /** Whoever looks while it is open finds no name, and so nothing is left by a process that is killed. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aTemporaryFileHasNoName(@TempDir Path folder) throws Exception {
        try (OpenFile file = io.files().openTemporary(folder, "x-");
                var left = Files.list(folder)) {
            assertEquals(0, left.count());
            assertEquals(0, file.lengthBytes());
        }
    }

    @Test
    void removesTheTemporaryFilesOfOthersThatAreGone(@TempDir Path folder) throws Exception {
        Path left = Files.createFile(folder.resolve("x-01234567-89ab-cdef-0123-456789abcdef.tmp"));
        List<Path> others = List.of(
                Files.createFile(folder.resolve("x-1.tmp")),
                Files.createFile(folder.resolve("y-01234567-89ab-cdef-0123-456789abcdef.tmp")),
                Files.createFile(folder.resolve("x-01234567-89ab-cdef-0123-456789abcdef.txt")));
        assertEquals(1, io.files().removeTemporaries(folder, "x-"));
        assertEquals(0, io.files().removeTemporaries(folder, "x-"));
        assertFalse(Files.exists(left));
        assertTrue(others.stream().allMatch(Files::exists));
        assertThrows(IOException.class, () -> io.files().removeTemporaries(folder.resolve("none"), "x-"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void tellsWhoMayDoWhatWithAFile(@TempDir Path folder) throws Exception {
        Path path = Files.createFile(folder.resolve("f"));
        record Case(String mode, boolean isOwnersAlone, boolean mayOthersWrite, boolean mayEverybodyRead) {}
        for (Case each : List.of(
                new Case("rwx------", true, false, false),
                new Case("r--------", true, false, false),
                new Case("rw-r-----", false, false, false),
                new Case("rw----r--", false, false, true),
                new Case("rwxr-xr-x", false, false, true),
                new Case("rw--w----", false, true, false),
                new Case("rw-----w-", false, true, false))) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(each.mode()));
            FileRights rights = io.files().rights(path).orElseThrow();
            assertEquals(
                    each,
                    new Case(
                            rights.mode(), rights.isOwnersAlone(), rights.mayOthersWrite(), rights.mayEverybodyRead()));
            assertEquals(Files.getOwner(path).getName(), rights.owner());
            assertTrue(rights.isOwnerTrusted());
        }
        assertThrows(IOException.class, () -> io.files().rights(folder.resolve("g")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void trustsRootAndItsOwnUser(@TempDir Path folder) throws Exception {
        FileSystem files = folder.getFileSystem();
        var users = files.getUserPrincipalLookupService();
        assertTrue(ProcessOwner.isOrRoot(Files.getOwner(folder), files));
        assertTrue(ProcessOwner.isOrRoot(users.lookupPrincipalByName("0"), files));
        assertFalse(ProcessOwner.isOrRoot(users.lookupPrincipalByName("1234567"), files));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void writesForItsOwnerOrForAll(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("made/f");
        io.files().writePrivate(path, new byte[] {1});
        assertEquals("rw-------", io.files().rights(path).orElseThrow().mode());
        assertEquals(
                "rwx------",
                io.files().rights(folder.resolve("made")).orElseThrow().mode());
        io.files().writeReadable(path, new byte[] {2});
        assertEquals("rw-r--r--", io.files().rights(path).orElseThrow().mode());
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(path));
    }

    @Test
    void appendsToAFileAndReadsFromAnywhereInIt(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("f");
        for (byte b = 0; b < 3; b++) {
            try (OpenFile file = io.files().openAppend(path)) {
                file.append(ByteBuffer.wrap(new byte[] {b}));
            }
        }
        try (OpenFile file = io.files().openRead(path)) {
            assertEquals(3, file.lengthBytes());
            ByteBuffer target = ByteBuffer.allocate(8);
            assertEquals(2, file.read(target, 1));
            assertEquals(1, target.get(0));
            assertEquals(-1, file.read(target, 3));
        }
    }

    @Test
    void sendsPartOfAFile(@TempDir Path folder) throws Exception {
        Path path = Files.write(folder.resolve("f"), new byte[] {1, 2, 3, 4, 5});
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                OpenFile file = io.files().openRead(path)) {
            StreamSocket socket = io.connect(server.getLocalSocketAddress(), null, 0, 0);
            try (Socket peer = server.accept()) {
                while (!socket.finishConnect()) {
                    Thread.onSpinWait();
                }
                assertEquals(3, socket.sendFile(file, 1, 3));
                socket.close();
                assertArrayEquals(new byte[] {2, 3, 4}, peer.getInputStream().readAllBytes());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Elsewhere 127.0.0.1 is all there is of the loopback network.
    void connectsFromTheLocalAddressThatIsAskedFor() throws Exception {
        InetAddress second = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StreamSocket socket = io.connect(server.getLocalSocketAddress(), new InetSocketAddress(second, 0), 0, 0);
            try (Socket peer = server.accept()) {
                assertEquals(second, peer.getInetAddress());
            } finally {
                socket.close();
            }
        }
    }

    @Test
    void aChannelThatCannotConnectIsClosedWhateverTheReason(@TempDir Path folder) throws Exception {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var origin = new InetSocketAddress(loopback, 1);
        var unix = UnixDomainSocketAddress.of(folder.resolve("s"));
        for (Attempt row : List.of(
                new Attempt("IPv6 to IPv4", StandardProtocolFamily.INET, origin, new InetSocketAddress("::1", 0)),
                new Attempt("a file to IPv4", StandardProtocolFamily.INET, origin, unix),
                new Attempt("IPv4 to a file", StandardProtocolFamily.UNIX, unix, new InetSocketAddress(loopback, 0)),
                new Attempt("from no address", StandardProtocolFamily.INET, origin, unresolved()),
                new Attempt("to no address", StandardProtocolFamily.INET, unresolved(), null),
                new Attempt("unknown family", StandardProtocolFamily.INET6, new Elsewhere(), null))) {
            SocketChannel channel = SocketChannel.open(row.family());
            assertThrows(
                    IOException.class,
                    () -> NioStreamSocket.connect(channel, row.address(), row.local(), 0, 0),
                    row.what());
            assertFalse(channel.isOpen(), row.what());
        }
        SocketChannel used = SocketChannel.open(StandardProtocolFamily.INET);
        used.bind(new InetSocketAddress(loopback, 0)); // The second bind finds it bound already.
        var again = new InetSocketAddress(loopback, 0);
        assertThrows(IOException.class, () -> NioStreamSocket.connect(used, origin, again, 0, 0));
        assertFalse(used.isOpen());
    }

    @Test
    void aChannelThatCannotListenIsClosedWhateverTheReason(@TempDir Path folder) throws Exception {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var unix = UnixDomainSocketAddress.of(folder.resolve("s"));
        for (Attempt row : List.of(
                new Attempt("IPv6", StandardProtocolFamily.INET, new InetSocketAddress("::1", 0), null),
                new Attempt("a file", StandardProtocolFamily.INET, unix, null),
                new Attempt("IPv4 as a file", StandardProtocolFamily.UNIX, new InetSocketAddress(loopback, 0), null),
                new Attempt("no address", StandardProtocolFamily.INET, unresolved(), null),
                new Attempt("unknown family", StandardProtocolFamily.INET6, new Elsewhere(), null))) {
            ServerSocketChannel channel = ServerSocketChannel.open(row.family());
            assertThrows(
                    IOException.class,
                    () -> NioListenSocket.bind(channel, row.address(), 1, 0, PortSharing.EXCLUSIVE),
                    row.what());
            assertFalse(channel.isOpen(), row.what());
        }
        assertThrows(IOException.class, () -> io.probe(new Elsewhere()));
        assertThrows(IOException.class, () -> io.listen(unix, 1, 0, PortSharing.SHARED), "a file cannot be shared");
    }

    @Test
    void aClosedPollerWatchesNothingAndSaysSoAsSocketsFail() throws Exception {
        Poller poller = io.openPoller();
        poller.close();
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ListenSocket listening = io.listen(anyPort, 1, 0, PortSharing.EXCLUSIVE);
        StreamSocket socket = io.connect(listening.localAddress(), null, 0, 0);
        assertThrows(IOException.class, () -> listening.register(poller, UNUSED, Ops.ACCEPT));
        assertThrows(IOException.class, () -> socket.register(poller, UNUSED, Ops.READ));
        socket.close();
        listening.close();
    }

    private static final Pollable UNUSED = new Pollable() {
        @Override
        public void onReady(int readyOps) {}

        @Override
        public void onReadyFailed(Throwable failure) {}
    };

    private static SocketAddress unresolved() {
        return InetSocketAddress.createUnresolved("nowhere.invalid", 80);
    }

    private record Attempt(
            String what,
            ProtocolFamily family,
            SocketAddress address,
            @Nullable SocketAddress local) {}

    /** An address that no channel knows. */
    private static final class Elsewhere extends SocketAddress {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aWorkPoolRefusesWhatItsQueueDoesNotHold() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(3);
        Runnable work = () -> {
            try {
                gate.await();
                done.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        try (WorkPool pool = io.workPool("test", 1, 2)) {
            assertTrue(pool.submit(work));
            assertTrue(pool.submit(work));
            assertTrue(pool.submit(work));
            assertFalse(pool.submit(work));
            gate.countDown();
            assertTrue(done.await(20, TimeUnit.SECONDS));
        }
        WorkPool closed = io.workPool("closed", 1, 1);
        closed.close();
        assertFalse(closed.submit(() -> {}));
    }

    @Test
    void resolvesNamesOnThePool() throws Exception {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> missing = new CompletableFuture<>();
        try (WorkPool pool = io.workPool("names", 1, 4)) {
            assertTrue(io.resolver().resolve("127.0.0.1", pool, answerTo(found)));
            assertTrue(io.resolver().resolve("not a name", pool, answerTo(missing)));
            assertEquals(List.of(InetAddress.getByName("127.0.0.1")), found.get(20, TimeUnit.SECONDS));
            assertThrows(Exception.class, () -> missing.get(20, TimeUnit.SECONDS));
        }
        WorkPool closed = io.workPool("closed", 1, 1);
        closed.close();
        assertFalse(io.resolver().resolve("127.0.0.1", closed, answerTo(new CompletableFuture<>())));
    }

    private static NameResolver.Answer answerTo(CompletableFuture<List<InetAddress>> result) {
        return new NameResolver.Answer() {
            @Override
            public void onResolved(List<InetAddress> addresses) {
                result.complete(addresses);
            }

            @Override
            public void onFailed(IOException failure) {
                result.completeExceptionally(failure);
            }
        };
    }

    @Test
    void aRunnerGoesOnAfterAFailureUntilTheCycleIsDone() throws Exception {
        AtomicInteger cycles = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        Runner[] own = new Runner[1];
        Runner runner = io.runner(
                "agent",
                new DutyCycle() {
                    @Override
                    public int doWork(long nowNs) {
                        assertTrue(own[0].isCurrent());
                        return switch (cycles.incrementAndGet()) {
                            case 1 -> throw new IllegalStateException("agent bug");
                            case 2 -> 0;
                            case 3 -> 1;
                            default -> DONE;
                        };
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        failures.incrementAndGet();
                    }
                },
                1_000_000);
        own[0] = runner;
        assertFalse(runner.awaitTermination(0));
        runner.start();
        assertTrue(runner.awaitTermination(TimeUnit.SECONDS.toNanos(20)));
        assertFalse(runner.isCurrent());
        assertEquals(4, cycles.get());
        assertEquals(1, failures.get());
    }

    @Test
    void aWakeUpEndsTheWaitEvenIfItCameBefore() throws Exception {
        Poller poller = io.openPoller();
        poller.wakeup();
        assertEquals(0, poller.poll(Poller.FOREVER));
        Thread waker = Thread.ofVirtual().start(poller::wakeup);
        assertEquals(0, poller.poll(Poller.FOREVER));
        waker.join();
        poller.close();
        poller.wakeup();
    }

    @Test
    void anInterruptDoesNotMakeThePollerSpin() throws Exception {
        Poller poller = io.openPoller();
        Thread.currentThread().interrupt();
        poller.poll(Poller.FOREVER);
        assertFalse(Thread.currentThread().isInterrupted());
        poller.close();
    }

    @Test
    void theReserveDescriptorCanBeGivenUpAndRegained() {
        ReserveDescriptor reserve = io.reserveDescriptor();
        assertTrue(reserve.isHeld());
        reserve.giveUp();
        reserve.giveUp();
        assertFalse(reserve.isHeld());
        reserve.regain();
        reserve.regain();
        assertTrue(reserve.isHeld());
        reserve.giveUp();
    }

    @Test
    void chanceStaysWithinItsBound() {
        Chance chance = io.chance(1);
        for (int i = 0; i < 1000; i++) {
            int value = chance.nextInt(3);
            assertTrue(value >= 0 && value < 3);
        }
        assertTrue(chance.nextLong() != chance.nextLong());
    }

    @Test
    void refusalsToBindNameTheAddress() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            IOException failure = assertThrows(java.net.BindException.class, () -> io.probe(address));
            assertTrue(failure.getMessage().contains(":" + address.getPort()), failure.getMessage());
        }
    }
}
