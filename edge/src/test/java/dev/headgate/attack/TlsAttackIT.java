package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SecureClient;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.RecordClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import dev.headgate.testkit.peer.TlsPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile clients do with TLS, against the whole proxy. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsAttackIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊";
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int FLOOD = 100; // clients at a time

    @TempDir
    Path folder;

    @ThreatRow(
            value = "TLS-01",
            advisory = "OpenSSL CVE-2011-1473",
            outcome =
                    "an alert and the end of the connection; the engine does it itself, whatever the JVM's properties say")
    @Test
    void tls_01_refusesRenegotiation() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (TlsPeer peer = connect(proxy, "TLSv1.2").handshake()) {
                peer.send(Wire.bytes(GET));
                assertTrue(text(peer.receive(12)).startsWith("HTTP/1.1 200"));
                peer.engine().beginHandshake();
                peer.step();
                try {
                    peer.receiveAll();
                } catch (SSLException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains("alert"), e.getMessage());
                }
            }
            awaitFailure(proxy, "tls.renegotiation");
            assertEquals(1, origin.requests().size());
            assertServes(proxy);
        }
    }

    @ThreatRow(
            value = "TLS-05",
            outcome = "closed when the time for the handshake is over; nothing but its bytes is held")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 49})
    void tls_05_closesOnSlowHandshakes(int bytes) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "timeouts: {handshake: 200ms}")) {
            try (var client = RawClient.connect(proxy.port())) {
                byte[] part = new byte[bytes];
                System.arraycopy(hello(3, "c02b"), 0, part, 0, bytes);
                client.send(part);
                proxy.awaitRead(bytes);
                assertTrue(proxy.outstandingBytes() <= 1024, "bytes held");
                client.expectEnd();
            }
            awaitFailure(proxy, "tls.handshake_timeout");
            assertServes(proxy);
        }
    }

    @ThreatRow(
            value = "TLS-06",
            outcome =
                    "as many handshakes wait as are allowed; a further client is closed on at once, without a word, and counted; open connections have all their requests answered meanwhile, and afterwards handshakes are made as ever")
    @Test
    void tls_06_refusesWhatCannotWait() throws Exception {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener(tls())
                        .top("limits: {handshakesWaiting: 1, connectionsPerPrefix: 10000}")
                        .start();
                var open = SecureClient.connect(proxy.port(), NAME)) {
            open.send(GET).receive();
            var isOver = new AtomicBoolean();
            var requests = new FutureTask<>(() -> requestsUntil(isOver, open));
            Thread.ofVirtual().start(requests);
            int clients = 0;
            int refused = 0;
            while (refused < FLOOD) {
                refused += flood(proxy);
                clients += FLOOD;
            }
            isOver.set(true);
            int answered = requests.get();
            assertEquals(answered + 1, origin.requests().size());
            assertTrue(refused < clients, "nobody was let in");
            long counted = refused;
            Await.until("each is counted", () -> tlsOf(proxy).failures().get("tls.overloaded") == counted);
            Await.until("only one connection is left", () -> proxy.openConnections() == 1);
            assertServes(proxy);
            assertTrue(open.send(GET).receive().startsWith("HTTP/1.1 200 "));
            proxy.awaitBuffersReturned();
        }
    }

    /** Asks again and again; answers how often. */
    private static int requestsUntil(AtomicBoolean isOver, SecureClient open) {
        int count = 0;
        do {
            String answer = open.send(GET).receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            count++;
        } while (!isOver.get());
        return count;
    }

    /** Has many clients send a hello at once; answers how many of them were refused, which is well before a handshake's time is over. */
    private static int flood(ProxyHarness proxy) throws IOException {
        byte[] hello;
        try (TlsPeer peer = connect(proxy, "TLSv1.3")) {
            peer.engine().beginHandshake();
            hello = peer.records(new byte[0]);
        }
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < FLOOD; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                client.setSoTimeout((int) Await.DEADLINE.toMillis());
                clients.add(client);
            }
            for (Socket client : clients) {
                client.getOutputStream().write(hello);
            }
            int refused = 0;
            for (Socket client : clients) {
                int first = client.getInputStream().read();
                assertTrue(first == HANDSHAKE || first < 0, () -> "neither a handshake nor the end: " + first);
                if (first < 0) refused++;
            }
            return refused;
        } finally {
            for (Socket client : clients) client.close();
        }
    }

    @ThreatRow(value = "TLS-07", outcome = "an alert as soon as the length is known; never more than 20 KiB held")
    @Test
    void tls_07_refusesHugeHellos() {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RawClient.connect(proxy.port())) {
                // The first record of a hello that is announced with 64 KiB.
                client.send(HexFormat.of().parseHex("16030100040100fff0"));
                client.expectBytes(alert(50));
            }
            awaitFailure(proxy, "tls.hello_refused");
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-07", outcome = "read, however many records it comes in, up to 1,028")
    @Test
    void tls_07_readsAHelloInRecordsOfOneByte() {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RawClient.connect(proxy.port())) {
                byte[] hello = hello(2, "c013"); // of TLS 1.1, so that the answer is an alert that shows it was read
                ByteBuffer records = ByteBuffer.allocate(6 * (hello.length - 5));
                for (int i = 5; i < hello.length; i++) {
                    records.put(new byte[] {HANDSHAKE, 3, 1, 0, 1, hello[i]});
                }
                client.sendByteByByte(records.array());
                client.expectBytes(alert(70));
            }
            awaitFailure(proxy, "tls.version_mismatch");
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "closed after 1,000 records without data in ten seconds")
    @Test
    void tls_08_closesOnFloodsOfKeyUpdates() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (TlsPeer peer = connect(proxy, "TLSv1.3").handshake()) {
                for (int i = 0; i < 1000; i++) {
                    peer.updateKeys();
                }
                peer.send(Wire.bytes(GET));
                assertTrue(text(peer.receive(12)).startsWith("HTTP/1.1 200"));
                peer.updateKeys();
                peer.receiveAll();
            }
            awaitFailure(proxy, "tls.record_flood");
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "closed after 1,000 records without data in ten seconds")
    @ParameterizedTest
    @CsvSource({"23, ''", "21, 015a", "21, 0164"}) // empty data; user_canceled and no_renegotiation as warnings
    void tls_08_closesOnFloodsOfEmptyRecordsAndWarnings(int type, String content) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(content);
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RecordClient.connect(proxy.port()).greet().finish()) {
                client.send(client.records(1000, type, bytes));
                client.send(client.record(RecordClient.APPLICATION_DATA, Wire.bytes(GET)));
                assertTrue(client.receive().startsWith("HTTP/1.1 200"));
                client.send(client.record(type, bytes));
                assertEquals("", client.receive());
            }
            awaitFailure(proxy, "tls.record_flood");
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "in the handshake after 2,028 records in all")
    @ParameterizedTest
    @CsvSource({"21, 015a, 015a", "22, 10007fff, 00"}) // user_canceled; a long message in pieces of one byte
    void tls_08_closesOnFloodsInTheHandshake(int type, String first, String next) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RecordClient.connect(proxy.port()).greet()) { // in one record
                client.send(client.record(type, HexFormat.of().parseHex(first)));
                client.send(client.records(2026, type, HexFormat.of().parseHex(next)));
                proxy.awaitRead(client.sentBytes());
                assertEquals(0, tlsOf(proxy).failures().getOrDefault("tls.record_flood", 0L));
                client.send(client.record(type, HexFormat.of().parseHex(next)));
                assertEquals("", client.receive());
            }
            awaitFailure(proxy, "tls.record_flood");
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "warnings up to there keep no handshake from its end")
    @Test
    void tls_08_countsTheOpenConnectionAnew() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RecordClient.connect(proxy.port()).greet()) {
                byte[] warning = {1, 90};
                client.send(client.records(2020, RecordClient.ALERT, warning));
                client.finish();
                client.send(client.records(1000, RecordClient.ALERT, warning));
                client.send(client.record(RecordClient.APPLICATION_DATA, Wire.bytes(GET)));
                assertTrue(client.receive().startsWith("HTTP/1.1 200"));
            }
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "the first empty record in the handshake is the last")
    @ParameterizedTest
    @CsvSource({
        "22, false, tls.hello_refused",
        "23, false, tls.hello_refused",
        "21, false, tls.hello_refused",
        "20, false, tls.hello_refused",
        "22, true, tls.protocol_error",
        "23, true, tls.protocol_error",
        "21, true, tls.protocol_error",
        "20, true, tls.protocol_error",
    })
    void tls_08_refusesEmptyRecordsInTheHandshake(int type, boolean isGreeted, String failure) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RecordClient.connect(proxy.port())) {
                if (isGreeted) client.greet();
                client.send(client.record(type, new byte[0]));
                assertEquals("", client.receive());
            }
            awaitFailure(proxy, failure);
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-08", outcome = "a byte in a record of its own is data, and counts as such")
    @Test
    void tls_08_takesDataInRecordsOfOneByte() throws IOException {
        int count = 5000;
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RecordClient.connect(proxy.port()).greet().finish()) {
                String head = "POST / HTTP/1.1␍␊Host: " + NAME + "␍␊Content-Length: " + count + "␍␊␍␊";
                client.send(client.record(RecordClient.APPLICATION_DATA, Wire.bytes(head)));
                client.send(client.records(count, RecordClient.APPLICATION_DATA, new byte[] {'x'}));
                assertTrue(client.receive().startsWith("HTTP/1.1 200"));
            }
            assertEquals(0, tlsOf(proxy).failures().getOrDefault("tls.record_flood", 0L));
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-10", outcome = "protocol_version, handshake_failure or inappropriate_fallback")
    @ParameterizedTest
    @CsvSource({
        "TLS 1.0, 1, c013, 70, tls.version_mismatch",
        "TLS 1.1, 2, c013, 70, tls.version_mismatch",
        "RC4 3DES and CBC, 3, 0005000a002fc013, 40, tls.cipher_mismatch",
        "no forward secrecy, 3, 009c009d, 40, tls.cipher_mismatch",
        "needless fallback, 3, c02b5600, 86, tls.downgrade",
    })
    void tls_10_refusesWhatIsWeak(String what, int minor, String suites, int alert, String failure) {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RawClient.connect(proxy.port())) {
                client.send(hello(minor, suites)).expectBytes(alert(alert));
                client.expectEnd();
            }
            awaitFailure(proxy, failure);
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "TLS-10", outcome = "protocol_version")
    @Test
    void tls_10_refusesSslV2() {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (var client = RawClient.connect(proxy.port())) {
                client.send(HexFormat.of().parseHex("802e0100020015000000100100800300800700c0"))
                        .expectBytes(alert(70));
            }
            awaitFailure(proxy, "tls.sslv2");
            assertServes(proxy);
        }
    }

    @ThreatRow(
            value = "TLS-11",
            outcome = "a request cut off without close_notify is given up, and its content never taken for whole")
    @Test
    void tls_11_givesUpARequestThatIsCutOff() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (TlsPeer peer = connect(proxy, "TLSv1.3").handshake()) {
                peer.send(Wire.bytes("POST / HTTP/1.1␍␊Host: " + NAME + "␍␊Content-Length: 10␍␊␍␊half"));
                peer.shutdownOutput();
                awaitFailure(proxy, "tls.truncated");
            }
            proxy.awaitBuffersReturned();
            assertServes(proxy);
        }
    }

    @ThreatRow(
            value = "TLS-13",
            outcome = "no_application_protocol when nothing is shared; HTTP/1.1 when nothing is offered")
    @ParameterizedTest
    @CsvSource({
        "h2, h2",
        "spdy/3, ",
        "h2 http/1.1, h2",
        "http/1.1 h2, h2",
        "spdy/3 http/1.1, http/1.1",
        "'', http/1.1",
    })
    void tls_13_negotiatesTheApplicationProtocol(String offer, @Nullable String spoken) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, "")) {
            try (TlsPeer peer = connect(proxy, "TLSv1.3")) {
                SSLParameters parameters = peer.engine().getSSLParameters();
                parameters.setApplicationProtocols(offer.isEmpty() ? new String[0] : offer.split(" ", -1));
                peer.engine().setSSLParameters(parameters);
                if ("h2".equals(spoken)) {
                    peer.handshake().send(Wire.join(Frames.preface(), Frames.settings(), Frames.get(1, "/")));
                    assertEquals(Frames.SETTINGS, peer.receive(9)[3]);
                } else if (spoken != null) {
                    peer.handshake().send(Wire.bytes(GET));
                    assertTrue(text(peer.receive(12)).startsWith("HTTP/1.1 200"));
                } else {
                    SSLException refusal = assertThrows(SSLException.class, peer::handshake);
                    assertTrue(
                            String.valueOf(refusal.getMessage()).contains("no_application_protocol"),
                            refusal.getMessage());
                    awaitFailure(proxy, "tls.protocol_mismatch");
                }
            }
            assertServes(proxy);
        }
    }

    @ThreatRow(value = "H1-37", outcome = "a ClientHello on a plain port gets 400")
    @Test
    void h1_37_answersTlsOnAPlainPort() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start()) {
            try (var client = proxy.connect()) {
                client.send(hello(3, "c02b")).expectStatus(400);
                client.expectClosed();
            }
            assertArrayEquals(new Object[0], origin.requests().toArray());
        }
    }

    // ---- aids

    private ProxyHarness start(ScriptedOrigin origin, String listenerKey) {
        ProxySetup setup = ProxySetup.before(origin).listener(tls());
        return listenerKey.isEmpty()
                ? setup.start()
                : setup.listener(listenerKey).start();
    }

    private String tls() {
        return "tls: {certificates: [{chain: %s, key: %s}]}".formatted(files().chain(), files().key());
    }

    private static TlsPeer connect(ProxyHarness proxy, String version) throws IOException {
        return TlsPeer.connect(TestCertificates.clientContext(), proxy.port(), NAME, version);
    }

    private static void awaitFailure(ProxyHarness proxy, String token) {
        Await.until(token, () -> tlsOf(proxy).failures().get(token) == 1);
    }

    private static void assertServes(ProxyHarness proxy) {
        try (var client = SecureClient.connect(proxy.port(), NAME)) {
            String answer = client.send(GET).receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
        proxy.awaitBuffersReturned();
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A fatal alert in plain text. */
    private static String alert(int description) {
        return Wire.script(new byte[] {21, 3, 3, 0, 2, 2, (byte) description});
    }

    /** A hello without extensions, of TLS 1.{@code minor - 1}, with these cipher suites. */
    private static byte[] hello(int minor, String suites) {
        byte[] codes = HexFormat.of().parseHex(suites);
        int length = 2 + 32 + 1 + 2 + codes.length + 2;
        ByteBuffer bytes = ByteBuffer.allocate(5 + 4 + length);
        bytes.put((byte) HANDSHAKE).put((byte) 3).put((byte) 1).putShort((short) (4 + length));
        bytes.put((byte) CLIENT_HELLO).put((byte) 0).putShort((short) length);
        bytes.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
        bytes.putShort((short) codes.length).put(codes).put((byte) 1).put((byte) 0);
        return bytes.array();
    }

    /** Written to the test's folder. */
    private TestCertificates files() {
        return TestCertificates.in(folder);
    }
}
