package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a route's upstream does not serve go to another one, or get the route's own answer. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FallbackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PUT =
            "PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊3␍␊one␍␊3␍␊two␍␊0␍␊X-Sum: 6␍␊␍␊";
    private static final String TO_SPARE = "{to: app, fallback: {to: spare}}";
    private static final String PAGE =
            "{to: app, fallback: {respond: {body: sorry, contentType: text/html, headers: {retry-after: \"30\"}}}}";

    private final ScriptedOrigin main = ScriptedOrigin.start().otherwise(OriginScript.ok("main"));
    private final ScriptedOrigin spare = ScriptedOrigin.start().otherwise(OriginScript.ok("spare"));

    private final RefusingPort nobody = RefusingPort.open();
    private String mainAddress = main.address();
    private String spareAddress = spare.address();

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("access.log");
    }

    @AfterEach
    void closeOrigins() {
        main.close();
        spare.close();
        nobody.close();
    }

    private ProxySetup setup(String route, String... spareKeys) {
        return ProxySetup.before(mainAddress)
                .accessLog("{to: \"" + file + "\"}")
                .other(spare(spareAddress, spareKeys))
                .route(route);
    }

    private static String spare(String address, String... keys) {
        StringBuilder text = new StringBuilder("spare: {endpoints: [\"" + address + "\"]");
        for (String key : keys) {
            text.append(", ").append(key);
        }
        return text.append('}').toString();
    }

    private Map<String, Object> record() {
        Await.until("there is a record", () -> lines().length > 1);
        return Json.object(lines()[0]);
    }

    private String[] lines() {
        try {
            return Files.exists(file) ? Files.readString(file).split("\n", -1) : new String[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long fallbacks(ProxyHarness proxy) {
        MetricsSnapshot.Route route =
                Objects.requireNonNull(proxy.metrics().routes().get("route-1"));
        return route.fallbacks();
    }

    /** The upstream fails in this way, and the other one serves. */
    private void expectSpare(ProxySetup setup, String request, Cause reason) {
        try (var proxy = setup.start();
                var client = proxy.connect()) {
            assertEquals("spare", client.send(request).expectStatus(200).text());
            assertEquals(1, spare.requests().size());
            assertEquals(1, fallbacks(proxy));
        }
        Map<String, Object> record = record();
        assertEquals(reason == Cause.NONE ? "answer" : reason.token(), record.get("fallback"));
        assertNull(record.get("cause"));
        assertEquals("spare", record.get("upstream"));
        assertEquals(spareAddress, record.get("endpoint"));
    }

    // ---- another upstream ------------------------------------------------------------------------------------------

    @Test
    void isNotTakenWhereTheUpstreamServes() {
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            assertEquals("main", client.send(GET).expectStatus(200).text());
            main.otherwise(exchange -> exchange.respond(500, "main"));
            assertEquals("main", client.send(GET).expectStatus(500).text());
            spare.assertReceivedNothing();
            assertEquals(0, fallbacks(proxy));
        }
        assertNull(record().get("fallback"));
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, POST, PUT})
    void takesWhatCannotBeConnectedTo(String request) {
        mainAddress = nobody.address();
        expectSpare(setup(TO_SPARE), request, Cause.CONNECT_REFUSED);
        if (!request.equals(GET)) {
            assertEquals(
                    request.equals(PUT) ? "onetwo" : "hello",
                    spare.lastRequest().text());
        }
    }

    @Test
    void takesWhatNoEndpointMayBePickedFor() {
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            proxy.commands().setDraining("app", mainAddress, true);
            Await.until(
                    "the endpoint gets nothing new",
                    () -> client.send(GET).expectStatus(200).text().equals("spare"));
            assertEquals("spare", client.send(POST).expectStatus(200).text());
            proxy.awaitEndedBy(Cause.NO_ENDPOINT, 0);
        }
    }

    @Test
    void takesWhatIsResetOrClosedBeforeAnAnswer() {
        main.otherwise(OriginScript.closeWithoutAnswer());
        expectSpare(setup(TO_SPARE), PUT, Cause.UPSTREAM_CLOSED);
        assertEquals("onetwo", spare.lastRequest().text());
        assertEquals("6", spare.lastRequest().trailers().value("x-sum"));
    }

    @Test
    void takesWhatIsNoValidAnswer() {
        main.otherwise(OriginScript.fixedThenClose("HTTP/1.1 nonsense␍␊␍␊"));
        expectSpare(setup(TO_SPARE), GET, Cause.UPSTREAM_HEAD_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeouts: {firstByte: 200ms}", "retry: {perTry: 200ms}"})
    void takesWhatIsNotAnsweredInTime(String bound) {
        main.otherwise(OriginScript.stall());
        expectSpare(setup(TO_SPARE).upstream(bound), GET, Cause.UPSTREAM_FIRST_BYTE_TIMEOUT);
    }

    @Test
    void takesWhatThereIsNoConnectionFor() {
        CountDownLatch release = new CountDownLatch(1);
        main.otherwise(exchange -> {
            exchange.await(release);
            exchange.respond(200, "main");
        });
        try (var proxy = setup(TO_SPARE).upstream("pool: {connections: 1}, breaker: {pending: 0}").start();
                var busy = proxy.connect();
                var client = proxy.connect()) {
            busy.send(GET);
            main.awaitRequest(0);
            assertEquals("spare", client.send(POST).expectStatus(200).text());
            release.countDown();
            assertEquals("main", busy.expectStatus(200).text());
        }
        assertEquals("pending_full", record().get("fallback"));
    }

    @Test
    void retriesComeFirst() {
        main.otherwise(OriginScript.closeWithoutAnswer());
        try (var second = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var proxy = ProxySetup.before(mainAddress, second.address())
                        .upstream("retry: {mark: true}")
                        .other(spare(spareAddress, "retry: {mark: true}"))
                        .route(TO_SPARE)
                        .start();
                var client = proxy.connect()) {
            assertEquals("spare", client.send(GET).expectStatus(200).text());
            assertEquals(1, main.requests().size());
            assertEquals(1, second.requests().size());
            assertNull(spare.lastRequest().fields().value("X-Retry-Attempt"), "its first attempt is no retry there");
        }
    }

    /** As many attempts as it allows, marked by their number there. */
    @Test
    void theOtherUpstreamHasRetriesOfItsOwn() {
        mainAddress = nobody.address();
        OriginScript failing = OriginScript.closeWithoutAnswer();
        spare.otherwise(failing);
        try (var second = ScriptedOrigin.start().otherwise(failing);
                var third = ScriptedOrigin.start().otherwise(failing);
                var proxy = ProxySetup.before(mainAddress)
                        .upstream("retry: {attempts: 1}")
                        .other("spare: {endpoints: [\"" + spareAddress + "\", \"" + second.address() + "\", \""
                                + third.address() + "\"], retry: {attempts: 2, mark: true}}")
                        .accessLog("{to: \"" + file + "\"}")
                        .route(TO_SPARE)
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            int requests = 0;
            int marked = 0;
            for (ScriptedOrigin each : new ScriptedOrigin[] {spare, second, third}) {
                requests += each.requests().size();
                if (!each.requests().isEmpty()
                        && "1".equals(each.lastRequest().fields().value("X-Retry-Attempt"))) {
                    marked++;
                }
            }
            assertEquals(2, requests);
            assertEquals(1, marked);
            assertEquals(1, fallbacks(proxy));
            assertEquals(
                    1,
                    Objects.requireNonNull(proxy.metrics().upstreams().get("spare"))
                            .retries());
            assertEquals(
                    0,
                    Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                            .retries());
        }
        assertEquals("upstream_closed", record().get("cause"));
        assertEquals("connect_refused", record().get("fallback"));
        assertEquals("spare", record().get("upstream"));
        assertEquals(3, ((Number) Objects.requireNonNull(record().get("attempts"))).intValue());
    }

    @Test
    void aRequestThatMayHaveTakenEffectIsNotSentAgain() {
        main.otherwise(exchange -> {
            exchange.readContent();
            exchange.close();
        });
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(502);
            spare.assertReceivedNothing();
            assertEquals(0, fallbacks(proxy));
        }
    }

    @Test
    void whoSaysSoHasItSentAgain() {
        main.otherwise(OriginScript.closeWithoutAnswer());
        expectSpare(setup(TO_SPARE).upstream("retry: {unsafe: true}"), POST, Cause.UPSTREAM_CLOSED);
        assertEquals("hello", spare.lastRequest().text());
    }

    /** What is kept has to fit what either upstream keeps. */
    @ParameterizedTest
    @CsvSource({"5, 64, 502", "6, 6, 200", "64, 7, 200", "64, 5, 502"})
    void contentHasToBeAtHand(int kept, int keptBySpare, int status) {
        main.otherwise(exchange -> {
            exchange.readContent();
            exchange.close();
        });
        try (var proxy = setup(TO_SPARE, "retry: {replayBytes: " + keptBySpare + "B}")
                        .upstream("retry: {replayBytes: " + kept + "B}")
                        .start();
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊␍␊onetwo").expectStatus(status);
            assertEquals(status == 200 ? 1 : 0, spare.requests().size());
        }
    }

    @Test
    void contentThatIsStillComingGoesOn() {
        main.otherwise(exchange -> {
            exchange.readContent(3);
            exchange.reset();
        });
        spare.otherwise(OriginScript.echo());
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊␍␊one");
            Await.until("the other one is asked", () -> !spare.requests().isEmpty());
            assertEquals("onetwo", client.send("two").expectStatus(200).text());
        }
    }

    @Test
    void aResponseThatHasBegunIsBrokenOff() {
        main.otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊mai"));
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            client.send(GET);
            assertTrue(new String(client.readToEndOrReset()).endsWith("mai"));
            spare.assertReceivedNothing();
        }
    }

    @Test
    void hintsThatTheClientHasSeenCannotBeTakenBack() {
        main.otherwise(OriginScript.fixedThenClose("HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊"));
        try (var proxy = setup(TO_SPARE).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            spare.assertReceivedNothing();
        }
    }

    @Test
    void noTimeIsLeftForAnotherWhereTheWholeIsOver() {
        main.otherwise(OriginScript.stall());
        try (var proxy = setup("{to: app, timeouts: {request: 200ms}, fallback: {to: spare}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            spare.assertReceivedNothing();
        }
    }

    @Test
    void theOtherUpstreamHasTimeoutsAndLimitsOfItsOwn() {
        mainAddress = nobody.address();
        spare.otherwise(OriginScript.stall());
        try (var proxy = setup(TO_SPARE, "timeouts: {firstByte: 200ms}", "host: other.example")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            assertEquals("other.example", spare.lastRequest().fields().value("host"));
        }
        assertEquals("upstream_first_byte_timeout", record().get("cause"));
    }

    /** The route says how long, whichever upstream it is. */
    @Test
    void whatTheRouteSaysHoldsForBoth() {
        mainAddress = nobody.address();
        spare.otherwise(OriginScript.stall());
        try (var proxy = setup("{to: app, timeouts: {firstByte: 200ms}, headers: {request: {set: {x-by: route}}},"
                                + " fallback: {to: spare}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            assertEquals("route", spare.lastRequest().fields().value("x-by"));
        }
    }

    @Test
    void goesToOtherEndpointsOfTheSameUpstream() {
        mainAddress = nobody.address();
        try (var proxy = ProxyHarness.start("""
                        version: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints:
                              - {address: "%s", labels: {version: new}}
                              - {address: "%s", labels: {version: old}}
                        routes:
                          - to: {upstream: app, labels: {version: new}}
                            fallback: {to: {upstream: app, labels: {version: old}}}
                        log: {access: "off"}
                        """.formatted(mainAddress, spareAddress));
                var client = proxy.connect()) {
            for (int i = 0; i < 8; i++) {
                assertEquals("spare", client.send(GET).expectStatus(200).text());
            }
        }
    }

    @Test
    void clientsStayWithAnEndpointOfTheOtherUpstream() {
        mainAddress = nobody.address();
        try (var second = ScriptedOrigin.start().otherwise(OriginScript.ok("second"));
                var proxy = ProxySetup.before(mainAddress)
                        .upstream("sticky: {cookie: main}")
                        .other("spare: {endpoints: [\"" + spareAddress + "\", \"" + second.address()
                                + "\"], balance: round-robin, sticky: {cookie: stay}}")
                        .route(TO_SPARE)
                        .start();
                var client = proxy.connect()) {
            Response first = client.send(GET).expectStatus(200);
            String cookie = Objects.requireNonNull(first.fields().value("Set-Cookie"));
            assertTrue(cookie.startsWith("stay="), cookie);
            for (int i = 0; i < 4; i++) {
                Response again = client.send(
                                "GET / HTTP/1.1␍␊Host: a␍␊Cookie: " + cookie.substring(0, cookie.indexOf(';')) + "␍␊␍␊")
                        .expectStatus(200);
                assertEquals(first.text(), again.text());
                assertNull(again.fields().value("Set-Cookie"));
            }
        }
    }

    // ---- answers ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "503, 503, spare",
        "503, 502, main",
        "502-504, 504, spare",
        "502-504, 505, main",
        "404, 404, spare",
        "failure, 503, main"
    })
    void takesAnswersThatAreListed(String on, int answered, String text) {
        main.otherwise(exchange -> exchange.respond(answered, "main"));
        try (var proxy = setup("{to: app, fallback: {to: spare, on: [" + on + "]}}")
                        .start();
                var client = proxy.connect()) {
            assertEquals(
                    text,
                    client.send(GET)
                            .expectStatus(text.equals("main") ? answered : 200)
                            .text());
            client.send(GET).expectStatus(text.equals("main") ? answered : 200);
            assertEquals(1, main.connections().size());
        }
        if (text.equals("spare")) {
            assertEquals("answer", record().get("fallback"));
        }
    }

    @Test
    void aListReplacesFailures() {
        mainAddress = nobody.address();
        try (var proxy = setup("{to: app, fallback: {to: spare, on: 503}}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            spare.assertReceivedNothing();
        }
    }

    @Test
    void aRequestThatHasTakenEffectIsAnsweredAsItCame() {
        main.otherwise(exchange -> {
            exchange.readContent();
            exchange.respond(503, "main");
        });
        try (var proxy = setup("{to: app, fallback: {to: spare, on: 503}}").start();
                var client = proxy.connect()) {
            assertEquals("main", client.send(POST).expectStatus(503).text());
            spare.assertReceivedNothing();
        }
    }

    @Test
    void theLastOfTheRetriesIsReplaced() {
        main.otherwise(exchange -> exchange.respond(503, "main"));
        try (var proxy = setup("{to: app, fallback: {to: spare, on: 503}}")
                        .upstream("retry: {on: 503, attempts: 2, backoff: {base: 1ms}}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("spare", client.send(GET).expectStatus(200).text());
            assertEquals(2, main.requests().size());
        }
    }

    // ---- an answer of the route's own ------------------------------------------------------------------------------

    private Response expectPage(RawClient client, String request, String method) {
        client.send(request);
        Response response = client.readResponse(method);
        assertEquals(503, response.status());
        assertEquals("text/html", response.fields().value("content-type"));
        assertEquals("30", response.fields().value("retry-after"));
        assertEquals("5", response.fields().value("content-length"));
        return response;
    }

    @Test
    void answersWhereNobodyServes() {
        mainAddress = nobody.address();
        try (var proxy = setup(PAGE).start();
                var client = proxy.connect()) {
            assertEquals("sorry", expectPage(client, GET, "GET").text());
            assertEquals("sorry", expectPage(client, POST, "POST").text());
            assertEquals(
                    "",
                    expectPage(client, "HEAD / HTTP/1.1␍␊Host: a␍␊␍␊", "HEAD").text());
            assertEquals(3, fallbacks(proxy));
            proxy.awaitEndedBy(Cause.FALLBACK_RESPONSE, 3);
        }
        Map<String, Object> record = record();
        assertEquals("fallback_response", record.get("cause"));
        assertEquals("connect_refused", record.get("fallback"));
        assertEquals("app", record.get("upstream"));
        assertEquals(mainAddress, record.get("endpoint"));
    }

    /** What a request has done needs no care where it is not sent again. */
    @Test
    void answersWhateverTheRequestHasDone() {
        main.otherwise(exchange -> {
            exchange.readContent();
            exchange.close();
        });
        try (var proxy = setup(PAGE).start();
                var client = proxy.connect()) {
            assertEquals("sorry", expectPage(client, POST, "POST").text());
        }
    }

    @Test
    void answersWhereTheTimeIsOver() {
        main.otherwise(OriginScript.stall());
        try (var proxy = setup("{to: app, timeouts: {request: 200ms}, fallback: {respond: {status: 200, body: later}}}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("later", client.send(GET).expectStatus(200).text());
        }
        assertEquals("exchange_timeout", record().get("fallback"));
    }

    @Test
    void answersInPlaceOfAnswersThatAreListed() {
        main.otherwise(exchange -> {
            exchange.readContent();
            exchange.respond(500, "stack trace");
        });
        try (var proxy = setup("{to: app, fallback: {respond: {body: sorry}, on: [failure, 500-599]}}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("sorry", client.send(GET).expectStatus(503).text());
            assertEquals("sorry", client.send(POST).expectStatus(503).text());
            main.otherwise(exchange -> exchange.respond(404, "main"));
            assertEquals("main", client.send(GET).expectStatus(404).text());
        }
    }

    /** The client is still sending when the answer comes. */
    @Test
    void answersInTheMiddleOfAnUpload() {
        main.otherwise(exchange -> {
            exchange.readContent(3);
            exchange.reset();
        });
        try (var proxy = setup(PAGE).upstream("retry: {attempts: 1}").start();
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊␍␊one");
            assertEquals("sorry", client.expectStatus(503).text());
            main.otherwise(OriginScript.ok("main"));
            assertEquals("main", client.send("two" + GET).expectStatus(200).text());
        }
    }

    // ---- HTTP/2 ----------------------------------------------------------------------------------------------------

    @Test
    void goesFromHttp1ToHttp2AndBack() {
        Handler serving = (peer, request) ->
                peer.respond(request.streamId(), 200, new String(peer.awaitContent(request.streamId())));
        Handler refusing = (peer, request) -> peer.send(Frames.rst(request.streamId(), Codes.REFUSED_STREAM));
        try (var good = Http2Origin.start(Script.serving(serving));
                var bad = Http2Origin.start(Script.serving(refusing))) {
            mainAddress = nobody.address();
            try (var proxy = ProxySetup.before(mainAddress)
                            .other(spare(good.address(), "protocol: h2"))
                            .route(TO_SPARE)
                            .start();
                    var client = proxy.connect()) {
                assertEquals("onetwo", client.send(PUT).expectStatus(200).text());
            }
            spare.otherwise(OriginScript.echo());
            try (var proxy = ProxySetup.before(bad.address())
                            .listener("protocols: [h2, http/1.1]")
                            .upstream("protocol: h2")
                            .upstream("retry: {attempts: 2}")
                            .other(spare(spareAddress))
                            .route(TO_SPARE)
                            .start();
                    var client = proxy.connect();
                    var http2 = Http2Peer.connect(proxy.port()).greet()) {
                assertEquals("hello", client.send(POST).expectStatus(200).text());
                http2.send(Frames.begin(1, FieldBlock.post("/"))).sendContent(1, "more".getBytes());
                assertEquals("more", http2.expectStatus(1, 200).text());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"grpc:unavailable, 14, 0", "grpc:unavailable, 13, 13", "503, 14, 14", "failure, 14, 14"})
    void takesCallsByTheirStatus(String on, int answered, String status) {
        try (var bad = Http2Origin.start(Script.serving(call(answered)));
                var good = Http2Origin.start(Script.serving(call(0)));
                var proxy = ProxySetup.before(bad.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .other(spare(good.address(), "protocol: h2"))
                        .route("{to: app, fallback: {to: spare, on: [\"" + on + "\"]}}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            byte[] head = FieldBlock.post("/", "content-type", "application/grpc", "te", "trailers");
            client.send(Frames.begin(1, head)).sendContent(1, "\0\0\0\0\5hello".getBytes());
            assertEquals(status, client.expectStatus(1, 200).fields().value("grpc-status"));
        }
    }

    private static Handler call(int status) {
        return (peer, request) -> {
            peer.awaitContent(request.streamId());
            peer.head(
                    request.streamId(),
                    Frames.END_STREAM,
                    200,
                    "content-type",
                    "application/grpc",
                    "grpc-status",
                    Integer.toString(status));
        };
    }

    @Test
    void aFallbackHasNoFallback() {
        mainAddress = nobody.address();
        spareAddress = nobody.address();
        try (var proxy = ProxySetup.before(mainAddress)
                        .other(spare(spareAddress))
                        .route("{match: {path: /}, to: app, fallback: {to: spare}}")
                        .route("{to: spare, fallback: {to: app}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            assertEquals(1, fallbacks(proxy));
            assertFalse(proxy.metrics().routes().get("route-2").fallbacks() > 0);
        }
    }
}
