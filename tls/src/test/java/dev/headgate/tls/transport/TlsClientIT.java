package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.tls.context.ClientContext;
import dev.headgate.tls.context.ClientSettings;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.credential.Credential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client before servers of ours and of the JDK's. */
@Timeout(60)
class TlsClientIT {
    private static final ServerSettings SERVER = ServerSettings.of(TlsProfile.INTERMEDIATE, List.of("http/1.1"));
    private static final ClientSettings CLIENT = ClientSettings.verifying(Keys.trust("root.crt"), List.of("http/1.1"));

    private final Asking asking = new Asking();

    @ParameterizedTest
    @CsvSource({"INTERMEDIATE, INTERMEDIATE, TLSv1.3", "MODERN, INTERMEDIATE, TLSv1.3", "MODERN, MODERN, TLSv1.3"})
    void talksToAServerOfOurs(TlsProfile server, TlsProfile client, String version) throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(
                    ServerSettings.of(server, List.of("http/1.1")), Identities.of(List.of(Keys.ecdsa())), Echo::new);
            bench.connect(CLIENT.withProfile(client), address, Keys.NAME, asking);
            asking.awaitClosed();
            assertEquals("hello", asking.text());
            assertEquals(CloseCause.CLOSED, asking.cause);
            String handshake = version + " " + Keys.NAME + " http/1.1";
            TlsBench.await("both", () -> bench.noted.handshakes.size() == 2);
            assertTrue(bench.noted.handshakes.contains(handshake), bench.noted.handshakes::toString);
        }
    }

    @Test
    void talksTls12ToAServerThatKnowsNoMore() throws IOException {
        try (TlsBench bench = new TlsBench();
                SSLServerSocket server = server(Keys.rsa())) {
            server.setEnabledProtocols(new String[] {"TLSv1.2"});
            Thread.ofVirtual().start(() -> echoOnce(server));
            bench.connect(CLIENT, server.getLocalSocketAddress(), Keys.NAME, asking);
            asking.awaitClosed();
            assertEquals("hello", asking.text());
            assertEquals(List.of("TLSv1.2 null null"), bench.noted.handshakes);
        }
    }

    @Test
    void resumesByServerNameAndPort() throws Exception {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SERVER, Identities.of(List.of(Keys.ecdsa())), Echo::new);
            TlsClient client =
                    new TlsClient(bench.runtime, ClientContext.create(CLIENT), TlsBench.PATIENCE, bench.noted);
            for (String name : List.of(Keys.NAME, Keys.NAME, "a." + Keys.NAME)) {
                Asking one = new Asking();
                bench.connect(client, address, name, one);
                one.awaitClosed();
                assertEquals("hello", one.text());
            }
            long resumed = bench.noted.handshakes.stream()
                    .filter(h -> h.endsWith("resumed"))
                    .count();
            assertEquals(2, resumed, bench.noted.handshakes::toString); // Each side tells of one.
        }
    }

    @ParameterizedTest
    @CsvSource({
        "other.test, root.crt, CERTIFICATE_NAME",
        "192.0.2.7, root.crt, CERTIFICATE_NAME",
        "example.test, stranger.crt, CERTIFICATE_UNTRUSTED"
    })
    void refusesACertificateThatIsNotTheServers(String name, String root, TlsFailure expected) throws IOException {
        ClientSettings settings = ClientSettings.verifying(Keys.trust(root), List.of());
        try (TlsBench bench = new TlsBench();
                SSLServerSocket server = server(Keys.ecdsa())) {
            Thread.ofVirtual().start(() -> echoOnce(server));
            bench.connect(settings, server.getLocalSocketAddress(), name, asking);
            asking.awaitClosed();
            assertFalse(asking.isOpen);
            assertEquals(CloseCause.TRANSPORT_FAILED, asking.cause);
            assertEquals(List.of(expected), bench.noted.failures, bench.noted.details::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1", "2001:db8::1", "b.example.test"})
    void takesAServerByAddressAndByWildcard(String name) throws IOException {
        try (TlsBench bench = new TlsBench();
                SSLServerSocket server = server(Keys.ecdsa())) {
            Thread.ofVirtual().start(() -> echoOnce(server));
            bench.connect(CLIENT, server.getLocalSocketAddress(), name, asking);
            asking.awaitClosed();
            assertEquals("hello", asking.text());
        }
    }

    @Test
    void takesAnyNameAndAnyIssuerOnlyWhenTold() throws IOException {
        for (ClientSettings lax : List.of(
                CLIENT.withoutName(),
                ClientSettings.verifying(Keys.trust("stranger.crt"), List.of()).withoutVerification())) {
            try (TlsBench bench = new TlsBench();
                    SSLServerSocket server = server(Keys.ecdsa())) {
                Thread.ofVirtual().start(() -> echoOnce(server));
                Asking one = new Asking();
                bench.connect(lax, server.getLocalSocketAddress(), "other.test", one);
                one.awaitClosed();
                assertEquals("hello", one.text());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK\r\n\r\n', PROTOCOL_ERROR", "'', PEER_CLOSED"})
    void neverGoesOnInPlainText(String answer, TlsFailure expected) throws IOException {
        try (TlsBench bench = new TlsBench();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerPlain(server, answer));
            bench.connect(CLIENT, server.getLocalSocketAddress(), Keys.NAME, asking);
            asking.awaitClosed();
            assertFalse(asking.isOpen);
            assertEquals("", asking.text());
            assertEquals(CloseCause.TRANSPORT_FAILED, asking.cause);
            assertEquals(List.of(expected), bench.noted.failures, bench.noted.details::toString);
        }
    }

    @Test
    void givesUpOnAServerThatIsSilent() throws Exception {
        try (TlsBench bench = new TlsBench();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TlsClient client =
                    new TlsClient(bench.runtime, ClientContext.create(CLIENT), Duration.ofMillis(100), bench.noted);
            SecureConnection connection = bench.connect(client, server.getLocalSocketAddress(), Keys.NAME, asking);
            asking.awaitClosed();
            assertEquals(CloseCause.TRANSPORT_FAILED, asking.cause);
            assertEquals(List.of(TlsFailure.HANDSHAKE_TIMEOUT), bench.noted.failures);
            assertEquals(TlsFailure.HANDSHAKE_TIMEOUT, bench.onLoop(connection::failure));
            assertEquals("no complete handshake in time", bench.onLoop(connection::failureDetail));
        }
    }

    @Test
    void countsTheHandshakesTimeFromTheConnectOn() throws Exception {
        try (TlsBench bench = new TlsBench()) {
            TlsClient client =
                    new TlsClient(bench.runtime, ClientContext.create(CLIENT), Duration.ofMillis(100), bench.noted);
            SocketAddress silent = new InetSocketAddress("192.0.2.1", 443); // Reserved for documents: nobody answers.
            SecureConnection connection = bench.connect(client, silent, Keys.NAME, asking);
            assertEquals(0, bench.onLoop(() -> bench.loop().timers().linkedTimers()));
            assertFalse(bench.onLoop(connection::isHandshaking));
            bench.onLoop(() -> {
                connection.abort();
                return true;
            });
            asking.awaitClosed();
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    @Test
    void tellsOfAConnectThatFailed() throws IOException {
        try (TlsBench bench = new TlsBench();
                Socket bound = new Socket()) { // It holds a port, and nobody listens there.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketAddress address = bound.getLocalSocketAddress();
            bench.connect(CLIENT, address, Keys.NAME, asking);
            asking.awaitClosed();
            assertEquals(CloseCause.CONNECT_REFUSED, asking.cause);
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    private static SSLServerSocket server(Credential own) throws IOException {
        return (SSLServerSocket)
                Keys.peer(own).getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** Echoes until the client ends its side, or anything goes wrong: the client's view is what a test looks at. */
    private static void echoOnce(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // As the test wants it.
        }
    }

    private static void answerPlain(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As the test wants it.
        }
    }

    /** Says hello, and closes when it has come back. */
    private static final class Asking extends Echo {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Override
        public void onOpen(Connection connection) {
            super.onOpen(connection);
            connection.write(ByteBuffer.wrap("hel".getBytes(StandardCharsets.US_ASCII)));
            connection.write(ByteBuffer.wrap("lo".getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            received.writeBytes(copy);
            if (received.size() == 5) {
                connection.close();
            }
        }

        String text() {
            return received.toString(StandardCharsets.US_ASCII);
        }

        void awaitClosed() {
            TlsBench.await("closed", () -> cause != null);
        }
    }
}
