package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Early data of TLS, here and at a proxy before (RFC 8470). */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EarlyDataIT {
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int EXTENSIONS_AT = 2 + 32; // behind version and random, both fixed in length
    private static final byte[] EARLY_DATA = {0, 42, 0, 0};

    @TempDir
    Path folder;

    @ThreatRow(
            value = "TLS-09",
            outcome = "the offer is passed over; early data ends the connection, and is no request")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tls_09_takesNoEarlyData(boolean isOffered) throws SSLException {
        TestCertificates files = TestCertificates.in(folder);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key()))
                        .start();
                var client = RawClient.connect(proxy.port())) {
            byte[] hello = hello();
            client.send(isOffered ? withEarlyData(hello) : hello);
            byte[] request = ("GET / HTTP/1.1\r\nHost: " + TestCertificates.NAME + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            ByteBuffer early = ByteBuffer.allocate(RECORD_HEADER_BYTES + request.length);
            early.put(new byte[] {23, 3, 3}).putShort((short) request.length).put(request);
            client.send(early.array());
            byte[] answer = client.readToEndOrReset();
            if (answer.length > 0) { // A reset can overtake what was sent before it.
                assertEquals(22, answer[0], "a handshake record");
                assertEquals(2, answer[RECORD_HEADER_BYTES], "a server hello");
            }
            assertEquals(0, origin.requests().size());
        }
    }

    /** The same hello alone is answered, so that it is the early data that ends the connection. */
    @Test
    void tls_09_answersAHelloThatOffersIt() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key()))
                        .start();
                var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.getOutputStream().write(withEarlyData(hello()));
            byte[] answer = socket.getInputStream().readNBytes(RECORD_HEADER_BYTES + 1);
            assertEquals(22, answer[0], "a handshake record");
            assertEquals(2, answer[RECORD_HEADER_BYTES], "a server hello");
        }
    }

    @ThreatRow(
            value = "TLS-09",
            outcome = "what a trusted proxy marks as early data, with a method that is not safe, gets 425")
    @ParameterizedTest
    @CsvSource({
        // trusted, method, field, status
        "true, POST, Early-Data: 1, 425",
        "true, PUT, early-data: 1, 425",
        "true, DELETE, EARLY-DATA: 1, 425",
        "true, PURGE, Early-Data: 1, 425",
        "true, POST, Early-Data: 0, 425",
        "true, POST, Early-Data:, 425",
        "true, POST, Early-Data: 1␍␊Early-Data: 1, 425",
        "true, GET, Early-Data: 1, 200",
        "true, OPTIONS, Early-Data: 1, 200",
        "true, POST, X-Early-Data: 1, 200",
        "false, POST, Early-Data: 1, 200",
        "false, GET, Early-Data: 1, 200",
    })
    void tls_09_refusesWhatCanHaveBeenSentTwice(boolean isTrusted, String method, String field, int status) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .top("trustedProxies: " + (isTrusted ? "[127.0.0.0/8]" : "[]"))
                        .start();
                var client = proxy.connect()) {
            client.send(method + " / HTTP/1.1␍␊Host: a␍␊" + field + "␍␊Content-Length: 0␍␊␍␊")
                    .expectStatus(status);
            assertEquals(status == 200 ? 1 : 0, origin.requests().size());
            proxy.awaitEndedBy(Cause.TOO_EARLY, status == 425 ? 1 : 0);
            if (status == 200 && !field.startsWith("X-")) {
                assertEquals("1", origin.lastRequest().fields().value("early-data"));
            }
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊").expectStatus(200);
        }
    }

    /** What a JDK client says first. */
    private static byte[] hello() throws SSLException {
        SSLEngine engine = TestCertificates.clientContext().createSSLEngine(TestCertificates.NAME, 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        ByteBuffer record = ByteBuffer.allocate(64 * 1024);
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] bytes = new byte[record.position()];
        record.flip().get(bytes);
        return bytes;
    }

    /** Adds the extension to the end, and to each length around it. */
    private static byte[] withEarlyData(byte[] hello) {
        ByteBuffer out = ByteBuffer.allocate(hello.length + EARLY_DATA.length);
        out.put(hello).put(EARLY_DATA);
        int handshake = RECORD_HEADER_BYTES + 4;
        int at = handshake + EXTENSIONS_AT;
        at += 1 + (out.get(at) & 0xff); // session
        at += 2 + (out.getShort(at) & 0xffff); // cipher suites
        at += 1 + (out.get(at) & 0xff); // compression
        for (int length : new int[] {3, handshake - 2, at}) {
            out.putShort(length, (short) (out.getShort(length) + EARLY_DATA.length));
        }
        assertTrue(at + 2 + (out.getShort(at) & 0xffff) == out.capacity());
        return out.array();
    }
}
