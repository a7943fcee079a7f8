package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ProxyHeaderReader.Told;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that begin by telling an origin whose they are. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProxyProtocolIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: " + NAME + "␍␊Content-Length: 5␍␊␍␊hello";
    private static final int ALPN = 0x01;
    private static final int AUTHORITY = 0x02;
    private static final int SSL = 0x20;
    private static final int SSL_VERSION = 0x21;
    private static final int SSL_CIPHER = 0x23;

    @TempDir
    Path folder;

    private static ScriptedOrigin origin() {
        return ScriptedOrigin.start().expectingProxyHeader();
    }

    private static String getFor(String client) {
        return "GET / HTTP/1.1␍␊Host: a␍␊X-Forwarded-For: " + client + "␍␊␍␊";
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void originLearnsOfTheClientsConnection(String form) {
        try (var origin = origin();
                var proxy = ProxySetup.before(origin)
                        .upstream("proxyProtocol: " + form)
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Told told = origin.connections().getFirst().told();
            assertEquals(form, told.form());
            assertEquals("TCP4", told.kind());
            assertEquals("127.0.0.1 " + client.localPort(), told.source());
            assertEquals("127.0.0.1 " + proxy.port(), told.destination());
            assertTrue(told.more().isEmpty());
        }
    }

    @Test
    void aConnectionServesOneClientOnly() {
        try (var origin = origin();
                var proxy =
                        ProxySetup.before(origin).upstream("proxyProtocol: v2").start();
                var one = proxy.connect();
                var two = proxy.connect()) {
            for (int round = 0; round < 3; round++) {
                one.send(GET).expectStatus(200);
                two.send(GET).expectStatus(200);
            }
            assertEquals(2, origin.connections().size());
            origin.requests().forEach(request -> {
                boolean isFirst = origin.requests().indexOf(request) % 2 == 0;
                assertEquals(isFirst ? 0 : 1, request.connection());
            });
            assertEquals(
                    "127.0.0.1 " + two.localPort(),
                    origin.connections().get(1).told().source());
        }
    }

    /** Behind a trusted proxy there are many by one connection; their ports are not known. */
    @Test
    void clientsBehindATrustedProxyAreToldApart() {
        try (var origin = origin();
                var proxy = ProxySetup.before(origin)
                        .top("trustedProxies: [127.0.0.0/8]")
                        .upstream("proxyProtocol: v2")
                        .start();
                var front = proxy.connect()) {
            for (int round = 0; round < 2; round++) {
                front.send(getFor("192.0.2.1")).expectStatus(200);
                front.send(getFor("2001:db8::1")).expectStatus(200);
                front.send(GET).expectStatus(200);
            }
            assertEquals(3, origin.connections().size());
            Told first = origin.connections().get(0).told();
            assertEquals("192.0.2.1 0", first.source());
            assertEquals("127.0.0.1 " + proxy.port(), first.destination());
            Told second = origin.connections().get(1).told();
            assertEquals("TCP6", second.kind());
            assertEquals("2001:db8:0:0:0:0:0:1 0", second.source());
            assertEquals("::ffff:7f00:1 " + proxy.port(), second.destination());
            assertEquals(
                    "127.0.0.1 " + front.localPort(),
                    origin.connections().get(2).told().source());
        }
    }

    /** Nobody's word is taken for it but that of trusted proxies. */
    @Test
    void clientThatClaimsToBeAnotherIsToldAsItself() {
        try (var origin = origin();
                var proxy =
                        ProxySetup.before(origin).upstream("proxyProtocol: v1").start();
                var client = proxy.connect()) {
            client.send(getFor("192.0.2.1")).expectStatus(200);
            assertEquals(
                    "127.0.0.1 " + client.localPort(),
                    origin.connections().getFirst().told().source());
        }
    }

    @Test
    void requestsOfOneHttp2ClientShareItsConnections() {
        try (var origin = origin();
                var proxy = ProxySetup.before(origin)
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("proxyProtocol: v2")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.get(1, "/").expectStatus(1, 200);
            client.get(3, "/").expectStatus(3, 200);
            assertEquals(1, origin.connections().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void clientOfAUnixSocketHasNoAddressAndSoHasTheEndpoint(String form) {
        Path outside = folder.resolve("web.sock");
        Path inside = folder.resolve("origin.sock");
        String yaml = """
                version: 1
                loops: 1
                listeners: [{name: web, address: "unix:%s"}, {name: tcp, address: "127.0.0.1:0"}]
                upstreams: {app: {endpoints: ["unix:%s"], proxyProtocol: %s}}
                routes: [{to: app}]
                log: {access: off}
                """.formatted(outside, inside, form);
        try (var origin = ScriptedOrigin.startUnix(inside).expectingProxyHeader();
                var proxy = ProxyHarness.start(yaml);
                var client = RawClient.connectUnix(outside);
                var other = RawClient.connectUnix(outside);
                var remote = RawClient.connect(proxy.port("tcp"))) {
            client.send(GET).expectStatus(200);
            other.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            remote.send(GET).expectStatus(200);
            assertEquals(3, origin.connections().size());
            assertEquals("UNKNOWN", origin.connections().get(0).told().kind());
            assertEquals("UNKNOWN", origin.connections().get(1).told().kind());
            assertEquals(
                    "127.0.0.1 " + remote.localPort(),
                    origin.connections().get(2).told().source());
        }
    }

    @ParameterizedTest
    @CsvSource({"v1, false", "v2, true"})
    void headerGoesAheadOfTls(String form, boolean tellsMore) throws Exception {
        var files = TestCertificates.in(folder);
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt").expectingProxyHeader();
                var proxy = ProxySetup.before(origin.address())
                        .listener("tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key()))
                        .upstream("tls: {verify: off}, proxyProtocol: " + form)
                        .start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            for (int i = 0; i < 2; i++) {
                String answer = client.send(POST).receive();
                assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
            }
            assertEquals(1, origin.told().size());
            Told told = origin.told().getFirst();
            assertEquals("127.0.0.1 " + client.socket().getLocalPort(), told.source());
            assertEquals("127.0.0.1 " + proxy.port(), told.destination());
            assertEquals(tellsMore ? NAME : "", told.text(AUTHORITY));
            assertEquals(tellsMore ? "TLSv1.3" : "", told.text(SSL_VERSION));
            assertEquals(tellsMore ? client.socket().getSession().getCipherSuite() : "", told.text(SSL_CIPHER));
            assertEquals(tellsMore ? "0100000001" : null, told.more().get(SSL));
            assertFalse(told.more().containsKey(ALPN)); // The client has offered none.
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v1, '{path: /healthz, interval: 100ms, rise: 1, fall: 1}', UNKNOWN",
        "v2, '{path: /healthz, interval: 100ms, rise: 1, fall: 1}', LOCAL",
        "v2, '{type: tcp, interval: 100ms, rise: 1, fall: 1}', LOCAL",
    })
    void checksSayThatTheyAreNobodys(String form, String health, String kind) {
        try (var origin = origin();
                var proxy = ProxySetup.before(origin)
                        .upstream("proxyProtocol: " + form)
                        .upstream("health: " + health)
                        .start()) {
            Await.until(
                    "it is told",
                    () -> !origin.connections().isEmpty()
                            && origin.connections().getFirst().isTold());
            assertEquals(kind, origin.connections().getFirst().told().kind());
            proxy.awaitState(origin.address(), EndpointState.UP);
        }
    }

    /** Nothing else is served there, so nothing else is expected. */
    @Test
    void checksOfAnotherPortBeginWithTheirQuestion() {
        try (var origin = origin();
                var other = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .upstream("proxyProtocol: v2")
                        .upstream("health: {path: /healthz, interval: 100ms, port: " + other.port() + "}")
                        .start()) {
            assertEquals("GET /healthz", other.awaitRequest(0).line());
            proxy.awaitState(origin.address(), EndpointState.UP);
        }
    }

    /** What is idle for other clients gives way: nobody else can use it. */
    @Test
    void idleConnectionOfAnotherClientGivesWay() {
        try (var origin = origin();
                var proxy = ProxySetup.before(origin)
                        .upstream("proxyProtocol: v2, pool: {connections: 1}, timeouts: {pending: 1m}")
                        .start();
                var one = proxy.connect();
                var two = proxy.connect()) {
            for (int round = 0; round < 3; round++) {
                one.send(GET).expectStatus(200);
                two.send(GET).expectStatus(200);
            }
            assertEquals(6, origin.connections().size());
            Await.until("one is left", () -> proxy.upstreamPermitsTaken() == 1);
        }
    }

    @Test
    void retriesTellTheSame() {
        try (var bad = origin().otherwise(OriginScript.fixed("HTTP/1.1 503 No␍␊Content-Length: 0␍␊␍␊"));
                var good = origin();
                var proxy = ProxySetup.before(bad, good)
                        .upstream("proxyProtocol: v1, balance: round-robin, retry: {on: [503]}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET).expectStatus(200);
            }
            Told first = bad.connections().getFirst().told();
            assertEquals(first.source(), good.connections().getFirst().told().source());
            assertNotEquals("", first.source());
        }
    }
}
