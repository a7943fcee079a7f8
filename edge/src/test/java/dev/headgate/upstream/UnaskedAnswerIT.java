package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that nobody asked for, at the moment at which they could pass for the answer to the next request. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UnaskedAnswerIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊";
    private static final String POISON = "HTTP/1.1 200 OK␍␊Content-Length: 6␍␊␍␊POISON";

    /** Keeps the loop busy, so that what happens meanwhile comes in one poll. */
    private record Holding(CountDownLatch held, CountDownLatch go) implements Filter {
        @Override
        public void onRequestHead(FilterContext context, RequestHead head) {
            held.countDown();
            Await.open("the loop may go on", go);
        }
    }

    /** The request has not left yet and goes to another connection, whatever its method. */
    @ParameterizedTest
    @ThreatRow("H1-33")
    @ValueSource(strings = {GET, POST})
    void isNotTakenForTheAnswerToARequestOfTheSamePoll(String request) {
        var holding = new Holding(new CountDownLatch(1), new CountDownLatch(1));
        var speak = new CountDownLatch(1);
        var spoken = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", exchange -> {
                            exchange.respond(200, "first");
                            exchange.await(speak);
                            exchange.send(POISON);
                            spoken.countDown();
                            exchange.awaitPeerEnd();
                        });
                var proxy = ProxyHarness.start(
                        ProxySetup.before(origin)
                                .route("{name: hold, match: {path: /hold}, respond: {status: 200}}")
                                .route("{to: app}")
                                .yaml(),
                        HeadgateOptions.defaults().withFilter("hold", holding));
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            other.send("GET /hold HTTP/1.1␍␊Host: a␍␊␍␊");
            Await.open("the loop is held", holding.held());
            client.send(request); // Its event comes first, so the request is sent before the answer is read.
            speak.countDown();
            Await.open("the origin has spoken", spoken);
            holding.go().countDown();
            assertEquals("good", client.expectStatus(200).text());
            other.expectStatus(200);
        }
    }

    @ParameterizedTest
    @ThreatRow("H1-33")
    @ValueSource(strings = {GET, POST})
    void isNotTakenForTheAnswerToARequestThatTheSocketHasNotTaken(String request) {
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
                var proxy = ProxyHarness.start(
                        ProxySetup.before(origin).yaml(),
                        new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io));
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
    @RepeatedTest(3)
    @ThreatRow("H1-33")
    void isNotTakenForTheAnswerToAPipelinedRequestWhenAKeptResponseEnds() {
        var io = new SteeredIo();
        var speak = new CountDownLatch(1);
        var spoken = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("good"))
                        .on("/first", exchange -> {
                            exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊1388␍␊" + "a".repeat(5000)
                                    + "␍␊1␍␊b␍␊0␍␊␍␊");
                            exchange.await(speak);
                            exchange.send(POISON);
                            spoken.countDown();
                            exchange.awaitPeerEnd();
                        });
                var proxy = ProxyHarness.start(
                        ProxySetup.before(origin)
                                .listener("limits: {bufferBytes: 4KiB}")
                                .yaml(),
                        new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io));
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
}
