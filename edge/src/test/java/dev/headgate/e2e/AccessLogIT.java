package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One parseable record per exchange, whatever the bytes. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class AccessLogIT {
    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("access.log");
    }

    @Test
    void recordTellsTheExchange() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("hello"));
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("POST /a%20b?c=d HTTP/1.1␍␊Host: shop.example␍␊User-Agent: test/1␍␊Referer: http://r/␍␊"
                    + "Content-Length: 4␍␊␍␊body");
            var response = client.expectStatus(200);
            var record = records(1).getFirst();
            assertEquals("POST", record.get("method"));
            assertEquals("shop.example", record.get("host"));
            assertEquals(200, record.get("status"));
            assertEquals("web", record.get("listener"));
            assertEquals("app", record.get("upstream"));
            assertEquals(1, record.get("attempts"));
            assertEquals("test/1", record.get("user_agent"));
            assertEquals("127.0.0.1", record.get("client"));
            assertEquals(response.fields().value("x-request-id"), record.get("request_id"));
            assertTrue(String.valueOf(record.get("path")).startsWith("/a%20b"), record::toString);
        }
    }

    @Test
    void everyExchangeHasItsRecord() {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 1000; i++) {
                client.send("GET /" + i + " HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            }
            var records = records(1000);
            for (int i = 0; i < 1000; i++) {
                assertEquals("/" + i, records.get(i).get("path"));
            }
            assertEquals(
                    1000,
                    records.stream().map(r -> r.get("request_id")).distinct().count());
        }
    }

    @Test
    void oddBytesStayOneRecord() {
        String agent = "a\\\"b␉\u0080\u00ffé</script>{\\u0000}";
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("GET /%22%c2%85?%0a\"'<> HTTP/1.1␍␊Host: a␍␊User-Agent: " + agent + "␍␊␍␊")
                    .readResponse();
            assertEquals(Set.of("GET"), Set.of(records(1).getFirst().get("method")));
        }
    }

    @ThreatRow("H1-26")
    @Test
    void h1_26_clientIsTheFirstUntrustedOfTheChain() {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin).top("trustedProxies: [127.0.0.0/8, 10.0.0.0/8]"))
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-Forwarded-For: 6.6.6.6, 9.9.9.9, 10.0.0.1␍␊␍␊")
                    .expectStatus(200);
            assertEquals("9.9.9.9", records(1).getFirst().get("client"));
        }
    }

    @ThreatRow("H1-26")
    @Test
    void h1_26_junkInTheChainLeavesThePeer() {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin).top("trustedProxies: [127.0.0.0/8]"))
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-Forwarded-For: 9.9.9.9, bogus␍␊␍␊")
                    .expectStatus(200);
            assertEquals("127.0.0.1", records(1).getFirst().get("client"));
        }
    }

    @Test
    void causeOfAProxyMadeResponseIsNamed() {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin).route("{match: {path: /x}, to: app}"))
                        .start();
                var client = proxy.connect()) {
            client.send("GET /y HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(404);
            assertEquals("no_route", records(1).getFirst().get("cause"));
        }
    }

    /** Whatever was whole before the fault, and no more of it. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET /a?b=c HTTP/1.1␍␊Host: a␍␊Content-Length: x␍␊␍␊, 400, GET, /a?b=c",
                "GET /a\"\\ HTTP/1.1␍␊Host: a␍␊␍␊, 400, GET, /a\"\\",
                "GET /a␁b HTTP/1.1␍␊Host: a␍␊␍␊, 400, GET, -",
                "GET /a%zz HTTP/1.1␍␊X: ␀␍␊␍␊, 400, GET, /a%zz",
                "GET /a HTTP/3.1␍␊, 505, GET, /a",
                "GET /a␍␊␍␊, 400, GET, -",
                "CONNECT a:443 HTTP/1.1␍␊, 405, CONNECT, a:443",
                "GET http://joe:secret@a/ HTTP/1.1␍␊, 400, GET, -",
                "G(T /a HTTP/1.1␍␊, 400, -, -",
                "GET /long HTTP/1.1␍␊Host: a␍␊B: b␍␊C: c␍␊D: d␍␊␍␊, 431, GET, /long"
            })
    void requestRefusedInItsHeadIsKnownAsFarAsItWasRead(
            String request, int status, @Nullable String method, @Nullable String path) {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin).listener("limits: {headerCount: 3}"))
                        .start();
                var client = proxy.connect()) {
            client.send(request).expectStatus(status);
            var record = records(1).getFirst();
            assertEquals(method, record.get("method"), record::toString);
            assertEquals(path, record.get("path"), record::toString);
        }
    }

    @Test
    void refusedRequestHasARecord() {
        try (var origin = ScriptedOrigin.start();
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊Content-Length: x␍␊␍␊").expectStatus(400);
            assertEquals(400, records(1).getFirst().get("status"));
        }
    }

    @Test
    void clientThatLeavesHasARecord() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect().send("GET / HTTP/1.1␍␊Host: a␍␊␍␊")) {
            origin.awaitRequest(0);
            client.reset();
            assertEquals("client_aborted", records(1).getFirst().get("cause"));
        }
    }

    @Test
    void retriesAreCounted() {
        OriginScript oncePerConnection = exchange -> {
            if (exchange.indexOnConnection() > 0) {
                exchange.reset();
            } else {
                exchange.respond(200, "fresh");
            }
        };
        try (var origin = ScriptedOrigin.start().otherwise(oncePerConnection);
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(2, records(2).getLast().get("attempts"));
        }
    }

    @Test
    void bytesAreCounted() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("hello"));
                var proxy = logging(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 4␍␊␍␊body").expectStatus(200);
            var record = records(1).getFirst();
            assertTrue(((Number) record.get("bytes_in")).longValue() >= 4, record::toString);
            assertTrue(((Number) record.get("bytes_out")).longValue() >= 5, record::toString);
        }
    }

    @Test
    void combinedFormatIsOneLine() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .accessLog("{format: combined, to: \"" + file + "\"}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /x HTTP/1.1␍␊Host: a␍␊User-Agent: a\"b␍␊␍␊").expectStatus(200);
            Await.until("a line", () -> lines().size() == 1);
            String line = lines().getFirst();
            assertTrue(line.startsWith("127.0.0.1 - - ["), line);
            assertTrue(line.contains("\"GET /x HTTP/1.1\" 200 "), line);
        }
    }

    private ProxySetup logging(ProxySetup setup) {
        return setup.accessLog("{format: json, to: \"" + file + "\"}");
    }

    private List<Map<String, Object>> records(int count) {
        Await.until(count + " records", () -> lines().size() >= count);
        assertEquals(count, lines().size());
        return lines().stream().map(Json::object).toList();
    }

    private List<String> lines() {
        try {
            String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
            int end = text.lastIndexOf('\n');
            return end < 0 ? List.of() : List.of(text.substring(0, end).split("\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
