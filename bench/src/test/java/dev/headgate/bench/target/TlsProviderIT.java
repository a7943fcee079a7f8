package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateStartException;
import dev.headgate.bench.origin.FastOrigin;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.testkit.PeerContexts;
import dev.headgate.tls.context.TlsProviders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another provider of TLS than the JDK: its engine has other habits, all of which JSSE allows. */
@Timeout(60)
class TlsProviderIT {
    private static final String NAME = "Conscrypt";

    @TempDir
    Path folder;

    private FastOrigin origin;
    private SecureProxy proxy;
    private SSLContext client;

    @BeforeEach
    void start() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        proxy = SecureProxy.before(port(origin), folder, Optional.of(NAME));
        client = PeerContexts.trusting(proxy.doors().secure().certificate());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        origin.close();
        assertTrue(origin.awaitTermination(Duration.ofSeconds(10)));
    }

    private static int port(FastOrigin server) {
        return ((InetSocketAddress) server.address()).getPort();
    }

    private SSLSocket connect(String version, String... protocols) throws IOException {
        Socket plain = new Socket(
                InetAddress.getLoopbackAddress(), proxy.doors().secure().port());
        SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(plain, "bench.test", plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols);
        parameters.setServerNames(List.of(new SNIHostName("bench.test")));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket to, String request) throws IOException {
        to.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        to.getOutputStream().flush();
    }

    private static String get(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: bench.test\r\n" + fields + "\r\n";
    }

    private static String all(Socket from) throws IOException {
        return new String(from.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void isFoundByNameAndNotMadeOneOfTheJvms() {
        assertNull(TlsProviders.problemWith(NAME));
        assertEquals(
                "no provider of TLS is called Nobody; there are: SunJSSE, Conscrypt",
                TlsProviders.problemWith("Nobody"));
        assertEquals(List.of("SunJSSE", NAME), TlsProviders.names());
        assertNull(Security.getProvider(NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void speaksEachVersionWithAnApplicationProtocol(String version) throws Exception {
        try (SSLSocket socket = connect(version, "h2", "http/1.1")) {
            socket.startHandshake();
            assertEquals("h2", socket.getApplicationProtocol());
        }
        try (SSLSocket socket = connect(version, "spdy/3", "http/1.1")) {
            socket.startHandshake();
            assertEquals(version, socket.getSession().getProtocol());
            assertEquals("http/1.1", socket.getApplicationProtocol());
            send(socket, get("/1k", "") + get("/100k", "Connection: close\r\n"));
            String answers = all(socket);
            assertEquals(2, answers.split("HTTP/1.1 200 ", -1).length - 1, answers.length() + " bytes");
            assertTrue(answers.length() > 101 * 1024, answers.length() + " bytes");
        }
    }

    @Test
    void aClientWithoutApplicationProtocolsIsServed() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, get("/1k", "Connection: close\r\n"));
            assertTrue(all(socket).startsWith("HTTP/1.1 200 "));
            assertEquals("", socket.getApplicationProtocol());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void takesContentOfManyRecords(String version) throws Exception {
        try (SSLSocket socket = connect(version)) {
            int length = 300_000;
            send(
                    socket,
                    "POST /1 HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\nContent-Length: " + length
                            + "\r\n\r\n");
            socket.getOutputStream().write(new byte[length]);
            String answer = all(socket);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void refusesWhatHasNothingInCommonWithIt() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3", "gopher")) {
            assertThrows(SSLException.class, socket::startHandshake);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"intermediate", "modern"})
    void speaksToOriginsAsWell(String profile) throws Exception {
        int secure = proxy.doors().secure().port();
        Path certificate = proxy.doors().secure().certificate();
        String answer = throughUpstream(secure, "ca: '" + certificate + "', profile: " + profile);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }

    @Test
    void believesNoOriginWithoutReason() throws Exception {
        String answer = throughUpstream(proxy.doors().secure().port(), "profile: modern");
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        assertTrue(answer.contains("error=tls_certificate_error"), answer);
    }

    @Test
    void aNameThatIsNotTheOriginsIsNotBelieved() throws Exception {
        int secure = proxy.doors().secure().port();
        Path certificate = proxy.doors().secure().certificate();
        String answer = throughUpstream(secure, "ca: '" + certificate + "', serverName: other.test");
        // Its server knows no such name, and says so before it shows a certificate.
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        assertTrue(answer.contains("error=tls_alert_received"), answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls: {provider: Nobody, certificates: [{chain: 'C/chain.pem', key: 'C/key.pem'}]} | | listener web",
                "protocols: [http/1.1] | tls: {provider: Nobody} | upstream app"
            })
    void oneThatIsNotThereKeepsTheProxyFromStarting(String listener, String upstream, String who) {
        String text = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0", %s}]
                upstreams: {app: {endpoints: "origin.example.com:443", %s}}
                routes: [{to: app}]
                """.formatted(listener.replace("C/", folder + "/"), upstream == null ? "balance: p2c" : upstream);
        var read = ConfigLoader.parse("it", text, Environment.of(Map.of()));
        var config = read.config().orElseThrow(() -> new AssertionError(read.render()));
        String message = assertThrows(HeadgateStartException.class, () -> Headgate.start(config))
                .getMessage();
        assertEquals(
                who + " cannot speak TLS: no provider of TLS is called Nobody; there are: SunJSSE, Conscrypt", message);
    }

    private static String throughUpstream(int port, String tls) throws Exception {
        String name = tls.contains("serverName") ? "" : ", serverName: bench.test";
        var read = ConfigLoader.parse("it", """
                version: 1
                loops: 1
                drain: 0s
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams:
                  app:
                    endpoints: "127.0.0.1:%d"
                    tls: {provider: %s, %s%s}
                routes: [{to: app}]
                log: {access: off}
                """.formatted(port, NAME, tls, name), Environment.of(Map.of()));
        try (Headgate before = Headgate.start(read.config().orElseThrow(() -> new AssertionError(read.render())))) {
            InetSocketAddress address =
                    (InetSocketAddress) before.listeners().getFirst().address();
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                send(socket, get("/1k", "Connection: close\r\n"));
                return all(socket);
            }
        }
    }
}
