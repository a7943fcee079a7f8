package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that somebody else wrote. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JdkClientIT {
    private static final byte[] BODY = Pattern.bytes(0, 1 << 20);

    @Test
    void thousandConcurrentRequestsGetTheirOwnAnswers() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(exchange ->
                                exchange.respond(200, exchange.request().target()));
                var proxy = ProxySetup.before(origin)
                        .loops(2)
                        .top("limits: {connectionsPerPrefix: 2000}")
                        .start();
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            var answers = IntStream.range(0, 1000)
                    .mapToObj(i -> client.sendAsync(get(proxy, "/" + i), BodyHandlers.ofString()))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertEquals("/" + i, answers.get(i).join().body());
            }
        }
    }

    @Test
    void uploadWithLengthIsEchoed() throws Exception {
        assertArrayEquals(BODY, echo(BodyPublishers.ofByteArray(BODY), false).body());
    }

    @Test
    void chunkedUploadIsEchoed() throws Exception {
        assertArrayEquals(BODY, echo(chunked(), false).body());
    }

    @Test
    void uploadThatExpectsContinueIsEchoed() throws Exception {
        assertArrayEquals(BODY, echo(BodyPublishers.ofByteArray(BODY), true).body());
    }

    @Test
    void chunkedUploadThatExpectsContinueIsEchoed() throws Exception {
        assertArrayEquals(BODY, echo(chunked(), true).body());
    }

    @Test
    void cancelledRequestDoesNotDisturbTheNext() throws Exception {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/held", exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "too late");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = HttpClient.newHttpClient()) {
            CompletableFuture<?> held = client.sendAsync(get(proxy, "/held"), BodyHandlers.ofString());
            origin.awaitRequest(0);
            held.cancel(true);
            var next = client.send(get(proxy, "/"), BodyHandlers.ofString());
            assertEquals("scripted origin", next.body());
            // The client has closed in an orderly way, as one does that only ends its side: the proxy learns of it when
            // it delivers.
            go.countDown();
        }
    }

    private static BodyPublisher chunked() {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY));
    }

    private static HttpResponse<byte[]> echo(BodyPublisher body, boolean expectContinue)
            throws IOException, InterruptedException {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {expectContinue: 100ms}")
                        .start();
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri(proxy, "/"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .expectContinue(expectContinue)
                    .POST(body)
                    .build();
            return client.send(request, BodyHandlers.ofByteArray());
        }
    }

    private static HttpRequest get(ProxyHarness proxy, String target) {
        // Without this the client asks for an upgrade to HTTP/2 with every first request: that has to work as well.
        return HttpRequest.newBuilder(uri(proxy, target)).build();
    }

    private static URI uri(ProxyHarness proxy, String target) {
        return URI.create("http://127.0.0.1:" + proxy.port() + target);
    }
}
