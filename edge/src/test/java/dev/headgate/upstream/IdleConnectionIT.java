package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.HeldLoop;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Idle connections that die, or answer what nobody asked, up to the moment at which the next request wants them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class IdleConnectionIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊";
    private static final String POISON = "HTTP/1.1 200 OK␍␊Content-Length: 6␍␊␍␊POISON";

    /** A proxy whose loop is held by requests for {@code /hold}. */
    private static ProxyHarness startHeldBy(HeldLoop loop, ScriptedOrigin origin) {
        return ProxyHarness.start(
                ProxySetup.before(origin)
                        .route("{name: hold, match: {path: /hold}, respond: {status: 200}}")
                        .route("{to: app}")
                        .yaml(),
                HeadgateOptions.defaults().withFilter("hold", loop));
    }

    private static OriginScript answersThenSpeaks(
            String answer, CountDownLatch may, CountDownLatch spoken, String unasked) {
        return OriginScript.ok(answer).then(speaks(may, spoken, unasked));
    }

    /** Says what nobody asked for, as soon as it may. */
    private static OriginScript speaks(CountDownLatch may, CountDownLatch spoken, String unasked) {
        return exchange -> {
            exchange.await(may);
            exchange.send(unasked);
            spoken.countDown();
            exchange.awaitPeerEnd();
        };
    }

    /** The request has not left yet and goes to another connection, whatever its method. */
    @ThreatRow(value = "H1-33", outcome = "an answer unasked is nobody's")
    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void h1_33_isNotTakenForTheAnswerToARequestOfTheSamePoll(String request) {
        var loop = new HeldLoop();
        var speak = new CountDownLatch(1);
        var spoken = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", answersThenSpeaks("first", speak, spoken, POISON));
                var proxy = startHeldBy(loop, origin);
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            other.send("GET /hold HTTP/1.1␍␊Host: a␍␊␍␊");
            loop.awaitHeld();
            client.send(request); // Its event comes first, so the request is sent before the answer is read.
            speak.countDown();
            Await.open("the origin has spoken", spoken);
            loop.release();
            assertEquals("good", client.expectStatus(200).text());
            other.expectStatus(200);
        }
    }

    @ThreatRow("H1-33")
    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void h1_33_isNotTakenForTheAnswerToARequestThatTheSocketHasNotTaken(String request) {
        var io = new SteeredIo();
        var speak = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", exchange -> {
                            exchange.respond(200, "first");
                            exchange.await(speak);
                            exchange.send(POISON);
                            exchange.awaitPeerEnd();
                            ended.countDown();
                        });
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            io.upstream.close();
            client.send(request);
            Await.until("the origin's socket has not taken the request", io.upstream::hasRefused);
            speak.countDown();
            Await.open("the proxy has given that connection up", ended);
            io.upstream.open();
            assertEquals("good", client.expectStatus(200).text());
        }
    }

    /** The end of a response may have been kept while its client was slow; behind it in the socket lies what nobody has seen. */
    @ThreatRow("H1-33")
    @RepeatedTest(3)
    void h1_33_isNotTakenForTheAnswerToAPipelinedRequestWhenAKeptResponseEnds() {
        var io = new SteeredIo();
        var speak = new CountDownLatch(1);
        var spoken = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", exchange -> {
                            exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊1388␍␊" + "a".repeat(5000)
                                    + "␍␊1␍␊b␍␊0␍␊␍␊");
                            speaks(speak, spoken, POISON).run(exchange);
                        });
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {bufferBytes: 4KiB}")
                        .start(io);
                var client = proxy.connect()) {
            io.downstream.close();
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊GET / HTTP/1.1␍␊Host: a␍␊␍␊");
            Await.until("the client has not taken the first chunk", io.downstream::hasRefused);
            speak.countDown();
            Await.open("the origin has spoken", spoken);
            io.downstream.open();
            assertEquals("a".repeat(5000) + "b", client.expectStatus(200).text());
            assertEquals("good", client.expectStatus(200).text());
        }
    }

    @ThreatRow("U-11")
    @RepeatedTest(5)
    void u_11_connectionThatHasJustDiedIsNotUsedForARequestThatCannotBeSentAgain() {
        var loop = new HeldLoop();
        var reset = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/first", exchange -> {
                    exchange.respond(200, "first");
                    exchange.await(reset);
                    exchange.reset();
                    done.countDown();
                });
                var proxy = startHeldBy(loop, origin);
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            other.send("GET /hold HTTP/1.1␍␊Host: a␍␊␍␊");
            loop.awaitHeld();
            reset.countDown();
            Await.open("the connection is reset", done);
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello");
            loop.release();
            assertEquals("scripted origin", client.expectStatus(200).text());
            other.expectStatus(200);
        }
    }

    /** Bytes that nobody asked for would be taken for the answer to the next request (RFC 9112 §9.2). */
    @ThreatRow("H1-33")
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊POISON", "x"})
    void h1_33_connectionThatSpeaksUnaskedIsDiscarded(String unasked) {
        var go = new CountDownLatch(1);
        var spoken = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", answersThenSpeaks("good", go, spoken, unasked));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            go.countDown();
            Await.open("the origin has spoken", spoken);
            Await.until(
                    "the connection ends", () -> origin.connections().getFirst().isEnded());
            assertEquals("good", client.send(GET).expectStatus(200).text());
            assertEquals(2, origin.connections().size());
        }
    }
}
