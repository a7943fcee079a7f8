package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose content is longer than what is kept in memory, and that are sent again all the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReplayFileIT {
    private static final int LONG = 3_000_000;

    private final SteeredIo io = new SteeredIo();
    private final SteeredFiles files = io.files;
    private final AtomicInteger asked = new AtomicInteger();
    private final List<byte[]> received = new ArrayList<>(); // one after the other, as requests are
    private OriginScript failing = OriginScript.closeWithoutAnswer();
    private OriginScript serving = exchange -> {
        received.add(exchange.readContent());
        exchange.respond(200, "good");
    };
    private final ScriptedOrigin one = ScriptedOrigin.start().otherwise(script());
    private final ScriptedOrigin other = ScriptedOrigin.start().otherwise(script());

    @TempDir
    private Path folder;

    @AfterEach
    void closeOrigins() {
        one.close();
        other.close();
    }

    /** Whoever is asked first reads all and closes. */
    private OriginScript script() {
        return exchange -> {
            if (asked.getAndIncrement() == 0) {
                failing.run(exchange);
            } else {
                serving.run(exchange);
            }
        };
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private ProxySetup setup(String replayFile) {
        return setup(replayFile, one.address(), other.address());
    }

    private ProxySetup setup(String replayFile, String... endpoints) {
        return ProxySetup.before(endpoints)
                .listener("protocols: [h2, http/1.1], limits: {body: unlimited}")
                .upstream("retry: {replayFile: " + replayFile + "}");
    }

    private String inFolder() {
        return "{directory: \"" + folder + "\"}";
    }

    private static RawClient put(RawClient client, byte[] content) {
        return client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: " + content.length + "␍␊␍␊")
                .send(content);
    }

    private static MetricsSnapshot.Upstream app(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
    }

    /** Lets time pass, and the loop see it. */
    private void passTime(ProxyHarness proxy, Duration time) {
        io.pass(time);
        try (var other = proxy.connect()) {
            long read = proxy.bytesRead();
            other.send("GET");
            proxy.awaitRead(read + 3);
            other.send(" / ");
            proxy.awaitRead(read + 6);
            other.reset();
        }
    }

    private void awaitNothingLeft() {
        Await.until(
                "no file is open or left",
                () -> files.open() == 0
                        && Objects.requireNonNull(folder.toFile().list()).length == 0);
    }

    @Test
    void isOffUnlessItIsWished() {
        try (var proxy = ProxySetup.before(one, other).start(io);
                var client = proxy.connect()) {
            put(client, content(LONG)).expectStatus(502);
            assertEquals(0, files.opened());
        }
    }

    @Test
    void longContentIsSentAgain() {
        byte[] content = content(LONG);
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            put(client, content).expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            assertEquals(1, app(proxy).replayFiles());
            assertEquals(0, app(proxy).replayFilesLost());
            awaitNothingLeft();
            put(client, content).expectStatus(200);
            assertArrayEquals(content, received.get(1));
            awaitNothingLeft();
        }
    }

    /** It needs none. */
    @Test
    void shortContentHasNoFile() {
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            put(client, content(64 << 10)).expectStatus(200);
            assertEquals(0, app(proxy).replayFiles());
            assertEquals(1, files.opened(), "the one that was tried at the start");
        }
    }

    @Test
    void contentThatIsStillComingFollows() {
        byte[] content = content(LONG);
        failing = exchange -> {
            exchange.readContent(LONG / 2);
            exchange.reset();
        };
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊");
            client.send(Integer.toHexString(LONG) + "␍␊").send(Arrays.copyOf(content, LONG - 100_000));
            Await.until("there is a second attempt", () -> asked.get() == 2);
            client.send(Arrays.copyOfRange(content, LONG - 100_000, LONG));
            client.send("␍␊0␍␊X-Sum: 17␍␊␍␊").expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            ScriptedOrigin last = one.requests().getLast().trailers().value("x-sum") == null ? other : one;
            assertEquals("17", last.lastRequest().trailers().value("x-sum"));
            awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void worksOnBothSidesOfHttp2(boolean isClientByHttp1) {
        byte[] content = content(LONG);
        Handler handler = (peer, request) -> {
            byte[] got = peer.awaitContent(request.streamId());
            if (asked.getAndIncrement() == 0) {
                peer.send(Frames.rst(request.streamId(), Codes.INTERNAL_ERROR));
            } else {
                received.add(got);
                peer.respond(request.streamId(), 200, "good");
            }
        };
        try (var first = Http2Origin.start(Script.serving(handler));
                var second = Http2Origin.start(Script.serving(handler));
                var proxy = setup(inFolder(), first.address(), second.address())
                        .upstream("protocol: h2")
                        .start(io)) {
            if (isClientByHttp1) {
                try (var client = proxy.connect()) {
                    put(client, content).expectStatus(200);
                }
            } else {
                try (var client = Http2Peer.connect(proxy.port()).greet()) {
                    client.send(Frames.begin(1, FieldBlock.request("PUT", "/"))).sendContent(1, content);
                    client.expectStatus(1, 200);
                }
            }
            assertArrayEquals(content, received.getFirst());
            awaitNothingLeft();
        }
    }

    // ---- bounds ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"65535, 200", "65536, 200", "65537, 502"})
    void oneRequestHasSoMuchRoom(int length, int status) {
        try (var proxy = ProxySetup.before(one, other)
                        .upstream("retry: {replayBytes: 0B, replayFile: {max: 64KiB, directory: \"" + folder + "\"}}")
                        .start(io);
                var client = proxy.connect()) {
            put(client, content(length)).expectStatus(status);
            assertEquals(status == 200 ? 0 : 1, app(proxy).replayFilesLost());
            awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"60000, 200", "60001, 502"})
    void allHaveSoMuchRoomTogether(int length, int status) {
        try (var proxy = ProxySetup.before(one, other)
                        .top("limits: {replayFiles: 120000B}")
                        .upstream("retry: {replayBytes: 0B, replayFile: {max: 64KiB, directory: \"" + folder + "\"}}")
                        .start(io);
                var slow = proxy.connect();
                var client = proxy.connect()) {
            failing = OriginScript.stall();
            put(slow, content(60_000));
            Await.until("the first one has arrived", () -> proxy.bytesRead() > 60_000 && asked.get() == 1);
            failing = OriginScript.closeWithoutAnswer();
            asked.set(0);
            put(client, content(length)).expectStatus(status);
            assertEquals(status == 200 ? 0 : 1, app(proxy).replayFilesLost());
            slow.reset();
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            asked.set(0);
            put(client, content(60_001)).expectStatus(200); // What others had is free again.
            awaitNothingLeft();
        }
    }

    // ---- disks -----------------------------------------------------------------------------------------------------

    @Test
    void withAFullDiskTheRequestStreamsOn() {
        byte[] content = content(LONG);
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            files.fullAt(200_000);
            asked.set(1); // Nobody fails.
            put(client, content).expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            assertEquals(1, app(proxy).replayFilesLost());
            Await.until(
                    "it is told",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=replay_file_failed")
                                    && line.contains("upstream=app")
                                    && line.contains("No space left on device")));
            asked.set(0);
            put(client, content).expectStatus(502);
            awaitNothingLeft();
        }
    }

    @Test
    void aDiskThatStandsStillHoldsNobodyUpForLong() {
        byte[] content = content(LONG);
        try (var proxy = setup("{directory: \"" + folder + "\", wait: 50ms}").start(io);
                var client = proxy.connect()) {
            files.standStill();
            asked.set(1);
            put(client, content).expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            assertEquals(1, app(proxy).replayFilesLost());
            files.goOn();
            awaitNothingLeft();
        }
    }

    /** The client waits for it, and loses nothing by that. */
    @Test
    void aSlowDiskHoldsTheClientUp() {
        byte[] content = content(LONG);
        try (var proxy = setup("{directory: \"" + folder + "\", wait: 1m}").start(io);
                var client = proxy.connect()) {
            files.standStill();
            Thread sending = Thread.ofVirtual().start(() -> put(client, content));
            Await.until("it has begun", () -> files.opened() == 2);
            proxy.awaitRead((64 << 10) + (128 << 10));
            for (int i = 0; i < 200; i++) { // each after what the loop has read by then
                assertTrue(proxy.outstandingBytes() < 1 << 20);
            }
            files.goOn();
            client.expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            assertEquals(0, app(proxy).replayFilesLost());
            awaitNothingLeft();
            sending.interrupt();
        }
    }

    @Test
    void whatCannotBeReadIsNotSentInPart() {
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            files.breakReading();
            put(client, content(LONG)).expectStatus(500);
            assertEquals(0, received.size());
            awaitNothingLeft();
        }
    }

    /** The disk turns out to be full while the second attempt is waited for. */
    @Test
    void whatIsLostBetweenAttemptsIsNotSentInPart() {
        failing = exchange -> {
            exchange.readContent();
            exchange.respond(503, "later");
        };
        try (var proxy = ProxySetup.before(one, other)
                        .upstream("retry: {on: 503, backoff: {base: 10s, max: 1m}, replayFile: " + inFolder() + "}")
                        .start(io.frozen().drawing(-1));
                var client = proxy.connect()) {
            files.standStill();
            files.fullAt(0);
            put(client, content(150_000));
            Await.until("the answer is dropped", () -> app(proxy).answersDropped() == 1);
            files.goOn();
            client.expectStatus(500);
            assertEquals(1, asked.get());
            assertEquals(1, app(proxy).replayFilesLost());
            awaitNothingLeft();
        }
    }

    /** Nor is what is not read in time: that is no fault of its origin. */
    @Test
    void aFileThatIsNotReadInTimeIsAFaultOfOurOwn() {
        try (var proxy = setup("{directory: \"" + folder + "\", wait: 50ms}").start(io);
                var client = proxy.connect()) {
            files.standStillReading();
            put(client, content(LONG)).expectStatus(500);
            assertEquals(0, received.size());
            files.goOn();
            awaitNothingLeft();
        }
    }

    @Test
    void aClientThatLeavesLeavesNoFile() {
        failing = OriginScript.stall();
        try (var proxy = setup(inFolder()).start(io)) {
            try (var client = proxy.connect()) {
                client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 100000000␍␊␍␊")
                        .send(content(LONG));
                Await.until("there is a file", () -> files.open() == 1);
            }
            awaitNothingLeft();
        }
    }

    /** The second endpoint answers while what the first has got is still on its way to it, out of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: " + LONG, "Transfer-Encoding: chunked"})
    void anEarlyAnswerCutsNothingOffWhatIsSentAgain(String framing) {
        byte[] content = content(LONG);
        CountDownLatch isRead = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        serving = exchange -> {
            exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 4␍␊␍␊go");
            received.add(exchange.readContent());
            isRead.countDown();
            exchange.await(mayEnd);
            exchange.send("od");
        };
        try (var proxy = setup(inFolder())
                        .upstream("timeouts: {firstByte: 10s, bodyIdle: 1h}")
                        .start(io);
                var client = proxy.connect()) {
            files.standStillReading();
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊" + framing + "␍␊␍␊");
            if (framing.startsWith("Content-Length")) {
                client.send(content);
            } else {
                client.send(Integer.toHexString(LONG) + "␍␊").send(content).send("␍␊0␍␊␍␊");
            }
            assertEquals(200, client.readHead().status());
            files.goOn();
            Await.open("the origin has the request", isRead);
            assertArrayEquals(content, received.getFirst());
            awaitNothingLeft();
            passTime(proxy, Duration.ofSeconds(11)); // Nobody waits for a head any more.
            mayEnd.countDown();
            client.expectBytes("good");
        }
    }

    /** What is not sent by then is not sent at all, and nothing else goes over that connection. */
    @Test
    void anEarlyAnswerThatIsCompleteEndsWhatIsSentAgain() {
        serving = exchange -> {
            exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊early");
            if (exchange.request().method().equals("PUT")) {
                exchange.awaitPeerEnd();
            }
        };
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            files.standStillReading();
            assertEquals("early", put(client, content(LONG)).expectStatus(200).text());
            files.goOn();
            awaitNothingLeft();
            int before = one.connections().size() + other.connections().size();
            assertEquals(
                    "early",
                    client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200).text());
            assertEquals(
                    before + 1, one.connections().size() + other.connections().size());
        }
    }

    /** A response that begins shows that it will not be sent again. */
    @Test
    void theFileIsGoneWithTheResponse() {
        failing = exchange -> {
            exchange.readContent(500_000);
            exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 4␍␊␍␊go");
            exchange.readContent();
            exchange.send("od");
        };
        byte[] content = content(LONG);
        try (var proxy = setup(inFolder()).start(io);
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: " + LONG + "␍␊␍␊")
                    .send(Arrays.copyOf(content, 500_000));
            assertEquals(200, client.readHead().status());
            awaitNothingLeft();
            client.send(Arrays.copyOfRange(content, 500_000, LONG)).expectBytes("good");
        }
    }

    @Test
    void anotherUpstreamGetsItIfItKeepsAsMuch() {
        byte[] content = content(LONG);
        try (var spare = ScriptedOrigin.start().otherwise(exchange -> {
                    received.add(exchange.readContent());
                    exchange.respond(200, "good");
                });
                var proxy = ProxySetup.before(one)
                        .upstream("retry: {attempts: 1, replayFile: " + inFolder() + "}")
                        .other("spare: {endpoints: [\"" + spare.address() + "\"], retry: {replayFile: " + inFolder()
                                + "}}")
                        .other("less: {endpoints: [\"" + spare.address() + "\"]}")
                        .route("{match: {path: /}, to: app, fallback: {to: spare}}")
                        .route("{to: app, fallback: {to: less}}")
                        .start(io);
                var client = proxy.connect()) {
            put(client, content).expectStatus(200);
            assertArrayEquals(content, received.getFirst());
            asked.set(0);
            client.send("PUT /x HTTP/1.1␍␊Host: a␍␊Content-Length: " + LONG + "␍␊␍␊")
                    .send(content)
                    .expectStatus(502);
            assertEquals(1, spare.requests().size());
            awaitNothingLeft();
        }
    }

    // ---- the start -------------------------------------------------------------------------------------------------

    @Test
    void whatACrashHasLeftIsRemovedAtTheStart() throws Exception {
        Path left = Files.createFile(folder.resolve("headgate-replay-01234567-89ab-cdef-0123-456789abcdef.tmp"));
        Path foreign = Files.createFile(folder.resolve("headgate-replay-notes.txt"));
        try (var proxy = setup(inFolder()).start(io)) {
            assertEquals(0, app(proxy).replayFiles());
            assertTrue(Files.notExists(left));
            assertTrue(Files.exists(foreign));
        }
    }

    @Test
    void aFolderThatIsNoneIsAFaultAtTheStart() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (String path : List.of(folder.resolve("none").toString(), file.toString())) {
            String yaml = setup("{directory: \"" + path + "\"}").yaml();
            var config = ConfigLoader.parse("test.yaml", yaml, Environment.of(Map.of()))
                    .orThrow();
            HeadgateStartException refused = assertThrows(
                    HeadgateStartException.class, () -> Headgate.start(config, HeadgateOptions.defaults()));
            assertEquals(HeadgateStartException.Kind.FOLDER_UNUSABLE, refused.kind());
            assertTrue(String.valueOf(refused.getMessage()).contains(path), refused.getMessage());
        }
    }
}
