package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What tests of second attempts have before them: two origins, of which the one that is asked first may be either, and what shows who was asked. */
final class TwoOrigins implements AutoCloseable {
    static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    static final String SOON = "retry: {mark: true, hedge: 20ms}";

    final SteeredIo io = new SteeredIo();
    final AtomicInteger asked = new AtomicInteger();
    final CountDownLatch bothAsked = new CountDownLatch(2);
    final CountDownLatch firstEnds = new CountDownLatch(1);
    final CountDownLatch secondEnds = new CountDownLatch(1);
    private final List<ScriptedOrigin> origins = new ArrayList<>();

    List<ScriptedOrigin> origins() {
        return origins;
    }

    /** Both do one thing when asked for the first time, and another when asked by what is marked as a retry. */
    ProxySetup before(OriginScript first, OriginScript second) {
        return beforeBoth(exchange -> {
            asked.getAndIncrement();
            bothAsked.countDown();
            (exchange.request().fields().has("x-retry-attempt") ? second : first).run(exchange);
        });
    }

    /** Both do the same. */
    ProxySetup beforeBoth(OriginScript script) {
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(script));
        }
        return ProxySetup.before(origins.get(0), origins.get(1));
    }

    /** Says nothing until it is given up. */
    static OriginScript waiting(CountDownLatch ended) {
        return exchange -> {
            exchange.awaitPeerEnd();
            ended.countDown();
        };
    }

    /** Answers when both are asked. */
    OriginScript late(int status, String text) {
        return exchange -> {
            exchange.readContent();
            exchange.await(bothAsked);
            exchange.respond(status, text);
        };
    }

    /** More than any second attempt would be due after. */
    void passTime(ProxyHarness proxy) {
        long cycles = proxy.cycles();
        io.pass(Duration.ofSeconds(2));
        Await.until("the loop has seen that", () -> proxy.outstandingBytes() >= 0 && proxy.cycles() > cycles + 3);
    }

    static MetricsSnapshot.Upstream app(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
    }

    static void expectHedges(ProxyHarness proxy, int sent, int won) {
        assertEquals(new MetricsSnapshot.Hedges(sent, won, 0), app(proxy).hedges());
        assertEquals(0, app(proxy).retries());
    }

    void expectAllOver(ProxyHarness proxy) {
        proxy.awaitBuffersReturned();
        for (ScriptedOrigin origin : origins) {
            assertEquals(0, attemptsInFlight(proxy, origin));
        }
    }

    static long attemptsInFlight(ProxyHarness proxy, ScriptedOrigin origin) {
        var seen = proxy.metrics().endpoints().get(new Metrics.EndpointName("app", origin.address()));
        return Objects.requireNonNull(seen).attemptsInFlight();
    }

    @Override
    public void close() {
        origins.forEach(ScriptedOrigin::close);
    }
}
