package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestAuthority;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.TestClient;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ScriptedOrigin;
import dev.headgate.testkit.peer.TlsPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that show certificates, or none, to a listener that asks for them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClientCertificateIT {
    private static final String OPEN = TestCertificates.NAME;
    private static final String ADMIN = "a." + TestCertificates.NAME;

    @TempDir
    Path folder;

    private final ClientKinds kinds = new ClientKinds();

    @BeforeEach
    void writeFiles() {
        TestCertificates.in(folder);
        kinds.writeTo(folder);
    }

    @ParameterizedTest
    @CsvSource({
        // mode, certificate, what comes of it, alert in TLS 1.3, alert in TLS 1.2
        "require, good, SUCCESS, , ",
        "require, none, tls.certificate_missing, certificate_required, handshake_failure",
        "require, stranger, tls.certificate_untrusted, certificate_unknown, certificate_unknown",
        "require, expired, tls.certificate_expired, certificate_unknown, certificate_unknown",
        "require, revoked, tls.certificate_revoked, certificate_unknown, certificate_unknown",
        "require, serverOnly, tls.certificate_invalid, certificate_unknown, certificate_unknown",
        "optional, good, SUCCESS, , ",
        "optional, none, NONE, , ",
        "optional, stranger, tls.certificate_untrusted, certificate_unknown, certificate_unknown",
        "optional, expired, tls.certificate_expired, certificate_unknown, certificate_unknown",
        "optional, revoked, tls.certificate_revoked, certificate_unknown, certificate_unknown",
        "optional, serverOnly, tls.certificate_invalid, certificate_unknown, certificate_unknown",
        "request, good, SUCCESS, , ",
        "request, none, NONE, , ",
        "request, stranger, FAILED:untrusted, , ",
        "request, expired, FAILED:expired, , ",
        "request, revoked, FAILED:revoked, , ",
        "request, serverOnly, FAILED:invalid, , ",
    })
    void judgesEachKindOfCertificateInEachMode(String mode, String kind, String outcome, String alert13, String alert12)
            throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: " + mode + ", forward: verify, " + kinds.files() + "}", "")
                        .start()) {
            for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
                SSLContext context = kinds.context(kind);
                for (int i = 0; i < 2; i++) { // The second time a session is resumed, where there is one.
                    if (outcome.startsWith("tls.")) {
                        String alert = version.equals("TLSv1.3") ? alert13 : alert12;
                        assertRefused(context, proxy.port(), OPEN, version, alert);
                    } else {
                        assertServed(context, proxy.port(), OPEN, version);
                        assertEquals(outcome, verifyField(origin));
                    }
                }
                if (outcome.startsWith("tls.")) {
                    long expected = version.equals("TLSv1.3") ? 2 : 4;
                    Await.until("the failures are counted", () -> failures(proxy, outcome) == expected);
                } else {
                    assertEquals(1, tlsOf(proxy).resumed().get(version), version);
                }
            }
        }
    }

    @Test
    void requestWithoutAuthoritiesVerifiesNobody() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy =
                        before(origin, "{mode: request, forward: verify}", "").start()) {
            assertServed(kinds.good.context(), proxy.port(), OPEN, "TLSv1.3");
            assertEquals("FAILED:untrusted", verifyField(origin));
        }
    }

    @Test
    void takesAChainThatTheClientSends() throws IOException {
        TestClient below =
                kinds.authority.intermediate("Department").client("CN=deep").issue();
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: require, ca: " + folder.resolve("ca.pem") + "}", "")
                        .start()) {
            assertServed(below.context(), proxy.port(), OPEN, "TLSv1.3");
            assertServed(below.context(), proxy.port(), OPEN, "TLSv1.2");
        }
    }

    @ThreatRow(value = "TLS-07", outcome = "a client's chain of nine certificates or of 32 KiB: the handshake fails")
    @ParameterizedTest
    @CsvSource({"TLSv1.3, 9, 0", "TLSv1.2, 9, 0", "TLSv1.3, 1, 40000", "TLSv1.2, 1, 40000"})
    void tls_07_refusesLongChainsOfClients(String version, int length, int padding) {
        TestAuthority authority = kinds.authority;
        for (int i = 1; i < length; i++) authority = authority.intermediate("Level " + i);
        TestClient client = authority.client("CN=long").padded(padding).issue();
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: request}", "").start()) {
            assertThrows(IOException.class, () -> exchange(client.context(), proxy.port(), OPEN, version, OPEN));
            Await.until(
                    "the failure is counted",
                    () -> tlsOf(proxy).failures().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            == 1);
            assertEquals(0, origin.requests().size());
        }
    }

    // ---- names and policies

    @ThreatRow(
            value = "TLS-03",
            outcome =
                    "a session belongs to its policy on client certificates: resumed at a name of another, it is a whole"
                            + " handshake, with the certificate that this one wants")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tls_03_resumesNoSessionUnderAnotherPolicy(String version) throws IOException {
        Assumptions.assumeTrue(OpenSslClient.isThere());
        Path session = folder.resolve("session");
        Path own = kinds.write("own.pem", kinds.good.pem());
        String alert = version.equals("TLSv1.3") ? "alert number 116" : "alert number 40";
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: off}", requireAtAdmin()).start()) {
            assertPrints(client(proxy, version).with("-sess_out", session).get(OPEN), "New, TLSv", "HTTP/1.1 200 ");
            assertPrints(client(proxy, version).with("-sess_in", session).get(OPEN), "Reused, TLSv", "HTTP/1.1 200 ");
            String refused = client(proxy, version).with("-sess_in", session).get(ADMIN);
            assertPrints(refused, alert);
            assertTrue(!refused.contains("HTTP/1.1 200"), refused);
            Await.until("it is counted", () -> failures(proxy, "tls.certificate_missing") == 1);
            String verified = client(proxy, version)
                    .with("-sess_in", session)
                    .with("-cert", own)
                    .with("-key", own)
                    .get(ADMIN);
            assertPrints(verified, "New, TLSv", "HTTP/1.1 200 ");
            assertEquals(3, origin.requests().size());
            assertEquals(1, tlsOf(proxy).resumed().get(version));
        }
    }

    private static OpenSslClient client(ProxyHarness proxy, String version) {
        return new OpenSslClient(proxy.port(), version);
    }

    private static void assertPrints(String printed, String... expected) {
        for (String text : expected) assertTrue(printed.contains(text), printed);
    }

    @ThreatRow(value = "TLS-02", outcome = "a resumed session is judged again by the policy of its name")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tls_02_refusesASessionWhoseCertificateHasRunOut(String version) throws IOException {
        SteeredIo io = new SteeredIo();
        Duration hour = Duration.ofHours(1);
        TestClient brief = kinds.authority
                .client("CN=brief")
                .valid(ClientKinds.NOW.minus(hour), ClientKinds.NOW.plus(hour))
                .issue();
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: require, ca: " + folder.resolve("ca.pem") + "}", "")
                        .start(io)) {
            SSLContext context = brief.context();
            assertServed(context, proxy.port(), OPEN, version);
            assertServed(context, proxy.port(), OPEN, version);
            assertEquals(1, tlsOf(proxy).resumed().get(version));
            io.jumpWallClock(Duration.ofHours(2));
            assertThrows(IOException.class, () -> exchange(context, proxy.port(), OPEN, version, OPEN));
            Await.until("it is counted", () -> failures(proxy, "tls.certificate_expired") == 1);
            assertEquals(2, origin.requests().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // listener, exact name, wildcard, asked for, certificate, served
        "off, require, off, a.example.test, none, false",
        "off, require, off, a.example.test, good, true",
        "off, require, off, b.example.test, none, true",
        "require, off, require, a.example.test, none, true",
        "require, off, require, b.example.test, none, false",
        "require, off, require, example.test, none, false",
        "off, off, require, a.example.test, none, true",
        "off, off, require, b.example.test, none, false",
        "off, off, require, example.test, none, true",
        "optional, require, off, example.test, none, true",
        "optional, require, off, example.test, stranger, false",
    })
    void anExactNameCountsBeforeAWildcard(
            String usual, String exact, String wildcard, String asked, String kind, boolean isServed)
            throws IOException {
        String names = "[{name: \"*.example.test\", clientAuth: %s}, {name: a.example.test, clientAuth: %s}]"
                .formatted(auth(wildcard), auth(exact));
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, auth(usual), names).start()) {
            if (isServed) {
                assertServed(kinds.context(kind), proxy.port(), asked, "TLSv1.3");
            } else {
                assertThrows(
                        IOException.class, () -> exchange(kinds.context(kind), proxy.port(), asked, "TLSv1.3", asked));
            }
        }
    }

    @ThreatRow(
            value = "TLS-04",
            outcome = "a host with another policy on client certificates: 421, whatever else is set")
    @ParameterizedTest
    @CsvSource({
        // sniHost, asked for, Host, status
        "strict, example.test, example.test, 200",
        "strict, example.test, a.example.test, 421",
        "strict, example.test, A.EXAMPLE.test:443, 421",
        "strict, example.test, a.example.test., 421",
        "strict, example.test, b.example.test, 200",
        "strict, a.example.test, a.example.test, 200",
        "strict, a.example.test, example.test, 421",
        "strict, a.example.test, c.example.test, 200",
        "strict, c.example.test, a.example.test, 200",
        "strict, -, a.example.test, 421",
        "strict, -, example.test, 200",
        "any, example.test, a.example.test, 421",
        "any, example.test, b.example.test, 200",
        "any, example.test, elsewhere.test, 200",
        "any, a.example.test, example.test, 421",
        "any, a.example.test, elsewhere.test, 421",
        "any, a.example.test, 192.0.2.1, 421",
        "any, -, a.example.test, 421",
        "any, -, elsewhere.test, 200",
        "any, a.example.test, none, 421",
        "any, example.test, none, 200",
    })
    void tls_04_servesNoHostOfAnotherPolicy(String sniHost, String asked, String host, int status) throws IOException {
        String names = "[{name: a.example.test, clientAuth: %s}, {name: c.example.test, clientAuth: %s}]"
                .formatted(auth("require"), auth("require"));
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener(tls("{mode: off}", names + ", sniHost: " + sniHost))
                        .start();
                var client = asked.equals("-")
                        ? SecureClient.connect(kinds.good.context(), proxy.port(), "127.0.0.1")
                        : SecureClient.connect(kinds.good.context(), proxy.port(), asked)) {
            String request = host.equals("none") ? "GET / HTTP/1.0␍␊␍␊" : "GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊";
            String answer = client.send(request).receive();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertEquals(status == 200 ? 1 : 0, origin.requests().size());
        }
    }

    // ---- changes of files

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void forgetsSessionsWhenAListChanges(String version) throws IOException {
        String settings = "{mode: require, " + kinds.files() + "}";
        try (var origin = ScriptedOrigin.start();
                var proxy = watching(origin, settings).start()) {
            SSLContext context = kinds.good.context();
            assertServed(context, proxy.port(), OPEN, version);
            assertServed(context, proxy.port(), OPEN, version);
            assertEquals(1, tlsOf(proxy).resumed().get(version));
            kinds.write(
                    "list.pem",
                    kinds.authority.revocations(ClientKinds.NOW.plus(ClientKinds.DAY), kinds.good.certificate()));
            Await.until("the list is used", () -> tlsOf(proxy).authorityChanges() == 1);
            assertRefused(context, proxy.port(), OPEN, version, "certificate_unknown");
            assertEquals(1, tlsOf(proxy).resumed().get(version));
            Await.until("it is counted", () -> failures(proxy, "tls.certificate_revoked") == 1);
            assertServed(kinds.revoked.context(), proxy.port(), OPEN, version);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aHandshakeThatIsUnderWayEndsByTheNewList(String version) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = watching(origin, "{mode: require, " + kinds.files() + "}")
                        .start();
                var client = TlsPeer.connect(kinds.good.context(), proxy.port(), OPEN, version)
                        .handshakeHalfway()) {
            kinds.write(
                    "list.pem",
                    kinds.authority.revocations(ClientKinds.NOW.plus(ClientKinds.DAY), kinds.good.certificate()));
            Await.until("the list is used", () -> tlsOf(proxy).authorityChanges() == 1);
            assertThrows(IOException.class, () -> client.inFlights().handshake().receiveAll());
            Await.until("it is counted", () -> failures(proxy, "tls.certificate_revoked") == 1);
        }
    }

    @Test
    void followsAuthoritiesBehindALinkAndKeepsTheOldWhenTheNewAreOfNoUse() throws IOException {
        TestAuthority other = TestAuthority.root("Others");
        Path first = Files.createDirectory(folder.resolve("v1"));
        Path second = Files.createDirectory(folder.resolve("v2"));
        Files.writeString(first.resolve("ca.pem"), kinds.authority.pem());
        Files.writeString(second.resolve("ca.pem"), other.pem());
        Path link = Files.createSymbolicLink(folder.resolve("live"), first);
        TestClient others = other.client("CN=other").issue();
        try (var origin = ScriptedOrigin.start();
                var proxy = watching(origin, "{mode: require, ca: " + link.resolve("ca.pem") + "}")
                        .start()) {
            assertServed(kinds.good.context(), proxy.port(), OPEN, "TLSv1.3");
            assertRefused(others.context(), proxy.port(), OPEN, "TLSv1.3", "certificate_unknown");
            Path next = Files.createSymbolicLink(folder.resolve("next"), second);
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Await.until("the others are believed", () -> tlsOf(proxy).authorityChanges() == 1);
            assertServed(others.context(), proxy.port(), OPEN, "TLSv1.3");
            assertRefused(kinds.good.context(), proxy.port(), OPEN, "TLSv1.3", "certificate_unknown");
            Files.writeString(
                    second.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
            Await.until("it is noticed", () -> tlsOf(proxy).authorityFailures() == 1);
            Await.until(
                    "the alarm",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line ->
                                    line.contains("event=client_authorities_unusable") && line.contains("ca.pem:1")));
            assertServed(others.context(), proxy.port(), OPEN, "TLSv1.3");
        }
    }

    @Test
    void sessionsOutliveAChangeOfCertificatesOfAnotherPolicy() throws IOException {
        String names = "[{name: a.example.test, clientAuth: {mode: require, ca: %s}}]"
                .formatted(kinds.write("other.pem", TestAuthority.root("Others").pem()));
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener(tls("{mode: require, " + kinds.files() + "}", names + ", watch: 5ms"))
                        .start()) {
            SSLContext context = kinds.good.context();
            assertServed(context, proxy.port(), OPEN, "TLSv1.3");
            kinds.write("other.pem", TestAuthority.root("Third").pem());
            Await.until("the change is seen", () -> tlsOf(proxy).authorityChanges() == 1);
            assertServed(context, proxy.port(), OPEN, "TLSv1.3");
            assertEquals(1, tlsOf(proxy).resumed().get("TLSv1.3"));
        }
    }

    // ---- aids

    private String auth(String mode) {
        return mode.equals("off") ? "{mode: off}" : "{mode: " + mode + ", " + kinds.files() + "}";
    }

    private String requireAtAdmin() {
        return "[{name: " + ADMIN + ", clientAuth: " + auth("require") + "}]";
    }

    private String tls(String clientAuth, String names) {
        String more = names.isEmpty() ? "" : ", names: " + names;
        return "tls: {certificates: [{chain: %s, key: %s}], clientAuth: %s%s}"
                .formatted(folder.resolve("chain.pem"), folder.resolve("key.pem"), clientAuth, more);
    }

    private ProxySetup before(ScriptedOrigin origin, String clientAuth, String names) {
        return ProxySetup.before(origin).listener(tls(clientAuth, names));
    }

    private ProxySetup watching(ScriptedOrigin origin, String clientAuth) {
        return ProxySetup.before(origin).listener(tls(clientAuth, "[], watch: 5ms"));
    }

    private static void assertServed(SSLContext context, int port, String name, String version) throws IOException {
        assertEquals(200, exchange(context, port, name, version, name));
    }

    private static void assertRefused(SSLContext context, int port, String name, String version, String alert) {
        assertAlert(assertThrows(IOException.class, () -> awaitEnd(context, port, name, version)), alert);
    }

    private static void assertAlert(IOException failure, String alert) {
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.endsWith("fatal alert: " + alert), message);
    }

    private static int exchange(SSLContext context, int port, String name, String version, String host)
            throws IOException {
        try (TlsPeer client = TlsPeer.connect(context, port, name, version)) {
            client.handshake();
            client.send(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = client.receiveAll();
            if (answer.length == 0) {
                throw new IOException("closed without an answer");
            }
            return Integer.parseInt(new String(answer, 9, 3, StandardCharsets.US_ASCII));
        }
    }

    /** Does a handshake that the server may refuse only behind its end, as in TLS 1.3, and waits for that. */
    private static void awaitEnd(SSLContext context, int port, String name, String version) throws IOException {
        try (TlsPeer client = TlsPeer.connect(context, port, name, version)) {
            client.inFlights().handshake().receiveAll();
        }
    }

    private static String verifyField(ScriptedOrigin origin) {
        return origin.lastRequest().fields().value("x-ssl-client-verify");
    }

    private static long failures(ProxyHarness proxy, String token) {
        return Objects.requireNonNull(tlsOf(proxy).failures().get(token));
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }
}
