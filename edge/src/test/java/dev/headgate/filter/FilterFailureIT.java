package dev.headgate.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.filter.Phases.Phase;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What a filter throws ends its own exchange and nothing else. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FilterFailureIT {
    private static final String FAIL = "POST /fail HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PASS = "POST /pass HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"REQUEST_HEAD", "REQUEST_BODY", "REQUEST_END", "RESPONSE_HEAD"})
    void beforeTheResponseItIs500(Phase phase) {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, Phases.failingIn(phase));
                var bystander = proxy.connect();
                var client = proxy.connect()) {
            bystander.send(PASS).expectStatus(200);
            client.send(FAIL).expectStatus(500);
            bystander.send(PASS).expectStatus(200);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"RESPONSE_BODY", "RESPONSE_END"})
    void withinTheResponseItBreaksOffVisibly(Phase phase) {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, Phases.failingIn(phase));
                var bystander = proxy.connect();
                var client = proxy.connect()) {
            bystander.send(PASS).expectStatus(200);
            assertNotEquals(
                    Response.Ending.COMPLETE,
                    client.send(FAIL).readResponseToAnyEnding().ending());
            bystander.send(PASS).expectStatus(200);
        }
    }

    @Test
    void afterTheResponseItHarmsNobody() {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, Phases.failingIn(Phase.END));
                var client = proxy.connect()) {
            client.send(FAIL).expectStatus(200);
            client.send(PASS).expectStatus(200);
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

    @ParameterizedTest
    @ValueSource(strings = {"text/plain\r\nX-Split: 1", "\u0000"})
    void contentTypeThatCannotBeWrittenIsNeverSent(String contentType) {
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
}
