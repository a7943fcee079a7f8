package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SecureClient;
import dev.headgate.e2e.SecureOrigin;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.e2e.TrustAll;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ProxyHeaderReader;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS that goes through as it came, beside TLS that ends here. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PassThroughIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊";
    private static final String UNRECOGNIZED_NAME = "15 03 03 00 02 02 70";

    @TempDir
    Path folder;

    /** The client's session is with the origin, whose certificate it sees. */
    @Test
    void letsClientAndOriginSpeakTlsWithEachOther() throws Exception {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = passing("{serverName: " + NAME + ", to: app}", origin.address())
                        .start();
                var client = SecureClient.connect(TrustAll.context(), proxy.port(), NAME)) {
            String answer = client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello")
                    .receive();
            assertTrue(answer.endsWith("hello"), answer);
            var shown = (X509Certificate) client.socket().getSession().getPeerCertificates()[0];
            assertTrue(shown.getIssuerX500Principal().equals(originIssuer()), shown.toString());
            assertEquals(NAME, origin.handshakes().getFirst().serverName());
            assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
            assertEquals(0, handshakes(proxy));
        }
    }

    /** The name is in the client's own hello; of its TLS with the origin there is nothing to be told. */
    @Test
    void tellsTheOriginWhoseConnectionItIs() throws Exception {
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        try (var origin = TcpOrigin.start();
                var proxy = passing("{serverName: " + NAME + ", to: app}", origin.address())
                        .upstream("proxyProtocol: v2")
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(hello);
                var server = origin.accept()) {
            var told = ProxyHeaderReader.read(server.input());
            assertEquals("127.0.0.1 " + client.socket().getLocalPort(), told.source());
            assertEquals(NAME, told.text(0x02));
            assertEquals(1, told.more().size());
            server.expect(hello);
        }
    }

    private static X500Principal originIssuer() throws Exception {
        try (var in = SecureOrigin.class.getResourceAsStream("origin/origin.crt")) {
            return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getIssuerX500Principal();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // name and protocols that the client sends, which rule takes it
        "db.example.com, , db",
        "DB.example.COM, , db",
        "other.example.com, , none",
        "a.x.example.com, , wild",
        "a.b.x.example.com, , wild",
        "x.example.com, , none",
        "mail.test, imap, mail",
        "mail.test, http/1.1 imap, mail",
        "mail.test, http/1.1, none",
        "mail.test, , none",
        "late.example.org, , many",
        "early.example.org, , many",
        ", coap, coap",
        ", , none",
    })
    void choosesByNameAndProtocol(String name, String protocols, String expected) {
        String rules = "[{serverName: db.example.com, to: db}, {serverName: \"*.x.example.com\", to: wild},"
                + " {serverName: mail.test, alpn: imap, to: mail},"
                + " {serverName: [early.example.org, late.example.org], to: many}, {alpn: coap, to: coap}]";
        byte[] hello = Hellos.of(name == null ? "" : name, protocols == null ? "" : protocols, 0x0303);
        try (var origin = TcpOrigin.start();
                var proxy = ProxyHarness.start(yamlOf(rules, origin.address(), "db", "wild", "mail", "many", "coap"));
                var client = TcpPeer.connect(proxy.port()).send(hello)) {
            if (expected.equals("none")) {
                assertArrayEquals(Hellos.bytes(UNRECOGNIZED_NAME), client.receive(7));
                client.expectEnd();
                assertEquals(1, failures(proxy, "tls.name_unknown"));
                return;
            }
            try (var server = origin.accept()) {
                assertArrayEquals(hello, server.receive(hello.length));
            }
            Await.until(
                    "counted",
                    () -> Objects.requireNonNull(proxy.metrics().upstreams().get(expected))
                                    .tunnels()
                                    .orElseThrow()
                                    .opened()
                            == 1);
        }
    }

    private static String yamlOf(String rules, String address, String... upstreams) {
        StringBuilder yaml = new StringBuilder(
                "version: 1\nloops: 1\n" + "listeners: [{name: web, address: \"127.0.0.1:0\", tls: {passthrough: "
                        + rules + "}}]\nupstreams:\n");
        for (String upstream : upstreams) {
            yaml.append("  ")
                    .append(upstream)
                    .append(": {endpoints: \"")
                    .append(address)
                    .append("\"}\n");
        }
        return yaml + "log: {access: off}\n";
    }

    @ParameterizedTest
    @CsvSource({"0x0301", "0x0302", "0x0303", "0x7f1c"})
    void leavesVersionsToTheOrigin(String version) {
        byte[] hello = Hellos.of(NAME, "", Integer.decode(version));
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(hello);
                var server = origin.accept()) {
            assertArrayEquals(hello, server.receive(hello.length));
            server.send("whatever");
            client.expect("whatever");
        }
    }

    @Test
    void handsOnWhatComesBehindTheHello() {
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        byte[] both = ByteBuffer.allocate(hello.length + 5000).put(hello).array();
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(both);
                var server = origin.accept()) {
            assertArrayEquals(both, server.receive(both.length));
            client.halfClose();
            server.expectEnd();
        }
    }

    @Test
    void handsOnAHelloInRecordsOfOneByte() {
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        ByteBuffer records = ByteBuffer.allocate(6 * (hello.length - 5));
        for (int i = 5; i < hello.length; i++) {
            records.put(new byte[] {22, 3, 1, 0, 1, hello[i]});
        }
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address()).start();
                var client = RawClient.connect(proxy.port())) {
            client.sendByteByByte(records.array());
            try (var server = origin.accept()) {
                assertArrayEquals(records.array(), server.receive(records.capacity()));
            }
        }
    }

    @ThreatRow(value = "TLS-07", outcome = "16 KiB are passed through, and one byte more gets an alert")
    @Test
    void tls_07_passesHellosUpToTheLimit() {
        byte[] largest = Hellos.ofLength(16 * 1024);
        byte[] tooLarge = Hellos.ofLength(16 * 1024 + 1);
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address()).start()) {
            try (var client = TcpPeer.connect(proxy.port()).send(largest);
                    var server = origin.accept()) {
                assertArrayEquals(largest, server.receive(largest.length));
                server.send("answer");
                client.expect("answer");
            }
            try (var client = TcpPeer.connect(proxy.port()).send(Arrays.copyOf(tooLarge, 100))) {
                assertArrayEquals(Hellos.bytes("15 03 03 00 02 02 32"), client.receive(7));
            }
            assertEquals(1, origin.connections());
            assertEquals(1, failures(proxy, "tls.hello_refused"));
        }
    }

    @Test
    void keepsTheHelloUntilAnEndpointIsThere() {
        var io = new SteeredIo().frozen();
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        try (var silent = Blackhole.open();
                var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(silent.address(), origin.address())
                        .overHttp()
                        .listener("tls: {passthrough: {to: app}}")
                        .upstream("balance: round-robin")
                        .start(io);
                var client = TcpPeer.connect(proxy.port()).send(hello)) {
            proxy.awaitRead(hello.length);
            io.pass(Duration.ofSeconds(4));
            try (var server = origin.accept()) {
                assertArrayEquals(hello, server.receive(hello.length));
                client.send("more");
                server.expect("more");
            }
        }
    }

    @Test
    void endsOtherNamesOfTheSamePortHere() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        try (var origin = ScriptedOrigin.start();
                var passed = TcpOrigin.start();
                var proxy = ProxyHarness.start(
                        """
                        version: 1
                        loops: 1
                        listeners:
                          - name: web
                            address: "127.0.0.1:0"
                            tls:
                              certificates: {chain: %s, key: %s}
                              passthrough: {serverName: db.example.com, to: db}
                        upstreams: {app: {endpoints: "%s"}, db: {endpoints: "%s"}}
                        routes: [{to: app}]
                        log: {access: off}
                        """.formatted(files.chain(), files.key(), origin.address(), passed.address()))) {
            byte[] hello = Hellos.of("db.example.com", "", 0x0303);
            for (int i = 0; i < 3; i++) {
                try (var client = TcpPeer.connect(proxy.port()).send(hello);
                        var server = passed.accept()) {
                    assertArrayEquals(hello, server.receive(hello.length));
                    server.send("answer");
                    client.expect("answer");
                }
                try (var client = SecureClient.connect(proxy.port(), NAME)) {
                    assertTrue(client.send(GET).receive().startsWith("HTTP/1.1 200 "));
                }
                try (var client = SecureClient.connect(proxy.port(), "unknown.test")) {
                    assertThrows(SSLException.class, () -> client.socket().startHandshake());
                }
                try (var client = RawClient.connect(proxy.port())) {
                    client.send(GET).expectStatus(400);
                    client.expectClosed();
                }
            }
            assertEquals(3, handshakes(proxy));
            Await.until("all are gone", () -> proxy.openConnections() == 0);
            MetricsSnapshot.Listener web = proxy.metrics().listeners().get("web");
            assertEquals(12, Objects.requireNonNull(web).connectionsOpened());
            assertEquals(3, TunnelSetup.tunnelsOf(proxy).opened());
        }
    }

    @Test
    void answersPlainHttpOnceAlsoWithoutCertificates() {
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address()).start();
                var client = RawClient.connect(proxy.port())) {
            client.send(GET).expectStatus(400);
            client.expectClosed();
            assertEquals(0, origin.connections());
        }
    }

    /** A connection that is passed through counts as one of its client's prefix, from accept to end. */
    @Test
    void keepsToTheConnectionsOfOnePrefix() {
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        try (var origin = TcpOrigin.start();
                var proxy = passing("{to: app}", origin.address())
                        .top("limits: {connectionsPerPrefix: 1}")
                        .start()) {
            try (var first = TcpPeer.connect(proxy.port()).send(hello);
                    var server = origin.accept()) {
                server.receive(hello.length);
                server.send("answer");
                first.expect("answer");
                try (var second = TcpPeer.connect(proxy.port())) {
                    second.expectEnd();
                }
            }
            TunnelSetup.awaitNothingLeft(proxy);
            try (var third = TcpPeer.connect(proxy.port()).send(hello);
                    var server = origin.accept()) {
                assertArrayEquals(hello, server.receive(hello.length));
                server.send("answer");
                third.expect("answer");
            }
        }
    }

    @Test
    void writesOneRecordToTheAccessLog() throws IOException {
        Path log = folder.resolve("access.log");
        byte[] hello = Hellos.of(NAME, "", 0x0303);
        try (var origin = TcpOrigin.start()) {
            try (var proxy = passing("{serverName: \"*.test\", to: app}", origin.address())
                    .accessLog("{format: json, to: \"" + log + "\"}")
                    .start()) {
                try (var client = TcpPeer.connect(proxy.port()).send(hello);
                        var server = origin.accept()) {
                    server.receive(hello.length);
                    server.send("hello too");
                    client.expect("hello too");
                    server.reset();
                    client.expectReset();
                }
                TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            }
            String record = Files.readString(log, StandardCharsets.UTF_8);
            assertEquals(1, record.lines().count());
            assertTrue(
                    record.contains("\"listener\":\"web\",\"protocol\":\"tls-passthrough\",\"host\":\"" + NAME + "\""),
                    record);
            assertTrue(
                    record.contains(
                            "\"cause\":\"upstream_reset\",\"upstream\":\"app\",\"endpoint\":\"" + origin.address()),
                    record);
            assertTrue(record.contains("\"attempts\":1,\"bytes_in\":" + hello.length + ",\"bytes_out\":9"), record);
        }
    }

    private static TunnelSetup passing(String rule, String address) {
        return TunnelSetup.to(address).overHttp().listener("tls: {passthrough: " + rule + "}");
    }

    private static long failures(ProxyHarness proxy, String token) {
        return tlsOf(proxy).failures().getOrDefault(token, 0L);
    }

    private static long handshakes(ProxyHarness proxy) {
        return tlsOf(proxy).handshakes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }
}
