package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as large as the configuration can allow them to be: limits that are set wide must still hold. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LargeMessageIT {
    private static final int KIB = 1024;

    /** A head may be longer than any pooled buffer once our own fields are added; it is refused, not dropped. */
    @ParameterizedTest
    @ValueSource(ints = {8, 64, 100, 112, 120, 127})
    void headUpToTheWidestLimitIsAnswered(int kib) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {headerBytes: 128KiB, headerLine: 64KiB, requestLine: 64KiB}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /" + "p".repeat(60 * KIB) + " HTTP/1.1␍␊Host: a␍␊" + fields(kib) + "␍␊");
            int status = client.readResponse().status();
            assertEquals(kib <= 8 ? 200 : status == 200 ? 200 : 431, status);
        }
    }

    private static String fields(int kib) {
        var text = new StringBuilder();
        for (int left = kib; left > 0; left -= 8) {
            text.append("X-Long-")
                    .append(left)
                    .append(": ")
                    .append("v".repeat(Math.min(left, 8) * KIB - 64))
                    .append("␍␊");
        }
        return text.toString();
    }

    /** Content is kept for another endpoint up to the widest window that can be asked for. */
    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 1024})
    void contentOfAnyLengthPassesWithTheWidestReplayWindow(int kib) {
        try (var refusing = RefusingPort.open();
                var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(refusing.address(), origin.address())
                        .upstream("retry: {replayBytes: 256KiB}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                String content = "c".repeat(kib * KIB);
                client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: " + content.length() + "␍␊␍␊" + content);
                assertEquals(content.length(), client.expectStatus(200).text().length());
            }
        }
    }

    /** What is kept is sent again in one go, behind the head and in chunks of its own. */
    @ParameterizedTest
    @ValueSource(ints = {64, 255, 256})
    void contentUpToTheReplayWindowIsSentAgain(int kib) {
        OriginScript firstOfConnectionOnly = exchange -> {
            byte[] content = exchange.readContent();
            if (exchange.indexOnConnection() == 0) {
                exchange.respond(200, content);
            } else {
                exchange.reset();
            }
        };
        try (var origin = ScriptedOrigin.start().otherwise(firstOfConnectionOnly);
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {replayBytes: 256KiB}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            String content = "c".repeat(kib * KIB);
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊"
                    + Integer.toHexString(content.length()) + "␍␊" + content + "␍␊0␍␊␍␊");
            assertEquals(content, client.expectStatus(200).text());
            assertEquals(2, origin.connections().size());
        }
    }

    @Test
    void responseHeadUpToTheWidestLimitIsAnswered() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixed("HTTP/1.1 200 OK␍␊" + fields(112) + "Content-Length: 2␍␊␍␊hi"));
                var proxy = ProxySetup.before(origin)
                        .upstream("limits: {headerBytes: 128KiB}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals("hi", client.expectStatus(200).text());
        }
    }
}
