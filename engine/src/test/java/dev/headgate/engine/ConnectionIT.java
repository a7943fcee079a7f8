package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionIT {
    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    private static SocketOptions options(int high, int low, int pendingMax, int retainedMax) {
        return new SocketOptions(true, 0, 0, high, low, pendingMax, retainedMax);
    }

    // ---- half-close

    @Test
    void writesOnAfterThePeerHasFinishedSending() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenEnd(Connection from) {
                from.write(ascii("you said " + text()));
                from.close();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "hello");
            client.shutdownOutput();
            assertEquals("you said hello", receive(client, 100));
            server.awaitClosed(CloseCause.CLOSED);
        }
    }

    @Test
    void readsOnAfterItsOwnOutputHasEnded() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                opened.write(ascii("last words"));
                opened.shutdownOutput();
                assertTrue(opened.write(ascii("ignored")));
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            assertEquals("last words", receive(client, 100));
            send(client, "still heard");
            client.shutdownOutput();
            server.awaitClosed(CloseCause.CLOSED);
            assertEquals("still heard", server.text());
        }
    }

    // ---- retained input

    @Test
    void presentsUnconsumedBytesAgainWithLaterOnes() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                if (lent.get(lent.limit() - 1) == '\n') {
                    consume(lent);
                    from.write(ascii("."));
                }
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            byte[] line = "x".repeat(5000).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < line.length; sent += 100) {
                client.getOutputStream().write(line, sent, 100);
                int total = sent + 100;
                TestEngine.await("presented again", () -> server.events.contains("bytes " + total));
            }
            send(client, "\n");
            assertEquals(".", receive(client, 1));
            assertEquals(5001, server.text().length());
            assertEquals(0, test.onLoop(() -> test.loop().buffers().outstandingBuffers()));
        }
    }

    @Test
    void presentsLeftBytesWhenReadingResumesAndThenTheEnd() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                if (from.isReadingPaused()) {
                    throw new IllegalStateException("bytes while paused");
                }
                ByteBuffer one = lent.slice(lent.position(), 1);
                lent.position(lent.position() + 1);
                consume(one);
                from.pauseReading();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "abc");
            client.shutdownOutput();
            for (int count = 1; count <= 3; count++) {
                int expected = count;
                TestEngine.await("byte " + count, () -> server.bytes == expected);
                assertFalse(server.hasEnded);
                test.run(() -> server.opened().resumeReading());
            }
            server.awaitClosed(CloseCause.CLOSED);
            assertEquals("abc", server.text());
            assertEquals(List.of("open", "bytes 3", "bytes 2", "bytes 1", "end", "closed CLOSED"), server.events);
        }
    }

    @Test
    void keepsAtMostOneReadWhilePaused() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                opened.pauseReading();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "abc");
            server.opened();
            long reads = test.loop().counters().reads();
            test.run(() -> {});
            assertEquals(0, server.bytes);
            assertEquals(reads, test.loop().counters().reads());
            test.run(() -> server.opened().resumeReading());
            TestEngine.await("bytes", () -> server.bytes == 3);
        }
    }

    @Test
    void allowsAsMuchUnconsumedInputAsTheLimitAndNoMore() throws Exception {
        for (int length : new int[] {2047, 2048, 2049}) {
            Recorder server = new Recorder() {
                @Override
                protected void whenBytes(Connection from, ByteBuffer lent) {}
            };
            try (TestEngine test = TestEngine.start();
                    Socket client =
                            TestEngine.client(test.listen(options(64, 16, 1024, 2048), (loop, connection) -> server))) {
                send(client, "x".repeat(1000));
                TestEngine.await("first part", () -> server.events.contains("bytes 1000"));
                send(client, "x".repeat(length - 1000));
                if (length > 2048) {
                    server.awaitClosed(CloseCause.BUDGET_EXCEEDED);
                    assertEquals(1, test.loop().counters().budgetAborts());
                } else {
                    TestEngine.await("all", () -> server.events.contains("bytes " + length));
                    client.shutdownOutput();
                    server.awaitClosed(CloseCause.CLOSED);
                }
            }
        }
    }

    @Test
    void wholeInputIsRefusedWhenItExceedsTheLimitInOneRead() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {}
        };
        try (TestEngine test = TestEngine.start();
                Socket client =
                        TestEngine.client(test.listen(options(64, 16, 1024, 10), (loop, connection) -> server))) {
            send(client, "12345678901");
            server.awaitClosed(CloseCause.BUDGET_EXCEEDED);
        }
    }

    @Test
    void resumingInsideTheCallPresentsTheRestAgain() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                ByteBuffer one = lent.slice(lent.position(), 1);
                lent.position(lent.position() + 1);
                consume(one);
                from.pauseReading();
                from.resumeReading();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "abcdef");
            TestEngine.await("all, one by one", () -> server.bytes == 6);
            assertEquals("abcdef", server.text());
        }
    }

    // ---- back-pressure

    @Test
    void aSlowReaderMakesWritesReportTheHighWatermarkAndHearOfTheLow() throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(2).nextBytes(sent);
        ByteBuffer source = ByteBuffer.allocateDirect(sent.length).put(sent).flip();
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                pump(opened);
            }

            @Override
            protected void whenWritable(Connection to) {
                assertTrue(to.pendingWriteBytes() <= 4096, "low watermark");
                pump(to);
            }

            private void pump(Connection to) {
                boolean isBelow = true;
                while (isBelow && source.hasRemaining()) {
                    int count = Math.min(source.remaining(), 20_000);
                    isBelow = to.write(source.slice(source.position(), count));
                    source.position(source.position() + count);
                    assertEquals(isBelow, to.pendingWriteBytes() < 32 * 1024);
                }
                if (!source.hasRemaining()) {
                    to.close();
                }
            }
        };
        SocketOptions smallBuffer = new SocketOptions(true, 16 * 1024, 0, 32 * 1024, 4096, 64 * 1024, 1024);
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen(smallBuffer, (loop, connection) -> server))) {
            byte[] received = client.getInputStream().readAllBytes();
            assertArrayEquals(sent, received);
            server.awaitClosed(CloseCause.CLOSED);
            assertTrue(server.writables > 0);
            assertTrue(test.engine.reservedBufferBytes() <= 1 << 20, "memory stays bounded");
        }
    }

    @Test
    void abortsWhenPendingOutputExceedsItsLimit() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                ByteBuffer chunk = ByteBuffer.allocateDirect(64 * 1024);
                while (opened.isOpen()) {
                    opened.write(chunk.clear());
                    if (opened.pendingWriteBytes() > 100_000) {
                        throw new IllegalStateException("over the limit: " + opened.pendingWriteBytes());
                    }
                }
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(
                        test.listen(options(1024, 512, 100_000, 1024), (loop, connection) -> server))) {
            server.awaitClosed(CloseCause.BUDGET_EXCEEDED);
            assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
        }
    }

    @Test
    void abortsWhenTheEngineHasNoBufferLeft() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {}
        };
        try (TestEngine test = TestEngine.start(builder -> builder.bufferBudgetBytes(0));
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "x");
            server.awaitClosed(CloseCause.BUDGET_EXCEEDED);
            assertEquals(1, test.loop().counters().budgetAborts());
        }
    }

    // ---- joining writes

    @Test
    void smallWritesOfOneCallLeaveInOneSystemCall() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                consume(lent);
                for (int i = 0; i < 50; i++) {
                    from.write(ascii("ab"));
                    from.write(new ByteBuffer[] {ascii("cd"), ascii("ef"), ascii("gh")}, 3);
                }
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "x");
            assertEquals("abcdefgh".repeat(50), receive(client, 400));
            test.run(() -> {});
            assertEquals(1, test.loop().counters().writes());
        }
    }

    @Test
    void aLargePieceIsGatheredWithTheSmallOnesBeforeIt() throws Exception {
        byte[] body = new byte[20_000];
        new Random(3).nextBytes(body);
        ByteBuffer direct = ByteBuffer.allocateDirect(body.length).put(body).flip();
        ByteBuffer tail =
                ByteBuffer.allocateDirect(2).put((byte) '\r').put((byte) '\n').flip();
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                consume(lent);
                from.write(ascii("head "));
                from.write(new ByteBuffer[] {ByteBuffer.allocateDirect(0), direct, tail}, 3);
                assertFalse(direct.hasRemaining() || tail.hasRemaining());
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "x");
            assertEquals("head ", receive(client, 5));
            assertArrayEquals(body, client.getInputStream().readNBytes(body.length));
            assertEquals("\r\n", receive(client, 2));
            test.run(() -> {});
            assertEquals(1, test.loop().counters().writes());
        }
    }

    @Test
    void whatWaitsBehindAnotherConnectionsBytesIsSentBeforeMoreIsAdded() throws Exception {
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        try (TestEngine test = TestEngine.start();
                Socket one = TestEngine.client(test.listen((loop, connection) -> first));
                Socket two = TestEngine.client(test.listen((loop, connection) -> second))) {
            Connection a = first.opened();
            Connection b = second.opened();
            test.run(() -> {
                a.write(ascii("1"));
                assertEquals(1, a.pendingWriteBytes());
                b.write(ascii("2"));
                assertEquals(1, a.pendingWriteBytes());
                a.write(ascii("3"));
                assertEquals(1, a.pendingWriteBytes());
                assertEquals(0, b.pendingWriteBytes());
                assertEquals(2, test.loop().counters().writes());
            });
            assertEquals("13", receive(one, 2));
            assertEquals("2", receive(two, 1));
        }
    }

    // ---- ending

    @Test
    void closeSendsEverythingFirst() throws Exception {
        byte[] sent = new byte[200_000];
        new Random(4).nextBytes(sent);
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                opened.write(ByteBuffer.wrap(sent));
                opened.close();
                opened.write(ascii("ignored"));
                assertFalse(opened.isOpen());
            }
        };
        SocketOptions smallBuffer = new SocketOptions(true, 4096, 0, 64 * 1024, 1024, 256 * 1024, 1024);
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen(smallBuffer, (loop, connection) -> server))) {
            send(client, "input that nobody wants");
            assertArrayEquals(sent, client.getInputStream().readAllBytes());
            server.awaitClosed(CloseCause.CLOSED);
            assertEquals(List.of("open", "closed CLOSED"), server.events);
        }
    }

    @Test
    void abortIsSeenAsAReset() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                consume(lent);
                from.write(ascii("dropped"));
                from.abort();
                from.abort();
                from.close();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            send(client, "x");
            assertThrows(IOException.class, () -> client.getInputStream().read());
            server.awaitClosed(CloseCause.ABORTED);
            assertEquals(List.of("open", "bytes 1", "closed ABORTED"), server.events);
        }
    }

    @Test
    void aResetByThePeerEndsTheConnection() throws Exception {
        Recorder server = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            Socket client = TestEngine.client(test.listen((loop, connection) -> server));
            server.opened();
            client.setSoLinger(true, 0);
            client.close();
            server.awaitClosed(CloseCause.RESET);
            assertEquals(List.of("open", "closed RESET"), server.events);
        }
    }

    @Test
    void abortCutsACloseShortThatWaitsForASlowReader() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                ByteBuffer chunk = ByteBuffer.allocateDirect(16 * 1024);
                while (opened.write(chunk.clear())) {}
                opened.close();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            Connection connection = server.opened();
            assertTrue(test.onLoop(() -> connection.pendingWriteBytes() > 0 && !connection.isOpen()));
            test.run(connection::abort);
            server.awaitClosed(CloseCause.ABORTED);
            assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
        }
    }

    @Test
    void aHandlerThatThrowsLosesItsConnectionOnly() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                leave();
                throw new IllegalStateException("handler bug");
            }
        };
        Recorder other = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            test.expectFailures();
            InetSocketAddress address = test.listen((loop, connection) -> server);
            try (Socket client = TestEngine.client(address);
                    Socket bystander = TestEngine.client(test.listen((loop, connection) -> other))) {
                send(client, "x");
                server.awaitClosed(CloseCause.HANDLER_FAILED);
                send(bystander, "y");
                TestEngine.await("bystander", () -> other.bytes == 1);
            }
            server.cause = null;
            try (Socket again = TestEngine.client(address)) {
                send(again, "x");
                server.awaitClosed(CloseCause.HANDLER_FAILED);
            }
            assertEquals(2, test.loop().counters().handlerFailures());
            assertEquals(1, test.failures.size(), "told once per kind");
        }
    }

    @Test
    void aHandlerThatThrowsFromEveryCallIsStillToldOfTheClose() throws Exception {
        Recorder server = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                leave();
                throw new AssertionError("open");
            }

            @Override
            public void onClosed(Connection closed, CloseCause why) {
                super.onClosed(closed, why);
                throw new StackOverflowError("closed");
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            test.expectFailures();
            server.awaitClosed(CloseCause.HANDLER_FAILED);
            assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
        }
    }

    // ---- connecting

    @Test
    void connectsAndTalks() throws Exception {
        Recorder client = new Recorder() {
            @Override
            protected void whenOpen(Connection opened) {
                opened.write(ascii("hello"));
            }
        };
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            test.connect(address, client);
            TestEngine.await("echo", () -> client.bytes == 5);
            assertEquals(address, test.onLoop(() -> client.opened().remoteAddress()));
            test.run(() -> client.opened().close());
            client.awaitClosed(CloseCause.CLOSED);
        }
    }

    @Test
    void aRefusedConnectIsToldAlone() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        Recorder client = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            test.connect(new InetSocketAddress(TestEngine.anyPort().getAddress(), port), client);
            client.awaitClosed(CloseCause.CONNECT_REFUSED);
            assertEquals(List.of("closed CONNECT_REFUSED"), client.events);
        }
    }

    @Test
    void anUnresolvedAddressFailsToConnect() throws Exception {
        Recorder client = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            test.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 80), client);
            client.awaitClosed(CloseCause.CONNECT_FAILED);
        }
    }

    @Test
    void aLocalAddressOfAnotherFamilyFailsToConnect() throws Exception {
        Recorder client = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 1);
            SocketOptions options = SocketOptions.DEFAULTS.withLocalAddress(new InetSocketAddress("::1", 0));
            test.run(() -> test.loop().connect(v4, options, client));
            client.awaitClosed(CloseCause.CONNECT_FAILED);
            assertEquals(List.of("closed CONNECT_FAILED"), client.events);
        }
    }

    @Test
    void aConnectCanBeAbandonedBeforeItIsThrough() throws Exception {
        Recorder aborted = new Recorder();
        Recorder closed = new Recorder();
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            test.run(() -> {
                test.loop().connect(address, SocketOptions.DEFAULTS, aborted).abort();
                test.loop().connect(address, SocketOptions.DEFAULTS, closed).close();
                assertEquals(List.of(), aborted.events);
            });
            aborted.awaitClosed(CloseCause.ABORTED);
            closed.awaitClosed(CloseCause.CLOSED);
            assertEquals(List.of("closed ABORTED"), aborted.events);
        }
    }

    @Test
    void stoppingTheEngineEndsEveryConnection() throws Exception {
        Recorder server = new Recorder();
        TestEngine test = TestEngine.start();
        try (Socket client = TestEngine.client(test.listen((loop, connection) -> server))) {
            server.opened();
            test.close();
            server.awaitClosed(CloseCause.LOOP_STOPPED);
            assertEquals(-1, client.getInputStream().read());
            assertFalse(test.loop().execute(() -> {}));
        }
    }

    @Test
    void theHandlerCanBeReplaced() throws Exception {
        Recorder second = new Recorder();
        Recorder first = new Recorder() {
            @Override
            protected void whenBytes(Connection from, ByteBuffer lent) {
                from.handler(second); // and leaves the bytes to it
                from.pauseReading();
                from.resumeReading();
            }
        };
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> first))) {
            send(client, "for the second");
            TestEngine.await("second", () -> second.text().equals("for the second"));
            client.shutdownOutput();
            second.awaitClosed(CloseCause.CLOSED);
        }
    }
}
