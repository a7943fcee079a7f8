package dev.headgate.engine.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.loop.ScriptedIo.ScriptedSocket;
import dev.headgate.engine.timer.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cycle, without threads or sockets, on a clock that the test moves. */
class LoopCoreTest {
    private static final long MS = 1_000_000;
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(1);

    private final ScriptedIo io = new ScriptedIo();
    private final List<String> calls = new ArrayList<>();

    private final ConnectionHandler quiet = new ConnectionHandler() {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            calls.add("closed " + cause);
        }
    };

    private Timer timer(String name) {
        return new Timer() {
            @Override
            protected void onDeadline(long nowNs) {
                calls.add(name);
            }
        };
    }

    private Connection connect(LoopCore loop, ScriptedSocket socket, ConnectionHandler handler) {
        io.connecting.add(socket);
        Connection connection = loop.connect(ANYWHERE, SocketOptions.DEFAULTS, handler);
        loop.runCycle(0);
        return connection;
    }

    @Test
    void runsEventsThenCommandsThenTimersThenDeferredCallsThenCloses() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection connection, ByteBuffer bytes) {
                calls.add("event");
                bytes.position(bytes.limit());
                connection.abort();
                loop.defer(() -> calls.add("deferred"));
            }

            @Override
            public void onClosed(Connection connection, CloseCause cause) {
                calls.add("close");
            }
        });
        loop.timers().arm(timer("timer"), io.nowNs + 1);
        loop.execute(() -> calls.add("command"));
        socket.arrive(new byte[1]);
        io.nowNs += 100 * MS;
        loop.runCycle(0);
        assertEquals(List.of("event", "command", "timer", "deferred", "close"), calls);
        assertTrue(socket.isReset);
    }

    @Test
    void readsTheClockOncePerCycle() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket first = new ScriptedSocket();
        ScriptedSocket second = new ScriptedSocket();
        connect(loop, first, quiet);
        connect(loop, second, quiet);
        first.arrive(new byte[1]);
        second.arrive(new byte[1]);
        loop.execute(() -> {});
        int before = io.clockReadings;
        assertEquals(3, loop.runCycle(0));
        assertEquals(before + 1, io.clockReadings);
    }

    @Test
    void waitsUntilTheNextTimerAndNotAtAllWhenWorkIsLeft() throws IOException {
        LoopCore loop = io.loop(builder -> builder.workBudget(1).timerTickNs(1));
        loop.runCycle(Poller.FOREVER);
        assertEquals(Poller.FOREVER, io.poller.lastTimeoutNs);
        loop.timers().arm(timer("t"), io.nowNs + 700);
        loop.runCycle(Poller.FOREVER);
        assertEquals(700, io.poller.lastTimeoutNs);
        loop.runCycle(500);
        assertEquals(500, io.poller.lastTimeoutNs);
        loop.execute(() -> {});
        loop.runCycle(Poller.FOREVER);
        assertEquals(0, io.poller.lastTimeoutNs);
        loop.defer(() -> {});
        loop.defer(() -> {});
        loop.runCycle(Poller.FOREVER);
        assertEquals(0, io.poller.lastTimeoutNs);
        loop.runCycle(Poller.FOREVER);
        assertEquals(0, io.poller.lastTimeoutNs, "the second deferred call was over budget");
        loop.runCycle(Poller.FOREVER);
        assertEquals(700, io.poller.lastTimeoutNs);
    }

    @Test
    void runsAtMostTheBudgetOfCommandsPerCycle() throws IOException {
        LoopCore loop = io.loop(builder -> builder.workBudget(3));
        for (int i = 0; i < 7; i++) {
            loop.execute(() -> calls.add("c"));
        }
        loop.runCycle(0);
        assertEquals(3, calls.size());
        loop.runCycle(0);
        assertEquals(6, calls.size());
        loop.runCycle(0);
        assertEquals(7, calls.size());
    }

    @Test
    void refusesCommandsBeyondTheMailboxAndCountsThem() throws IOException {
        LoopCore loop = io.loop(builder -> builder.mailboxCapacity(4));
        for (int i = 0; i < 4; i++) {
            assertTrue(loop.execute(() -> calls.add("c")));
        }
        assertFalse(loop.execute(() -> calls.add("too many")));
        assertEquals(1, loop.counters().mailboxRejects());
        loop.runCycle(0);
        assertEquals(List.of("c", "c", "c", "c"), calls);
        assertTrue(loop.execute(() -> {}));
    }

    @Test
    void wakesThePollerOnlyWhenTheLoopSleeps() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        loop.execute(() -> {});
        assertEquals(0, io.poller.wakeups);
        loop.runCycle(Poller.FOREVER);
        loop.execute(() -> {});
        assertEquals(0, io.poller.wakeups, "awake again after the poll");
    }

    @Test
    void spinsForTheGivenTimeBeforeItWaits() throws IOException {
        LoopCore loop = io.loop(builder -> builder.busyPollNs(0));
        loop.runCycle(Poller.FOREVER);
        assertEquals(Poller.FOREVER, io.poller.lastTimeoutNs);
        ScriptedIo spinning = new ScriptedIo();
        LoopCore spinner = spinning.loop(builder -> builder.busyPollNs(1));
        spinner.execute(() -> {});
        spinner.runCycle(Poller.FOREVER);
        assertEquals(0, spinning.poller.lastTimeoutNs);
    }

    @Test
    void readsOfOneConnectionAreBoundedPerCycle() throws IOException {
        LoopCore loop = io.loop(builder -> builder.readBufferBytes(10).readsPerConnectionPerCycleMax(3));
        ScriptedSocket socket = new ScriptedSocket();
        connect(loop, socket, quiet);
        socket.arrive(new byte[100]);
        loop.runCycle(0);
        assertEquals(3, socket.readCalls);
        assertEquals(70, socket.input.size());
    }

    @Test
    void aShortReadMeansDrained() throws IOException {
        LoopCore loop = io.loop(builder -> builder.readBufferBytes(10));
        ScriptedSocket socket = new ScriptedSocket();
        connect(loop, socket, quiet);
        socket.arrive(new byte[19]);
        loop.runCycle(0);
        assertEquals(2, socket.readCalls);
    }

    @Test
    void stopsWatchingInputOnlyWhenAnEventComesWhilePaused() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, quiet);
        connection.pauseReading();
        loop.runCycle(0);
        assertEquals(Ops.READ, socket.interest);
        socket.arrive(new byte[1]);
        loop.runCycle(0);
        assertEquals(0, socket.interest);
        assertEquals(0, socket.readCalls);
        connection.resumeReading();
        assertEquals(Ops.READ, socket.interest);
        loop.runCycle(0);
        assertEquals(1, socket.readCalls);
    }

    @Test
    void watchesOutputOnlyForARemainder() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, quiet);
        socket.writes = possible -> possible / 2;
        loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
        loop.runCycle(0);
        assertEquals(Ops.READ | Ops.WRITE, socket.interest);
        assertEquals(5, connection.pendingWriteBytes());
        socket.writes = possible -> possible;
        loop.runCycle(0);
        assertEquals(Ops.READ, socket.interest);
        assertEquals(10, socket.output.size());
    }

    /** What the poller has told of had arrived before anything that leaves in the cycle, also where it leaves before the handler sees it. */
    @Test
    void knowsWhatHadLeftWhenTheCycleBegan() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                calls.add(from.sentBytesBeforeCycle() + " of " + from.sentBytes());
                bytes.position(bytes.limit());
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {}
        });
        socket.writes = possible -> 0;
        loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
        loop.runCycle(0);
        socket.writes = possible -> Math.min(possible, 4);
        socket.arrive(new byte[1]);
        loop.runCycle(0);
        socket.writes = possible -> possible;
        socket.arrive(new byte[1]);
        loop.runCycle(0);
        socket.arrive(new byte[1]);
        loop.runCycle(0);
        assertEquals(List.of("0 of 4", "4 of 10", "10 of 10"), calls);
    }

    @Test
    void readsWhatHasArrivedBeforeItReportsThatAWriteFailed() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                calls.add("bytes " + bytes.remaining());
                bytes.position(bytes.limit());
            }

            @Override
            public void onEnd(Connection from) {
                calls.add("end");
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {
                calls.add("closed " + cause);
            }
        });
        socket.isOutputBroken = true;
        loop.execute(() -> {
            socket.arrive(new byte[7]); // after this cycle's poll: the answer lies unread when the write fails
            connection.write(ByteBuffer.allocateDirect(10));
        });
        loop.runCycle(0);
        socket.hasInputEnded = true;
        loop.runCycle(0);
        assertEquals(List.of("bytes 7", "closed RESET"), calls);
    }

    @Test
    void tellsOfABrokenOutputAlsoWhileReadingIsPaused() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                from.pauseReading();
            }

            @Override
            public void onOutputBroken(Connection from) {
                calls.add("broken");
                from.abort();
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {
                calls.add("closed " + cause);
            }
        });
        socket.arrive(new byte[7]);
        loop.runCycle(0);
        socket.isOutputBroken = true;
        loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
        loop.runCycle(0);
        assertEquals(List.of("broken", "closed ABORTED"), calls);
    }

    /** The end of the input may be told of in the very poll in which a write has failed. */
    @Test
    void tellsOfABrokenOutputBeforeItShowsWhatWasLeft() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket other = new ScriptedSocket();
        ScriptedSocket socket = new ScriptedSocket();
        AtomicReference<Connection> left = new AtomicReference<>();
        connect(loop, other, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                bytes.position(bytes.limit());
                left.get().write(ByteBuffer.allocateDirect(5000)); // too much for the cork: written at once
                left.get().resumeReading();
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {}
        });
        left.set(connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                calls.add("bytes");
                from.pauseReading();
            }

            @Override
            public void onOutputBroken(Connection from) {
                calls.add("broken");
                from.abort();
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {
                calls.add("closed " + cause);
            }
        }));
        socket.arrive(new byte[7]);
        loop.runCycle(0);
        socket.isOutputBroken = true;
        socket.hasInputEnded = true;
        other.arrive(new byte[5000]);
        loop.runCycle(0);
        assertEquals(List.of("bytes", "broken", "closed ABORTED"), calls);
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    @Test
    void aWriteThatFailsWithNothingToReadIsAReset() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, quiet);
        socket.isOutputBroken = true;
        loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
        loop.runCycle(0);
        assertEquals(List.of("closed RESET"), calls);
    }

    @Test
    void sendsSmallSegmentsAtOnceFromTheSecondWriteOn() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, quiet);
        int[] expected = {0, 1, 1};
        for (int calls : expected) {
            loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
            loop.runCycle(0);
            assertEquals(calls, socket.sendAtOnceCalls);
        }
    }

    @Test
    void endOfStreamStopsWatchingInput() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket socket = new ScriptedSocket();
        connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection connection, ByteBuffer bytes) {}

            @Override
            public void onEnd(Connection connection) {
                calls.add("end");
            }

            @Override
            public void onClosed(Connection connection, CloseCause cause) {}
        });
        socket.hasInputEnded = true;
        loop.runCycle(0);
        loop.runCycle(0);
        assertEquals(List.of("end"), calls);
        assertEquals(0, socket.interest);
    }

    @Test
    void inputIsDrainedByAShortReadOnlyAndNotKnownToBeWhenBytesAreShownAgain() throws IOException {
        LoopCore loop = io.loop(builder -> builder.readBufferBytes(1024));
        ScriptedSocket socket = new ScriptedSocket();
        Connection connection = connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                calls.add(bytes.remaining() + " " + from.isInputDrained());
                if (bytes.remaining() == 3) {
                    bytes.position(bytes.position() + 1);
                    from.pauseReading();
                } else {
                    bytes.position(bytes.limit());
                }
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {}
        });
        socket.arrive(new byte[1023]);
        loop.runCycle(0);
        socket.arrive(new byte[1024]);
        loop.runCycle(0);
        socket.arrive(new byte[3]);
        loop.runCycle(0);
        connection.resumeReading();
        loop.runCycle(0);
        assertEquals(List.of("1023 true", "1024 false", "3 true", "2 false"), calls);
    }

    /** Says what happens to it, and answers each arrival with its own bytes. */
    private Connection talkative(LoopCore loop, String name, ScriptedSocket socket) {
        socket.reads = possible -> {
            calls.add("read " + name);
            return possible;
        };
        socket.writes = possible -> {
            calls.add("write " + name);
            return possible;
        };
        return connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                calls.add("bytes " + name);
                from.write(bytes);
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {
                calls.add("closed " + name);
            }
        });
    }

    @Test
    void readsAllThatAPollTellsOfThenDeliversItThenSendsWhatThatWrote() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        List<ScriptedSocket> sockets = List.of(new ScriptedSocket(), new ScriptedSocket(), new ScriptedSocket());
        for (int i = 0; i < 3; i++) {
            talkative(loop, "abc".substring(i, i + 1), sockets.get(i));
        }
        sockets.forEach(socket -> socket.arrive(new byte[1]));
        loop.runCycle(0);
        String expected = "read a, read b, read c, bytes a, bytes b, bytes c, write a, write b, write c";
        assertEquals(expected, String.join(", ", calls));
    }

    @ParameterizedTest
    @CsvSource({"4096, 'read a, read b, bytes a, bytes b'", "4097, 'read a, bytes a, read b, bytes b'"})
    void longReadsDoNotWait(int length, String expected) throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket first = new ScriptedSocket();
        ScriptedSocket second = new ScriptedSocket();
        talkative(loop, "a", first);
        talkative(loop, "b", second);
        first.arrive(new byte[length]);
        second.arrive(new byte[1]);
        loop.runCycle(0);
        assertEquals(
                expected,
                String.join(
                        ", ",
                        calls.stream().filter(call -> !call.startsWith("write")).toList()));
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 32, 33, 100})
    void manyWaitInTurns(int connections) throws IOException {
        LoopCore loop = io.loop(builder -> builder.corkBytes(2048));
        List<ScriptedSocket> sockets = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            ScriptedSocket socket = new ScriptedSocket();
            talkative(loop, "c", socket);
            sockets.add(socket);
        }
        for (int i = 0; i < connections; i++) {
            sockets.get(i).arrive(new byte[] {(byte) i, 1, 2});
        }
        loop.runCycle(0);
        for (int i = 0; i < connections; i++) {
            assertArrayEquals(new byte[] {(byte) i, 1, 2}, sockets.get(i).output.toByteArray());
            assertEquals(1, sockets.get(i).writeCalls);
        }
    }

    /** 50 bytes of the cork are taken, 10 of them by a head: 14 more fit. */
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15})
    void whatTheCorkHasNoRoomForLeavesInOneCallWithWhatWaitsForIt(int length) throws IOException {
        LoopCore loop = io.loop(builder -> builder.corkBytes(64));
        ScriptedSocket first = new ScriptedSocket();
        ScriptedSocket second = new ScriptedSocket();
        Connection other = connect(loop, first, quiet);
        Connection connection = connect(loop, second, quiet);
        loop.execute(() -> {
            other.write(ByteBuffer.allocateDirect(40));
            connection.write(ByteBuffer.allocateDirect(10));
            connection.write(ByteBuffer.allocateDirect(length));
        });
        loop.runCycle(0);
        assertEquals(List.of(40, 10 + length), List.of(first.output.size(), second.output.size()));
        assertEquals(List.of(1, 1), List.of(first.writeCalls, second.writeCalls));
    }

    /** What a handler does to another connection whose bytes have been read and wait for delivery. */
    private ScriptedSocket handleWhileOtherWaits(LoopCore loop, Consumer<Connection> action) {
        ScriptedSocket first = new ScriptedSocket();
        ScriptedSocket second = new ScriptedSocket();
        List<Connection> other = new ArrayList<>();
        connect(loop, first, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                bytes.position(bytes.limit());
                action.accept(other.getFirst());
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {}
        });
        other.add(talkative(loop, "b", second));
        first.arrive(new byte[1]);
        second.arrive("other".getBytes(US_ASCII));
        loop.runCycle(0);
        return second;
    }

    @Test
    void bytesThatWaitWhenTheirConnectionIsPausedAreKeptForLater() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        List<Connection> paused = new ArrayList<>();
        ScriptedSocket socket = handleWhileOtherWaits(loop, other -> {
            other.pauseReading();
            paused.add(other);
        });
        assertEquals(List.of("read b"), calls);
        paused.getFirst().resumeReading();
        loop.runCycle(0);
        assertEquals(List.of("read b", "bytes b", "write b"), calls);
        assertEquals("other", socket.output.toString(US_ASCII));
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    @Test
    void bytesThatWaitWhenTheirConnectionEndsAreDropped() throws IOException {
        for (Consumer<Connection> end : List.<Consumer<Connection>>of(Connection::abort, Connection::close)) {
            calls.clear();
            LoopCore loop = io.loop(builder -> builder);
            ScriptedSocket socket = handleWhileOtherWaits(loop, end);
            assertEquals(List.of("read b", "closed b"), calls);
            assertTrue(socket.isClosed);
            assertEquals(0, loop.buffers().outstandingBuffers());
        }
    }

    /** Nobody else's peer may ever see them. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1, 5000"})
    void bytesPutInPlaceByAHandlerThatThenFailsAreNotSent(int before, int after) throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket failing = new ScriptedSocket();
        ScriptedSocket socket = new ScriptedSocket();
        Connection other = connect(loop, socket, quiet);
        Connection writing = connect(loop, failing, quiet);
        loop.execute(() -> other.write(ByteBuffer.allocateDirect(before)));
        loop.execute(() -> {
            ByteBuffer place = writing.beginWrite();
            if (place != null) {
                place.put((byte) 's');
            }
            throw new IllegalStateException("half-way");
        });
        loop.execute(() -> other.write(ByteBuffer.allocateDirect(after)));
        loop.runCycle(0);
        assertEquals(1, io.failures.size());
        assertArrayEquals(new byte[before + after], socket.output.toByteArray());
        assertEquals(0, failing.output.size());
    }

    /** Before the loop may sleep again, for nothing else need ever wake it. */
    @Test
    void whatIsWrittenWhenAnotherConnectionHasClosedLeavesInTheSameCycle() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket told = new ScriptedSocket();
        Connection other = connect(loop, told, quiet);
        Connection closing = connect(loop, new ScriptedSocket(), new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {}

            @Override
            public void onClosed(Connection from, CloseCause cause) {
                other.write(ByteBuffer.wrap("gone".getBytes(US_ASCII)));
            }
        });
        loop.execute(closing::abort);
        loop.runCycle(0);
        assertEquals("gone", told.output.toString(US_ASCII));
    }

    /** A read that fills a small buffer is followed by another in the same event, which must come behind what the first left. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 4096, 4097})
    void whatAFullReadLeavesComesBeforeTheNextRead(int readBufferBytes) throws IOException {
        LoopCore loop = io.loop(builder -> builder.readBufferBytes(readBufferBytes));
        ScriptedSocket socket = new ScriptedSocket();
        byte[] sent = new byte[2 * readBufferBytes + 1];
        sent[0] = 'a';
        sent[sent.length - 1] = 'z';
        ByteBuffer seen = ByteBuffer.allocate(sent.length);
        connect(loop, socket, new ConnectionHandler() {
            @Override
            public void onBytes(Connection from, ByteBuffer bytes) {
                if (bytes.remaining() == sent.length) {
                    seen.put(bytes);
                }
            }

            @Override
            public void onClosed(Connection from, CloseCause cause) {}
        });
        socket.arrive(sent);
        loop.runCycle(0);
        assertArrayEquals(sent, seen.array());
        assertEquals(0, loop.buffers().outstandingBuffers());
    }

    /** Not an I/O failure: memory that has run out, or a fault of the platform's. */
    @Test
    void aWriteThatThrowsEndsItsConnectionAndTheRestIsSent() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        List<ScriptedSocket> sockets = List.of(new ScriptedSocket(), new ScriptedSocket(), new ScriptedSocket());
        List<Connection> connections = new ArrayList<>();
        sockets.forEach(socket -> connections.add(connect(loop, socket, quiet)));
        sockets.get(1).writes = possible -> {
            throw new IllegalStateException("no room");
        };
        loop.execute(() -> connections.forEach(each -> each.write(ByteBuffer.wrap("abc".getBytes(US_ASCII)))));
        loop.runCycle(0);
        loop.runCycle(0);
        assertEquals(
                List.of("abc", "", "abc"),
                sockets.stream().map(each -> each.output.toString(US_ASCII)).toList());
        assertEquals(List.of("closed HANDLER_FAILED"), calls);
        assertEquals(1, io.failures.size());
    }

    @Test
    void whatWaitsOfAConnectionThatEndsIsNotSentAndTheRestIs() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        List<ScriptedSocket> sockets = List.of(new ScriptedSocket(), new ScriptedSocket(), new ScriptedSocket());
        List<Connection> connections = new ArrayList<>();
        sockets.forEach(socket -> connections.add(connect(loop, socket, quiet)));
        loop.execute(() -> {
            connections.forEach(each -> each.write(ByteBuffer.wrap("abc".getBytes(US_ASCII))));
            connections.get(1).abort();
        });
        loop.runCycle(0);
        assertEquals(
                List.of("abc", "", "abc"),
                sockets.stream().map(each -> each.output.toString(US_ASCII)).toList());
    }

    /** As many small pieces as fill the cork, at a watermark just as high: only what the socket refuses is back-pressure. */
    @ParameterizedTest
    @CsvSource({
        "true, 31, true",
        "true, 32, true",
        "true, 33, true",
        "false, 31, true",
        "false, 32, false",
        "false, 33, false"
    })
    void whatWaitsToBeJoinedIsNoBackPressure(boolean takes, int pieces, boolean isBelow) throws IOException {
        LoopCore loop = io.loop(builder -> builder.corkBytes(32 * 1024));
        ScriptedSocket socket = new ScriptedSocket();
        socket.writes = possible -> takes ? possible : 0;
        io.connecting.add(socket);
        SocketOptions options = new SocketOptions(true, 0, 0, 32 * 1024, 8 * 1024, 256 * 1024, 1024);
        Connection connection = loop.connect(ANYWHERE, options, quiet);
        loop.runCycle(0);
        boolean answer = true;
        for (int i = 0; i < pieces; i++) {
            answer = connection.write(ByteBuffer.allocate(1024));
        }
        assertEquals(isBelow, answer);
        loop.runCycle(0);
        assertEquals(takes ? 0 : pieces * 1024, connection.pendingWriteBytes());
        assertTrue(socket.writeCalls <= 2, "joined all the same");
        connection.abort();
        loop.runCycle(0);
    }

    // ---- accepting

    private Engine accepting(int acceptsMax) throws IOException {
        Engine engine = Engine.start(EngineOptions.builder()
                .loops(1)
                .io(io)
                .acceptsPerCycleMax(acceptsMax)
                .build());
        engine.listen(ListenOptions.at(ANYWHERE), (loop, connection) -> quiet);
        ((LoopCore) engine.loop(0)).runCycle(0);
        return engine;
    }

    @Test
    void acceptsAreBoundedPerCycle() throws IOException {
        Engine engine = accepting(3);
        for (int i = 0; i < 5; i++) {
            io.listening.arriving.add(new ScriptedSocket());
        }
        ((LoopCore) engine.loop(0)).runCycle(0);
        assertEquals(3, engine.openConnections());
        ((LoopCore) engine.loop(0)).runCycle(0);
        assertEquals(5, engine.openConnections());
    }

    @Test
    void withoutDescriptorsItShedsOneAndBacksOffFromTenMillisecondsToASecond() throws IOException {
        Engine engine = accepting(64);
        LoopCore loop = (LoopCore) engine.loop(0);
        long[] waitsMs = {10, 20, 40, 80, 160, 320, 640, 1000, 1000};
        for (int i = 0; i < waitsMs.length; i++) {
            ScriptedSocket shed = new ScriptedSocket();
            io.listening.arriving.add(new DescriptorLimitException("Too many open files", new IOException()));
            io.listening.arriving.add(shed);
            loop.runCycle(0);
            assertTrue(shed.isClosed);
            assertEquals(i + 1, io.reserve.givenUp);
            assertTrue(io.reserve.isHeld());
            assertEquals(0, io.listening.interest);
            io.nowNs += waitsMs[i] * MS - 1;
            loop.runCycle(0);
            assertEquals(0, io.listening.interest, "still backing off");
            io.nowNs += 2 * loop.timers().tickNs();
            loop.runCycle(0);
            assertEquals(Ops.ACCEPT, io.listening.interest);
        }
        assertEquals(waitsMs.length, loop.counters().acceptFailures());
        assertEquals(waitsMs.length, loop.counters().connectionsRefused());
        io.listening.arriving.add(new ScriptedSocket());
        loop.runCycle(0);
        assertEquals(1, engine.openConnections());
    }

    @Test
    void tellsTheFactoryOfEachFailureToAcceptAndSurvivesWhatItThrows() throws IOException {
        Engine engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
        LoopCore loop = (LoopCore) engine.loop(0);
        engine.listen(ListenOptions.at(ANYWHERE), new HandlerFactory() {
            @Override
            public ConnectionHandler onAccept(EventLoop l, Connection connection) {
                return quiet;
            }

            @Override
            public void onAcceptFailed(EventLoop l, IOException failure) {
                calls.add(String.valueOf(failure.getMessage()));
                throw new IllegalStateException("no place to tell");
            }
        });
        loop.runCycle(0);
        io.listening.arriving.add(new DescriptorLimitException("Too many open files", new IOException()));
        loop.runCycle(0);
        io.nowNs += 100 * MS;
        loop.runCycle(0);
        io.listening.arriving.add(new IOException("odd"));
        loop.runCycle(0);
        assertEquals(List.of("Too many open files", "odd"), calls);
        assertEquals(2, loop.counters().acceptFailures());
        assertEquals(1, loop.counters().descriptorShortages());
        assertEquals(0, io.listening.interest, "backing off");
    }

    @Test
    void pausedAcceptorsStayPausedAfterABackOff() throws IOException {
        Engine engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
        LoopCore loop = (LoopCore) engine.loop(0);
        var listener = engine.listen(ListenOptions.at(ANYWHERE), (l, connection) -> quiet);
        loop.runCycle(0);
        io.listening.arriving.add(new IOException("odd"));
        loop.runCycle(0);
        listener.pause();
        loop.runCycle(0);
        io.nowNs += 100 * MS;
        loop.runCycle(0);
        assertEquals(0, io.listening.interest);
        listener.resume();
        loop.runCycle(0);
        assertEquals(Ops.ACCEPT, io.listening.interest);
    }

    @Test
    void stoppingClosesListenersConnectionsAndThePoller() throws Exception {
        Engine engine = accepting(64);
        ScriptedSocket socket = new ScriptedSocket();
        io.listening.arriving.add(socket);
        ((LoopCore) engine.loop(0)).runCycle(0);
        engine.close();
        assertTrue(engine.awaitTermination(Duration.ZERO));
        assertTrue(socket.isClosed && io.listening.isClosed && io.poller.isClosed && !io.reserve.isHeld());
        assertEquals(List.of("closed LOOP_STOPPED"), calls);
        assertEquals(0, engine.openConnections());
    }

    @Test
    void stoppingResetsAConnectionWhoseOutputIsNotAllSent() throws Exception {
        Engine engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
        LoopCore loop = (LoopCore) engine.loop(0);
        ScriptedSocket socket = new ScriptedSocket();
        socket.writes = possible -> Math.min(possible, 4);
        Connection connection = connect(loop, socket, quiet);
        loop.execute(() -> connection.write(ByteBuffer.allocateDirect(10)));
        loop.runCycle(0);
        engine.close();
        assertTrue(engine.awaitTermination(Duration.ZERO));
        assertTrue(socket.isReset);
    }

    @Test
    void showsWhatIsRetainedBeforeAnEndThatIsReadInTheCycleOfTheResume() throws IOException {
        LoopCore loop = io.loop(builder -> builder);
        ScriptedSocket first = new ScriptedSocket();
        ScriptedSocket second = new ScriptedSocket();
        Connection[] paused = new Connection[1];
        connect(loop, first, new ConnectionHandler() {
            @Override
            public void onBytes(Connection connection, ByteBuffer bytes) {
                bytes.position(bytes.limit());
                paused[0].resumeReading();
            }

            @Override
            public void onClosed(Connection connection, CloseCause cause) {}
        });
        paused[0] = connect(loop, second, new ConnectionHandler() {
            private boolean shown;

            @Override
            public void onBytes(Connection connection, ByteBuffer bytes) {
                if (shown) {
                    calls.add("bytes " + bytes.remaining());
                    bytes.position(bytes.limit());
                }
                shown = true;
                connection.pauseReading();
            }

            @Override
            public void onEnd(Connection connection) {
                calls.add("end");
                connection.close();
            }

            @Override
            public void onClosed(Connection connection, CloseCause cause) {}
        });
        second.arrive(new byte[3]);
        loop.runCycle(0);
        first.arrive(new byte[1]);
        second.hasInputEnded = true;
        loop.runCycle(0);
        paused[0].resumeReading();
        loop.runCycle(0);
        assertEquals(List.of("bytes 3", "end"), calls);
    }

    @Test
    void whatHasBegunIsUndoneAlsoAfterAnUncheckedException() throws IOException {
        EngineOptions twoLoops = EngineOptions.builder().loops(2).io(io).build();
        Engine engine = Engine.start(twoLoops);
        io.listensLeft = 1;
        assertThrows(
                IllegalStateException.class,
                () -> engine.listen(ListenOptions.at(ANYWHERE), (loop, connection) -> quiet));
        assertTrue(io.listening.isClosed);
        io.pollersLeft = 1;
        assertThrows(IllegalStateException.class, () -> Engine.start(twoLoops));
        assertTrue(io.poller.isClosed);
    }
}
