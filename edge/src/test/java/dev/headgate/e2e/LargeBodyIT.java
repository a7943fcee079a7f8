package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 64 MiB in both framings and both directions; every byte is checked against its offset. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LargeBodyIT {
    private static final long LENGTH = 64L << 20;

    /** How a body is framed. */
    enum Framing {
        LENGTH("Content-Length: " + LargeBodyIT.LENGTH),
        CHUNKED("Transfer-Encoding: chunked");

        private final String field;

        Framing(String field) {
            this.field = field;
        }

        void write(OutputStream out) throws IOException {
            if (this == LENGTH) {
                Pattern.write(out, LargeBodyIT.LENGTH);
                return;
            }
            Pattern.write(new ChunkOutput(out), LargeBodyIT.LENGTH);
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Writes each piece as a chunk. */
    private static final class ChunkOutput extends FilterOutputStream {
        ChunkOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(bytes, offset, length);
            out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void downloadIsUnchanged(Framing framing) {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> answer(exchange, framing));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send("GET / HTTP/1.1␍␊Host: a␍␊␍␊")) {
            expectPattern(client);
            client.expectNothingMore();
        }
    }

    @ParameterizedTest
    @EnumSource
    void uploadIsUnchanged(Framing framing) {
        var atOrigin = Pattern.verifier();
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(atOrigin);
                    exchange.respond(200, Long.toString(atOrigin.count()));
                });
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: unlimited}")
                        .start();
                var client = proxy.connect()) {
            send(client, framing);
            assertEquals(Long.toString(LENGTH), client.expectStatus(200).text());
        }
    }

    @ThreatRow("U-13")
    @ParameterizedTest
    @EnumSource
    void u_13_bothAtOnceAreUnchanged(Framing framing) {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊" + framing.field + "␍␊␍␊");
                    if (framing == Framing.LENGTH) {
                        exchange.readContent(exchange.output());
                    } else {
                        exchange.readContent(new ChunkOutput(exchange.output()));
                        exchange.send("0␍␊␍␊");
                    }
                });
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: unlimited}")
                        .start();
                var client = proxy.connect()) {
            Thread.ofVirtual().start(() -> send(client, framing));
            expectPattern(client);
        }
    }

    @Test
    void slowReaderGetsEverything() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> answer(exchange, Framing.CHUNKED));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send("GET / HTTP/1.1␍␊Host: a␍␊␍␊");
                var other = proxy.connect()) {
            // While the first client reads nothing, a second one is served by the same loop.
            for (int i = 0; i < 20; i++) {
                other.send("HEAD /" + i + " HTTP/1.1␍␊Host: a␍␊␍␊").readResponse("HEAD");
            }
            expectPattern(client);
        }
    }

    private static void answer(OriginExchange exchange, Framing framing) throws IOException {
        exchange.readContent();
        exchange.send("HTTP/1.1 200 OK␍␊" + framing.field + "␍␊␍␊");
        if (!exchange.request().method().equals("HEAD")) {
            framing.write(exchange.output());
        }
    }

    private static void send(RawClient client, Framing framing) {
        client.send("POST / HTTP/1.1␍␊Host: a␍␊" + framing.field + "␍␊␍␊");
        try {
            framing.write(client.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void expectPattern(RawClient client) {
        var verifier = Pattern.verifier();
        var response = client.readResponse("GET", verifier);
        assertEquals(Response.Ending.COMPLETE, response.ending());
        assertEquals(LENGTH, verifier.count());
    }
}
