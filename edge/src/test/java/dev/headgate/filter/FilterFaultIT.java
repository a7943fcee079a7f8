package dev.headgate.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a filter does wrong, down to errors of the machine, stays with its exchange. */
@ThreatRow("L-08")
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FilterFaultIT {
    private enum Phase {
        REQUEST_HEAD,
        REQUEST_BODY,
        REQUEST_END,
        RESPONSE_HEAD,
        RESPONSE_BODY,
        RESPONSE_END,
        END
    }

    /** Throws in one phase. */
    private record Failing(Phase phase, Error failure) implements Filter {
        @Override
        public Bodies bodies() {
            return Bodies.BOTH;
        }

        private void in(Phase now) {
            if (now == phase) {
                throw failure;
            }
        }

        @Override
        public void onRequestHead(FilterContext context, RequestHead head) {
            in(Phase.REQUEST_HEAD);
        }

        @Override
        public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
            in(Phase.REQUEST_BODY);
            return bytes;
        }

        @Override
        public ByteBuffer onRequestEnd(FilterContext context) {
            in(Phase.REQUEST_END);
            return ByteBuffer.allocate(0);
        }

        @Override
        public void onResponseHead(FilterContext context, ResponseHead head) {
            in(Phase.RESPONSE_HEAD);
        }

        @Override
        public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
            in(Phase.RESPONSE_BODY);
            return bytes;
        }

        @Override
        public ByteBuffer onResponseEnd(FilterContext context) {
            in(Phase.RESPONSE_END);
            return ByteBuffer.allocate(0);
        }

        @Override
        public void onEnd(FilterContext context) {
            in(Phase.END);
        }
    }

    static Stream<Arguments> faults() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Stream.of(new AssertionError("bug"), new OutOfMemoryError("bug"))
                        .map(failure -> Arguments.of(phase, failure)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultEndsItsExchangeAlone(Phase phase, Error failure) {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxyHarness.start(
                        ProxySetup.before(origin)
                                .route("{name: bad, match: {path: /bad}, to: app}")
                                .route("{to: app}")
                                .yaml(),
                        HeadgateOptions.defaults().withFilter("bad", new Failing(phase, failure)));
                var other = proxy.connect();
                var client = proxy.connect()) {
            other.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("POST /bad HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello");
            var response = client.readResponse("POST", new ByteArrayOutputStream());
            switch (phase) {
                case REQUEST_HEAD, REQUEST_BODY, REQUEST_END, RESPONSE_HEAD -> assertEquals(500, response.status());
                case RESPONSE_BODY, RESPONSE_END -> assertNotEquals(Response.Ending.COMPLETE, response.ending());
                case END -> assertEquals(200, response.status());
            }
            other.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            proxy.expectInternalFailure();
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
