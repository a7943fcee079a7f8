package dev.headgate.attack;

import static dev.headgate.testkit.h2.Codes.INTERNAL_ERROR;
import static dev.headgate.testkit.h2.Codes.NO_ERROR;
import static dev.headgate.testkit.h2.Codes.PROTOCOL_ERROR;
import static dev.headgate.testkit.h2.Codes.SETTINGS_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections of HTTP/2 begin and end: prefaces, time, and what crosses with the end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2LifecycleAttackIT {
    private static final int MAX = Integer.MAX_VALUE;
    private static final Duration COARSENESS = Duration.ofMillis(50); // of timers
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final SteeredIo io = new SteeredIo();

    @TempDir
    Path folder;

    // ---- the beginning --------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-29",
            outcome =
                    "GOAWAY(PROTOCOL_ERROR) where HTTP/2 was agreed on, also without SETTINGS; on a plain port what is no preface is HTTP/1.1")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_29_prefaceThatIsNone(String name, byte[] sent) {
        TestCertificates files = TestCertificates.in(folder);
        String tls = "tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key());
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).listener(tls).start()) {
            try (var client = overTls(proxy)) {
                client.trySend(sent);
                client.expectGoAway(PROTOCOL_ERROR);
                client.expectEnd();
            }
            origin.assertReceivedNothing();
            try (var client = overTls(proxy).greet()) {
                client.send(Frames.request(1, secureGet())).expectStatus(1, 200);
            }
        }
    }

    private static Http2Peer overTls(ProxyHarness proxy) {
        return Http2Peer.connectTls(TestCertificates.clientContext(), proxy.port(), TestCertificates.NAME);
    }

    private static byte[] secureGet() {
        return FieldBlock.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", TestCertificates.NAME);
    }

    static Stream<Arguments> h2_29_prefaceThatIsNone() {
        byte[] preface = Frames.preface();
        byte[] wrong = Frames.preface();
        wrong[23] = '\r';
        return Stream.of(
                Arguments.of("a request of HTTP/1.1", Wire.bytes("GET / HTTP/1.1␍␊Host: localhost␍␊␍␊")),
                Arguments.of("another last byte", wrong),
                Arguments.of("another first byte", Wire.bytes("QRI * HTTP/2.0␍␊␍␊SM␍␊␍␊")),
                Arguments.of("frames at once", Wire.join(Frames.settings(), Frames.request(1, secureGet()))),
                Arguments.of("HEADERS in place of SETTINGS", Wire.join(preface, Frames.request(1, secureGet()))),
                Arguments.of("an acknowledgement in place of SETTINGS", Wire.join(preface, Frames.settingsAck())),
                Arguments.of("PING in place of SETTINGS", Wire.join(preface, Frames.ping(1))),
                Arguments.of(
                        "an unknown frame in place of SETTINGS", Wire.join(preface, Frames.header(0xFA, 0, 0, 0))));
    }

    @ThreatRow("H2-29")
    @Test
    void h2_29_prefaceByteByByte() {
        try (var range = new Http2Range();
                var client = Http2Peer.connect(range.proxy().port())) {
            assertTrue(client.trySendByteByByte(
                    Wire.join(Frames.preface(), Frames.settings(), Frames.get(1, "/dripped"))));
            client.awaitGreeting();
            client.expectStatus(1, 200);
            range.assertGoesOn(client);
            range.assertWell();
        }
    }

    @ThreatRow("H2-29")
    @Test
    void h2_29_plainPortTakesBoth() {
        try (var range = new Http2Range()) {
            try (var client = range.proxy().connect()) {
                client.send("PRI * HTTP/2.0␍␊␍␊SM␍␊␍X").expectStatus(505);
                client.expectEnd();
            }
            try (var client = range.proxy().connect()) {
                client.send("P")
                        .send("OST / HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊ab")
                        .expectStatus(200);
            }
            range.assertWell();
        }
    }

    @ThreatRow(
            value = "H2-29",
            outcome =
                    "10 s for our settings to be acknowledged, and for every frame and field block to be whole; single bytes do not extend it")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_29_slowBeginnings(String name, Http2Violation violation, byte[] begin) {
        io.frozen();
        try (var range = new Http2Range(setup -> setup, io)) {
            try (var client = Http2Peer.connect(range.proxy().port())) {
                if (violation == Http2Violation.HEAD_TIMEOUT) {
                    client.greet().settle();
                }
                long read = range.proxy().bytesRead();
                client.send(begin);
                range.proxy().awaitRead(read + begin.length);
                range.proxy().outstandingBytes();
                for (int second = 1; second < 10; second++) {
                    io.pass(Duration.ofSeconds(1));
                    client.send(new byte[] {0});
                    range.proxy().awaitRead(read + begin.length + second);
                }
                io.pass(Duration.ofSeconds(1).minus(COARSENESS));
                range.proxy().outstandingBytes();
                assertEquals(1, range.proxy().openConnections());
                io.pass(COARSENESS.multipliedBy(2));
                client.expectGoAway(violation.errorCode());
                client.expectEnd();
            }
            assertEquals(1, range.violations(violation));
            assertEquals(0, range.origin().connections().size());
            range.assertWell();
        }
    }

    static Stream<Arguments> h2_29_slowBeginnings() {
        byte[] half = new byte[20]; // of a block
        return Stream.of(
                Arguments.of(
                        "SETTINGS after the preface",
                        Http2Violation.SETTINGS_UNACKNOWLEDGED,
                        Wire.join(Frames.preface(), Frames.header(Frames.SETTINGS, 0, 0, 60))),
                Arguments.of(
                        "HEADERS",
                        Http2Violation.HEAD_TIMEOUT,
                        Frames.frame(Frames.HEADERS, Frames.END_HEADERS, 1, 60, half)),
                Arguments.of(
                        "CONTINUATION",
                        Http2Violation.HEAD_TIMEOUT,
                        Wire.join(
                                Frames.headers(1, Frames.END_STREAM, FieldBlock.get("/")),
                                Frames.frame(Frames.CONTINUATION, Frames.END_HEADERS, 1, 60, half))),
                Arguments.of("SETTINGS", Http2Violation.HEAD_TIMEOUT, Frames.header(Frames.SETTINGS, 0, 0, 60)));
    }

    @ThreatRow(
            value = "H2-29",
            outcome = "the preface alone is closed on after 10 s, and what may yet become one without a word")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 24})
    void h2_29_partsOfThePreface(int length) {
        io.frozen();
        byte[] part = Arrays.copyOf(Frames.preface(), length);
        try (var range = new Http2Range(setup -> setup, io);
                var client = Http2Peer.connect(range.proxy().port())) {
            client.send(part);
            range.proxy().awaitRead(length);
            Await.until("it is accepted", () -> range.proxy().openConnections() == 1);
            range.proxy().outstandingBytes();
            io.pass(TEN_SECONDS.minus(COARSENESS));
            range.proxy().outstandingBytes();
            assertEquals(1, range.proxy().openConnections());
            io.pass(COARSENESS.multipliedBy(2));
            List<Frame> frames = client.readToEnd();
            assertEquals(length == 24, frames.stream().anyMatch(frame -> frame.is(Frames.GOAWAY)));
        }
    }

    @ThreatRow(value = "H2-29", outcome = "10 s for the acknowledgement of our settings: GOAWAY(SETTINGS_TIMEOUT)")
    @Test
    void h2_29_settingsThatAreNeverAcknowledged() {
        io.frozen();
        try (var range = new Http2Range(setup -> setup, io);
                var client = Http2Peer.connect(range.proxy().port()).withoutAcknowledgements()) {
            client.greet().get(1, "/").expectStatus(1, 200);
            range.proxy().outstandingBytes();
            io.pass(TEN_SECONDS.minus(COARSENESS));
            client.expectQuiet();
            io.pass(COARSENESS.multipliedBy(2));
            client.expectGoAway(SETTINGS_TIMEOUT);
            client.expectEnd();
            range.assertWell();
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = {"H2-26", "L-04"},
            outcome =
                    "GOAWAY(2^31-1), a round trip, GOAWAY(last): requests that cross with the first are served, those behind the second reach no origin, and the connection ends with the last response")
    @Test
    void h2_26_drainWhileTheClientOpensStreams() throws InterruptedException {
        var release = new CountDownLatch(1);
        try (var range = new Http2Range();
                var client = range.connect().withoutAcknowledgements()) {
            range.origin().on("/slow", exchange -> {
                exchange.await(release);
                exchange.respond(200, "late");
            });
            client.get(1, "/slow");
            range.origin().awaitRequest(0);
            Thread drain = range.proxy().drain(Duration.ofSeconds(30));
            assertEquals(MAX, client.expectGoAway(NO_ERROR).lastStreamId());
            Frame ping = client.next();
            assertTrue(ping.is(Frames.PING), ping::toString);
            client.get(3, "/crossed").expectStatus(3, 200);
            client.send(Frames.acknowledge(ping));
            assertEquals(3, client.expectGoAway(NO_ERROR).lastStreamId());
            client.get(5, "/never");
            client.send(Frames.begin(7, FieldBlock.post("/never")), Frames.data(7, 0, 100));
            client.expectQuiet();
            release.countDown();
            assertEquals("late", client.expectStatus(1, 200).text());
            client.expectEnd();
            drain.join();
            assertEquals(List.of("GET /slow", "GET /crossed"), range.origin().requestLines());
        }
    }

    @ThreatRow(value = "H2-26", outcome = "a client that does not answer the ping has a second")
    @Test
    void h2_26_drainWithoutARoundTrip() {
        io.frozen();
        try (var range = new Http2Range(setup -> setup, io);
                var client = range.connect().withoutAcknowledgements()) {
            client.get(1, "/").expectStatus(1, 200);
            Thread drain = range.proxy().drain(Duration.ofSeconds(30));
            assertEquals(MAX, client.expectGoAway(NO_ERROR).lastStreamId());
            client.expectQuiet(Frames.PING);
            io.pass(Duration.ofSeconds(1).plus(COARSENESS));
            assertEquals(1, client.expectGoAway(NO_ERROR).lastStreamId());
            client.expectEnd();
            client.halfClose();
            Await.until("it is drained", () -> !drain.isAlive());
        }
    }

    @ThreatRow(value = "H2-26", outcome = "a client's GOAWAY ends the connection once what is open is answered")
    @Test
    void h2_26_goAwayOfTheClient() {
        var release = new CountDownLatch(1);
        try (var range = new Http2Range();
                var client = range.connect()) {
            range.origin().on("/slow", exchange -> {
                exchange.await(release);
                exchange.respond(200, "late");
            });
            client.send(Frames.get(1, "/slow"), Frames.goAway(0, NO_ERROR), Frames.get(3, "/crossed"));
            client.expectStatus(3, 200);
            release.countDown();
            assertEquals("late", client.expectStatus(1, 200).text());
            client.readToEnd();
            assertEquals(NO_ERROR, client.goAways().getLast().errorCode());
            assertEquals(3, client.goAways().getLast().lastStreamId());
            range.assertWell();
        }
    }

    @ThreatRow(value = "H2-26", outcome = "an idle connection has one minute, and then both GOAWAYs at once")
    @Test
    void h2_26_idleConnection() {
        io.frozen();
        try (var range = new Http2Range(setup -> setup, io);
                var client = range.connect()) {
            client.get(1, "/").expectStatus(1, 200);
            client.settle();
            io.pass(Duration.ofSeconds(60).minus(COARSENESS));
            client.expectQuiet();
            io.pass(COARSENESS.multipliedBy(2));
            client.readToEnd();
            assertEquals(1, client.goAways().getLast().lastStreamId());
            assertEquals(NO_ERROR, client.goAways().getLast().errorCode());
            range.assertWell();
        }
    }

    @ThreatRow(
            value = "H2-31",
            outcome = "an early response is complete before RST_STREAM(NO_ERROR) says that the rest is not wanted")
    @Test
    void h2_31_resetBehindACompleteResponse() {
        String large = "a".repeat(100_000);
        try (var range = new Http2Range();
                var client = range.connect()) {
            range.origin().on("/early", exchange -> {
                exchange.readContent(10);
                exchange.send("HTTP/1.1 413 Too Large␍␊Content-Length: " + large.length() + "␍␊␍␊" + large);
                exchange.awaitPeerEnd();
            });
            client.send(Frames.begin(1, FieldBlock.post("/early")), Frames.data(1, 0, 1000));
            var response = client.expectStatus(1, 413);
            assertEquals(large, response.text());
            for (Frame next = client.next(); !next.is(Frames.RST_STREAM); next = client.next()) {
                assertTrue(next.is(Frames.WINDOW_UPDATE), next::toString);
            }
            assertEquals(NO_ERROR, client.soFar(1).resetCode());
            client.send(Frames.data(1, 0, 1000), Frames.data(1, Frames.END_STREAM, 1000)); // on its way
            client.expectQuiet();
            range.assertGoesOn(client);
            assertTrue(range.origin().requests().stream()
                    .filter(request -> request.line().equals("POST /early"))
                    .noneMatch(request -> request.isComplete()));
            range.assertWell();
        }
    }

    @ThreatRow(value = "H1-32", outcome = "over HTTP/2: RST_STREAM(INTERNAL_ERROR), and the connection goes on")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK␍␊Content-Length: 10␍␊␍␊half",
                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊a␍␊half"
            })
    void h1_32_responseThatEndsTooSoonIsReset(String response) {
        try (var range = new Http2Range();
                var client = range.connect()) {
            range.origin().on("/short", OriginScript.fixedThenClose(response));
            client.get(1, "/short").expectReset(1, INTERNAL_ERROR);
            assertEquals(200, client.soFar(1).status());
            assertFalse(client.soFar(1).isComplete());
            range.assertGoesOn(client);
            range.assertWell();
        }
    }
}
