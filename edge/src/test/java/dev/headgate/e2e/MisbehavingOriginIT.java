package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand requests before an origin that does at random what origins do wrong. Each gets exactly one answer, its
 * own, or a visible end.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MisbehavingOriginIT {
    private static final int CLIENTS = 8;
    private static final int REQUESTS_PER_CLIENT = 1250;
    private static final int CONTENT_BYTES_MAX = 20_000;
    private static final long SEED = new Random().nextLong();

    /** What the origin does with a request; named in its query, so that client and origin agree. */
    enum Fault {
        NONE,
        CHUNKED,
        UNTIL_CLOSE,
        HINTS,
        RESET_AT_ONCE,
        CLOSE_AT_ONCE,
        TRUNCATE,
        RESET_WITHIN,
        BROKEN_CHUNK,
        SURPLUS,
        HINT_FLOOD,
        BROKEN_HEAD,
        CLOSE_AFTER,
        STALL_WITHIN;

        /** Whether a complete answer has to come of it. */
        boolean isHarmless() {
            return switch (this) {
                case NONE, CHUNKED, UNTIL_CLOSE, HINTS, SURPLUS, CLOSE_AFTER -> true;
                case RESET_AT_ONCE,
                        CLOSE_AT_ONCE,
                        TRUNCATE,
                        RESET_WITHIN,
                        BROKEN_CHUNK,
                        HINT_FLOOD,
                        BROKEN_HEAD,
                        STALL_WITHIN -> false;
            };
        }
    }

    @ThreatRow({"H1-32", "H1-31", "H1-33", "U-03", "U-05"})
    @Test
    void h1_32_everyRequestGetsItsOwnAnswerOrAVisibleEnd() throws InterruptedException, ExecutionException {
        try (var origin = ScriptedOrigin.start().otherwise(MisbehavingOriginIT::misbehave);
                var proxy = ProxySetup.before(origin)
                        .loops(2)
                        .upstream("timeouts: {bodyIdle: 100ms}")
                        .start();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var random = new Random(SEED + i);
                String name = "c" + i;
                running.add(clients.submit(() -> client(proxy, random, name)));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    private static void client(ProxyHarness proxy, Random random, String name) {
        var client = proxy.connect();
        for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
            Fault fault = random.nextInt(3) > 0 ? Fault.NONE : Fault.values()[random.nextInt(Fault.values().length)];
            int length = random.nextInt(random.nextInt(4) == 0 ? CONTENT_BYTES_MAX : 1000) + 1;
            boolean withBody = random.nextBoolean();
            String target = "/" + name + "-" + i + "?" + fault + "&" + length;
            client.send(
                    withBody
                            ? "POST " + target + " HTTP/1.1␍␊Host: a␍␊Content-Length: 1000␍␊␍␊" + "b".repeat(1000)
                            : "GET " + target + " HTTP/1.1␍␊Host: a␍␊␍␊");
            if (!isAnswered(client, fault, target, length, withBody)) {
                client.close();
                client = proxy.connect();
            }
        }
        client.close();
    }

    /** Checks the answer; false when the connection has ended with it. */
    private static boolean isAnswered(RawClient client, Fault fault, String target, int length, boolean withBody) {
        var response = client.readResponseToAnyEnding();
        String shown = "seed=" + SEED + " " + target + (withBody ? " POST" : " GET") + ": " + response.status() + " "
                + response.ending();
        if (response.ending() != Response.Ending.COMPLETE) {
            assertTrue(!fault.isHarmless(), shown);
            return false;
        }
        if (response.status() == 200) {
            assertEquals(content(target, length), response.text(), shown);
        } else {
            assertEquals(502, response.status(), shown);
            // A POST may have been sent into a connection that the origin was just closing; it is not sent again.
            assertTrue(!fault.isHarmless() || withBody, shown);
        }
        return !response.announcesClose();
    }

    /** Tells whose content it is, at every place. */
    private static String content(String target, int length) {
        return target.repeat(length / target.length() + 1).substring(0, length);
    }

    private static void misbehave(OriginExchange exchange) throws IOException {
        String target = exchange.request().target();
        Fault fault = Fault.valueOf(target.substring(target.indexOf('?') + 1, target.indexOf('&')));
        int length = Integer.parseInt(target.substring(target.indexOf('&') + 1));
        String content = content(target, length);
        String half = content.substring(0, length / 2);
        String head = "HTTP/1.1 200 OK␍␊Content-Length: " + length + "␍␊␍␊";
        String chunkedHead = "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊";
        exchange.readContent();
        switch (fault) {
            case NONE -> exchange.send(head + content);
            case CHUNKED -> exchange.respondChunked(content);
            case UNTIL_CLOSE -> {
                exchange.send("HTTP/1.1 200 OK␍␊␍␊" + content);
                exchange.close();
            }
            case HINTS -> exchange.send("HTTP/1.1 103 Early Hints␍␊Link: a␍␊␍␊".repeat(3) + head + content);
            case RESET_AT_ONCE -> exchange.reset();
            case CLOSE_AT_ONCE -> exchange.close();
            case TRUNCATE -> {
                exchange.send(head + half);
                exchange.close();
            }
            case RESET_WITHIN -> {
                exchange.send(head + half);
                exchange.reset();
            }
            case BROKEN_CHUNK -> exchange.send(chunkedHead + "1␍␊xyz");
            case SURPLUS -> exchange.send(head + content + "HTTP/1.1 200 OK␍␊Content-Length: 4␍␊␍␊evil");
            case HINT_FLOOD -> exchange.send("HTTP/1.1 103 Early Hints␍␊␍␊".repeat(50) + head + content);
            case BROKEN_HEAD -> exchange.send("HTTP/1.1 200 OK␊Content-Length: 0␊␊");
            case CLOSE_AFTER -> {
                exchange.send(head + content);
                exchange.close();
            }
            case STALL_WITHIN -> {
                exchange.send(head + half);
                exchange.awaitPeerEnd();
            }
        }
    }
}
