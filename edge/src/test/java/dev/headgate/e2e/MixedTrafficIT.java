package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.TrafficPlan.Kind;
import dev.headgate.e2e.TrafficPlan.Mood;
import dev.headgate.e2e.TrafficPlan.Planned;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand requests of all kinds, alone and in pipelines, before two origins in all moods. Each gets one answer, its own,
 * or a visible end; what must not be repeated reaches an origin at most once; and afterwards the books balance.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MixedTrafficIT {
    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 16;
    private static final int PIPELINE_MAX = 8;
    private static final int LENGTH_MAX = 9_000;
    private static final long SEED = 20_26;

    private final Map<Integer, AtomicInteger> arrivals = new ConcurrentHashMap<>();
    private final Tally tally = new Tally();

    /** What the clients have seen. */
    private static final class Tally {
        final AtomicInteger whole = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger brokenOff = new AtomicInteger();
        /** Requests that stood in a pipeline behind an answer that ended the connection. */
        final AtomicInteger cutOff = new AtomicInteger();

        final AtomicInteger resetOnceRepeatable = new AtomicInteger();
        final AtomicInteger resetOnceAnswered = new AtomicInteger();
    }

    @Test
    void everyRequestGetsItsOwnAnswerOrAVisibleEndAndIsCounted() throws InterruptedException, ExecutionException {
        List<Planned> plan = TrafficPlan.of(REQUESTS, LENGTH_MAX, SEED);
        try (var one = ScriptedOrigin.start().otherwise(this::serve);
                var two = ScriptedOrigin.start().otherwise(this::serve);
                var proxy = ProxySetup.before(one, two)
                        .loops(2)
                        .upstream("timeouts: {firstByte: 2s, bodyIdle: 1s}")
                        .upstream("retry: {budget: 100%}")
                        .start()) {
            send(plan, proxy);
            assertEquals(
                    REQUESTS, tally.whole.get() + tally.refused.get() + tally.brokenOff.get() + tally.cutOff.get());
            assertNothingRepeatedThatMustNotBe(plan);
            int repeatable = tally.resetOnceRepeatable.get();
            assertTrue(
                    tally.resetOnceAnswered.get() >= repeatable * 9 / 10,
                    () -> "of " + repeatable + " repeatable requests answered: " + tally.resetOnceAnswered);
            assertBooksBalance(proxy);
        }
    }

    private void send(List<Planned> plan, ProxyHarness proxy) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var share = plan.subList(i * REQUESTS / CLIENTS, (i + 1) * REQUESTS / CLIENTS);
                var random = new Random(SEED + i);
                clients.add(threads.submit(() -> visit(proxy, share, random)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    // Clients.

    private void visit(ProxyHarness proxy, List<Planned> share, Random random) {
        var client = proxy.connect();
        int next = 0;
        while (next < share.size()) {
            int depth = random.nextBoolean() ? 1 : 2 + random.nextInt(PIPELINE_MAX - 1);
            var pipeline = share.subList(next, Math.min(next + depth, share.size()));
            client.send(Wire.join(pipeline.stream().map(Planned::bytes).toArray(byte[][]::new)));
            int answered = readAnswers(client, pipeline);
            if (answered < 0) {
                client.close();
                client = proxy.connect();
            }
            next += pipeline.size();
        }
        client.expectNothingMore();
        client.close();
    }

    /** Reads an answer for each; −1 when the connection has ended, and the rest of the pipeline with it. */
    private int readAnswers(RawClient client, List<Planned> pipeline) {
        for (int i = 0; i < pipeline.size(); i++) {
            if (!readAnswer(client, pipeline.get(i))) {
                client.expectEnd();
                tally.cutOff.addAndGet(pipeline.size() - i - 1);
                return -1;
            }
        }
        return pipeline.size();
    }

    /** Checks one answer; false when the connection ends with it. */
    private boolean readAnswer(RawClient client, Planned request) {
        var content = new ByteArrayOutputStream();
        var answer = client.readResponse(request.kind().method(), content);
        String shown = "seed " + SEED + ", " + request + ": " + answer.status() + " " + answer.ending();
        boolean mayFail = !request.mood().isHarmless();
        if (answer.ending() != Response.Ending.COMPLETE) {
            assertTrue(mayFail, shown);
            tally.brokenOff.incrementAndGet();
            return false;
        }
        if (answer.status() == 200) {
            String expected = request.kind() == Kind.HEAD ? "" : request.answerContent();
            assertEquals(expected, content.toString(StandardCharsets.ISO_8859_1), shown);
            assertEquals(List.of(String.valueOf(request.id())), answer.fields().all("x-id"), shown);
            tally.whole.incrementAndGet();
        } else {
            // It went into a connection that the origin was just closing: not repeated, for nobody knows who has read
            // it.
            boolean lostOnTheWay = request.kind().hasContent() && !arrivals.containsKey(request.id());
            assertEquals(request.mood() == Mood.STALL_BEFORE && !lostOnTheWay ? 504 : 502, answer.status(), shown);
            assertTrue(mayFail || lostOnTheWay, shown);
            tally.refused.incrementAndGet();
        }
        tallyResetOnce(request, answer.status());
        return !answer.announcesClose();
    }

    private void tallyResetOnce(Planned request, int status) {
        if (request.mood() == Mood.RESET_ONCE && !request.kind().hasContent()) {
            tally.resetOnceRepeatable.incrementAndGet();
            tally.resetOnceAnswered.addAndGet(status == 200 ? 1 : 0);
        }
    }

    // Origins.

    private void serve(OriginExchange exchange) throws IOException {
        var request = Planned.of(exchange.request().target());
        int arrival = arrivals.computeIfAbsent(request.id(), id -> new AtomicInteger())
                .incrementAndGet();
        if (request.mood() == Mood.ANSWER_EARLY) {
            exchange.send(withLength(request));
        }
        String received = new String(exchange.readContent(), StandardCharsets.ISO_8859_1);
        assertEquals(request.kind().method(), exchange.request().method());
        assertEquals(request.kind().hasContent() ? request.requestContent() : "", received, request::toString);
        answer(exchange, request, arrival);
    }

    private static void answer(OriginExchange exchange, Planned request, int arrival) throws IOException {
        String whole = withLength(request);
        switch (request.mood()) {
            case LENGTH -> exchange.send(whole);
            case CHUNKED -> exchange.send(head(request) + "Transfer-Encoding: chunked␍␊␍␊" + chunked(request));
            case HINTS -> exchange.send("HTTP/1.1 103 Early Hints␍␊Link: a␍␊␍␊".repeat(3) + whole);
            case UNTIL_CLOSE -> sendAndClose(exchange, head(request) + "␍␊" + content(request));
            case CLOSE_AFTER -> sendAndClose(exchange, whole);
            case SURPLUS -> exchange.send(whole + "HTTP/1.1 200 OK␍␊Content-Length: 4␍␊␍␊evil");
            case ANSWER_EARLY -> {
                // Done before the content was read.
            }
            case RESET_ONCE -> {
                if (arrival == 1) {
                    exchange.reset();
                } else {
                    exchange.send(whole);
                }
            }
            case RESET_ALWAYS -> exchange.reset();
            case CLOSE_WITHOUT_ANSWER -> exchange.close();
            case TRUNCATE -> sendAndClose(exchange, allButLast(whole));
            case RESET_WITHIN -> {
                exchange.send(allButLast(whole));
                exchange.reset();
            }
            case BROKEN_CHUNK -> exchange.send(head(request) + "Transfer-Encoding: chunked␍␊␍␊1␍␊xyz");
            case BROKEN_HEAD -> exchange.send(whole.replaceFirst("␍␊", "␊"));
            case HINT_FLOOD -> exchange.send("HTTP/1.1 103 Early Hints␍␊␍␊".repeat(50) + whole);
            case STALL_BEFORE -> exchange.awaitPeerEnd();
            case STALL_WITHIN -> {
                exchange.send(allButLast(whole));
                exchange.awaitPeerEnd();
            }
        }
    }

    private static void sendAndClose(OriginExchange exchange, String answer) throws IOException {
        exchange.send(answer);
        exchange.close();
    }

    private static String head(Planned request) {
        return "HTTP/1.1 200 OK␍␊X-Id: " + request.id() + "␍␊";
    }

    private static String withLength(Planned request) {
        return head(request) + "Content-Length: " + request.length() + "␍␊␍␊" + content(request);
    }

    private static String content(Planned request) {
        return request.kind() == Kind.HEAD ? "" : request.answerContent();
    }

    private static String chunked(Planned request) {
        String content = content(request);
        return content.isEmpty() ? "" : Integer.toHexString(content.length()) + "␍␊" + content + "␍␊0␍␊␍␊";
    }

    private static String allButLast(String answer) {
        return answer.substring(0, answer.length() - 1);
    }

    // Afterwards.

    private void assertNothingRepeatedThatMustNotBe(List<Planned> plan) {
        for (var request : plan) {
            if (request.kind().hasContent() && arrivals.containsKey(request.id())) {
                assertEquals(
                        1, Objects.requireNonNull(arrivals.get(request.id())).get(), request::toString);
            }
        }
    }

    private void assertBooksBalance(ProxyHarness proxy) {
        Await.until("all connections of clients are closed", () -> {
            var web = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
            return web.connectionsOpened() == web.connectionsClosed();
        });
        var metrics = proxy.metrics();
        var exchanges = Objects.requireNonNull(metrics.listeners().get("web")).exchanges();
        assertEquals(tally.whole.get(), exchanges.byCause()[Cause.NONE.ordinal()]);
        assertEquals(tally.whole.get() + tally.brokenOff.get(), exchanges.byStatusClass()[2]);
        assertEquals(tally.refused.get(), exchanges.byStatusClass()[5]);
        assertEquals(tally.whole.get() + tally.brokenOff.get() + tally.refused.get(), exchanges.count());
        assertEquals(exchanges.count(), Arrays.stream(exchanges.byCause()).sum());
        for (MetricsSnapshot.Endpoint endpoint : metrics.endpoints().values()) {
            assertEquals(0, endpoint.attemptsInFlight());
            assertEquals(
                    endpoint.attempts(), Arrays.stream(endpoint.byStatusClass()).sum());
            assertTrue(endpoint.connectionsOpened() >= endpoint.connectionsClosed());
        }
    }
}
