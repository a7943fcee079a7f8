package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** An idle connection whose reset the loop sees in the same cycle as the next request. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DeadIdleConnectionIT {
    /** Keeps the loop busy, so that what happens meanwhile comes in one cycle. */
    private record Holding(CountDownLatch held, CountDownLatch go) implements Filter {
        @Override
        public void onRequestHead(FilterContext context, RequestHead head) {
            held.countDown();
            Await.open("the loop may go on", go);
        }
    }

    @RepeatedTest(5)
    void connectionThatHasJustDiedIsNotUsedForARequestThatCannotBeSentAgain() {
        var holding = new Holding(new CountDownLatch(1), new CountDownLatch(1));
        var reset = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/first", exchange -> {
                    exchange.respond(200, "first");
                    exchange.await(reset);
                    exchange.reset();
                    done.countDown();
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
            reset.countDown();
            Await.open("the connection is reset", done);
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello");
            holding.go().countDown();
            assertEquals("scripted origin", client.expectStatus(200).text());
            other.expectStatus(200);
        }
    }
}
