package dev.headgate.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.filter.Phases.Phase;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a filter throws ends its own exchange and nothing else. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FilterFailureIT {
    private static final String FAIL = "POST /fail HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PASS = "POST /pass HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";

    static Stream<Arguments> faults() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Stream.of(
                                new IllegalStateException("bug"),
                                new AssertionError("bug"),
                                new StackOverflowError("bug"),
                                new OutOfMemoryError("bug"))
                        .map(failure -> Arguments.of(phase, failure)));
    }

    /** Errors of the machine too: the loop goes on, and others do not notice. */
    @ThreatRow(
            value = "L-08",
            outcome = "500, or a visible break once the response has begun; other exchanges do not notice")
    @ParameterizedTest
    @MethodSource("faults")
    void l_08_faultEndsItsExchangeAlone(Phase phase, Throwable failure) {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, Phases.failingIn(phase, failure));
                var bystander = proxy.connect();
                var client = proxy.connect()) {
            bystander.send(PASS).expectStatus(200);
            var response = client.send(FAIL).readResponseToAnyEnding();
            switch (phase) {
                case REQUEST_HEAD, REQUEST_BODY, REQUEST_END, RESPONSE_HEAD -> assertEquals(500, response.status());
                case RESPONSE_BODY, RESPONSE_END -> assertNotEquals(Response.Ending.COMPLETE, response.ending());
                case END -> assertEquals(200, response.status());
            }
            bystander.send(PASS).expectStatus(200);
            long whole = origin.requests().stream()
                    .filter(request -> request.line().equals("POST /fail") && request.isComplete())
                    .count();
            assertEquals(phase.compareTo(Phase.RESPONSE_HEAD) < 0 ? 0 : 1, whole, () -> "" + origin.requests());
        }
    }

    /** There is no other end left then. */
    @Test
    void whatIsThrownAtABreakLeavesItOne() {
        Filter failing = new Filter() {
            @Override
            public Bodies bodies() {
                return Bodies.RESPONSE;
            }

            @Override
            public ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
                throw new IllegalStateException("bug");
            }
        };
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"));
                var proxy = FilteredProxy.before(origin, failing);
                var client = proxy.connect()) {
            Response response = client.send(PASS).readResponseToAnyEnding();
            assertEquals("half", response.text());
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
        }
    }

    /** Whatever another filter does, each learns once that its exchange is over. */
    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = Mode.EXCLUDE, names = "REQUEST_HEAD")
    void everyFilterIsToldOfTheEnd(Phase phase) {
        List<String> ended = new CopyOnWriteArrayList<>();
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, ending(ended), Phases.failingIn(phase), ending(ended));
                var client = proxy.connect()) {
            client.send(FAIL).readResponseToAnyEnding();
            Await.until("both are told", () -> ended.size() == 2);
        }
        assertEquals(List.of("/fail", "/fail"), ended);
    }

    private static Filter ending(List<String> ended) {
        return new Phases((phase, target) -> {
            if (phase == Phase.END) {
                ended.add(target);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 199, 600})
    void statusThatCannotBeAnAnswerIs500(int status) {
        Filter answers = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                context.respond(status, "", new byte[0]);
            }
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, answers);
                var client = proxy.connect()) {
            client.send(PASS).expectStatus(500);
            origin.assertReceivedNothing();
        }
    }

    @ThreatRow(
            value = "H1-29",
            advisory = "Netty CVE-2025-67735",
            outcome = "what a filter adds cannot split a message")
    @ParameterizedTest
    @ValueSource(strings = {"text/plain\r\nX-Split: 1", "\u0000"})
    void h1_29_contentTypeThatCannotBeWrittenIsNeverSent(String contentType) {
        Filter answers = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                context.respond(200, contentType, new byte[] {'x'});
            }
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, answers);
                var client = proxy.connect()) {
            Response response = client.send(PASS).readResponse();
            assertEquals(
                    List.of(),
                    response.fields().all("content-type").stream()
                            .filter(value -> !value.startsWith("text/plain; charset"))
                            .toList());
            assertEquals(List.of(), response.fields().all("x-split"));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 500"})
    void longestAnswerOfAFilterArrivesWhole(int more, int status) {
        byte[] answer = new byte[FilterContext.ANSWER_BYTES_MAX + more];
        var filter = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                context.respond(200, "text/plain", answer);
            }
        };
        var io = new SteeredIo();
        io.downstream.openAt(200); // So that all of the answer queues first.
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(
                        ProxySetup.before(origin).route("{name: all, to: app}").yaml(),
                        new HeadgateOptions(HeadgateOptions.defaults().filters(), System.getLogger("dev.headgate"), io)
                                .withFilter("all", filter));
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊");
            var response = client.expectStatus(status);
            if (status == 200) {
                assertEquals(answer.length, response.text().length());
            } else {
                proxy.expectInternalFailure();
            }
        }
    }
}
