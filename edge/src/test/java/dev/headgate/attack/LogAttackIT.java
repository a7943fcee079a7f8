package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the logs: what a client sends must not become a record of its own, and a log that fails must not stop traffic. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LogAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    @TempDir
    private Path folder;

    @ThreatRow("H1-27")
    @Test
    void h1_27_logShowsThePathThatTheOriginReceived() {
        Path file = folder.resolve("access.log");
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .accessLog("{format: json, to: \"" + file + "\"}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /a/./b/../%7euser//x HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals("/a/~user/x", origin.lastRequest().head().target());
            Await.until("a record", () -> lines(file) == 1);
            assertTrue(text(file).contains("\"path\":\"/a/~user/x\""), () -> text(file));
        }
    }

    /** Bytes that end a line, begin an escape sequence, close a string or a field, for one reader or another. */
    @ThreatRow(
            value = "DOS-13",
            outcome =
                    "one record on one line for each request, the refused too; controls are escaped; the origin sees the accepted alone")
    @ParameterizedTest
    @ValueSource(strings = {"json", "common", "combined"})
    void dos_13_everyRequestIsOneRecord(String format) {
        Path file = folder.resolve("access.log");
        List<String> odd = List.of(
                "\u00e2\u0080\u00a8x", // U+2028 in UTF-8
                "\u00c2\u0085x", // U+0085
                "a\" 200 \"b",
                "a\\\",\\\"b",
                "\u009b31m", // CSI in ISO 8859-1
                "\u0080\u00ff{\"status\":200}",
                "- - [01/Jan/2026:00:00:00 +0000]");
        List<String> refused = List.of("a␊b", "a␍b", "␛[31m", "a␀b", "a␡b");
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .accessLog("{format: " + format + ", to: \"" + file + "\"}")
                        .start()) {
            for (String value : odd) {
                try (var client = proxy.connect()) {
                    client.send("GET /odd?%0d%0a'<> HTTP/1.1␍␊Host: a␍␊User-Agent: " + value + "␍␊Referer: " + value
                                    + "␍␊␍␊")
                            .readResponse();
                }
            }
            for (String value : refused) {
                try (var client = proxy.connect()) {
                    client.send("GET /" + value + " HTTP/1.1␍␊Host: a␍␊User-Agent: " + value + "␍␊␍␊")
                            .expectStatus(400);
                }
            }
            int records = odd.size() + refused.size();
            Await.until(records + " records", () -> lines(file) >= records);
            String log = text(file);
            assertEquals(records, lines(file));
            assertTrue(log.chars().allMatch(c -> c == '\n' || c >= ' ' && c != 0x7F && (c < 0x80 || c > 0x9F)), log);
            assertTrue(log.indexOf('\u2028') < 0 && log.indexOf('\u0085') < 0, log);
            assertTrue(origin.requests().size() <= odd.size());
        }
    }

    /** Those that are whole: the last one may still be on its way. */
    private static long lines(Path file) {
        return text(file).chars().filter(c -> c == '\n').count();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ThreatRow(value = "DOS-13", outcome = "of one kind of error ten are told per second, and how many more there were")
    @Test
    void dos_13_errorsAreToldTenPerSecond() {
        long beginNs = System.nanoTime();
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address()).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 300; i++) {
                client.send(GET).expectStatus(502);
            }
            Await.until("something is told", () -> told(proxy) > 0);
            long seconds = (System.nanoTime() - beginNs) / 1_000_000_000 + 1;
            long told = told(proxy);
            assertTrue(told <= 10 * (seconds + 1), () -> "told: " + told);
        }
    }

    private static long told(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .filter(line -> line.contains("event=upstream_connect_failed"))
                .count();
    }

    @ThreatRow(
            value = "DOS-15",
            outcome = "records are dropped and the error log says so; no request fails, each reaches the origin")
    @Test
    @EnabledOnOs(OS.LINUX)
    void dos_15_fullDiskStopsNoRequest() {
        int requests = 200;
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .accessLog("{format: json, to: /dev/full}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < requests; i++) {
                client.send(GET).expectStatus(200);
            }
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("event=access_log_failed")));
            assertEquals(requests, origin.requests().size());
        }
    }
}
