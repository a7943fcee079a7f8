package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.CloseCause;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.credential.Credential;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of the JDK's before a server of ours that echoes. */
@Timeout(60)
class TlsServerIT {
    private static final ServerSettings SETTINGS = ServerSettings.of(TlsProfile.INTERMEDIATE, List.of("http/1.1"));
    private static final int LARGE_BYTES = 5_000_003;

    private final Echo echo = new Echo();

    @ParameterizedTest
    @CsvSource({"TLSv1.2, EC", "TLSv1.2, RSA", "TLSv1.3, EC", "TLSv1.3, RSA"})
    void speaksEachVersionWithEachKindOfKey(String version, String kind) throws IOException {
        Credential credential = kind.equals("EC") ? Keys.ecdsa() : Keys.rsa();
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, Identities.of(List.of(credential)), () -> echo);
            try (SSLSocket client = TlsBench.client(Keys.peer(null), address, Keys.NAME)) {
                client.setEnabledProtocols(new String[] {version});
                assertEquals("hello", echoOf("hello", client));
                assertEquals(version, client.getSession().getProtocol());
                assertEquals(
                        kind,
                        client.getSession()
                                .getPeerCertificates()[0]
                                .getPublicKey()
                                .getAlgorithm());
            }
            TlsBench.await("closed", () -> echo.cause != null);
            assertTrue(echo.hasEnded);
            assertEquals(CloseCause.CLOSED, echo.cause);
            assertEquals(List.of(version + " " + Keys.NAME + " null"), bench.noted.handshakes);
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void carriesLargeContentBothWaysAtOnce(String version) throws Exception {
        byte[] content = new byte[LARGE_BYTES];
        new Random(7).nextBytes(content);
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, Identities.of(List.of(Keys.ecdsa())), () -> echo);
            try (SSLSocket client = TlsBench.client(Keys.peer(null), address, Keys.NAME)) {
                client.setEnabledProtocols(new String[] {version});
                client.startHandshake();
                Thread writer = Thread.ofVirtual().start(() -> send(client, content));
                byte[] received = client.getInputStream().readNBytes(LARGE_BYTES);
                writer.join();
                assertArrayEquals(content, received);
            }
            TlsBench.await("closed", () -> echo.cause != null);
        }
    }

    private static void send(SSLSocket client, byte[] content) {
        try {
            client.getOutputStream().write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void resumesASession() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, Identities.of(List.of(Keys.ecdsa())), () -> echo);
            SSLContext context = Keys.peer(null);
            for (int i = 0; i < 2; i++) {
                try (SSLSocket client = TlsBench.client(context, address, Keys.NAME)) {
                    assertEquals("hello", echoOf("hello", client));
                }
            }
            assertEquals("TLSv1.3 example.test null", bench.noted.handshakes.get(0));
            assertEquals("TLSv1.3 example.test null resumed", bench.noted.handshakes.get(1));
        }
    }

    @Test
    void answersPlainHttpOnceInPlainText() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, Identities.of(List.of(Keys.ecdsa())), () -> echo);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
                assertTrue(answer.endsWith("came as plain HTTP.\n"), answer);
            }
            TlsBench.await("closed", () -> echo.cause != null);
            assertFalse(echo.isOpen);
            assertEquals(CloseCause.TRANSPORT_FAILED, echo.cause);
            assertEquals(List.of(TlsFailure.PLAIN_HTTP), bench.noted.failures);
        }
    }

    /** Whoever it is handed to sees the connection from its first byte, and for the others it has never been there. */
    @ParameterizedTest
    @CsvSource({"1", "64", "100000"})
    void handsOnAConnectionWhoseTlsIsNotOurs(int pieceBytes) throws Exception {
        Echo taken = new Echo();
        List<String> names = new CopyOnWriteArrayList<>();
        HelloPolicy policy = (hello, serverName) -> new HelloDecision.PassThrough((transport, before, name) -> {
            names.add(name + " " + (before == echo));
            return taken;
        });
        byte[] sent = helloAndMore();
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(policy, TlsBench.PATIENCE, () -> echo);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.setTcpNoDelay(true);
                for (int at = 0; at < sent.length; at += pieceBytes) {
                    client.getOutputStream().write(sent, at, Math.min(pieceBytes, sent.length - at));
                }
                assertArrayEquals(sent, client.getInputStream().readNBytes(sent.length));
                client.shutdownOutput();
                assertEquals(-1, client.getInputStream().read());
            }
            TlsBench.await("closed", () -> taken.cause != null);
            assertTrue(taken.isOpen);
            assertTrue(taken.hasEnded);
            assertEquals(CloseCause.CLOSED, taken.cause);
            assertEquals(List.of(Keys.NAME + " true"), names);
            assertFalse(echo.isOpen);
            assertNull(echo.cause);
            assertEquals(List.of(), bench.noted.handshakes);
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    private static byte[] helloAndMore() throws IOException {
        SSLEngine client = Keys.peer(null).createSSLEngine(Keys.NAME, 443);
        client.setUseClientMode(true);
        ByteBuffer bytes = ByteBuffer.allocate(32 * 1024);
        client.wrap(ByteBuffer.allocate(0), bytes);
        bytes.put("and what comes behind it".getBytes(StandardCharsets.US_ASCII));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Test
    void tellsTruncationFromAnEnd() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, Identities.of(List.of(Keys.ecdsa())), () -> echo);
            try (Socket plain = new Socket(address.getAddress(), address.getPort());
                    SSLSocket client =
                            (SSLSocket) Keys.peer(null).getSocketFactory().createSocket(plain, Keys.NAME, 443, false)) {
                assertEquals("hello", echoOf("hello", client));
                plain.shutdownOutput();
                TlsBench.await("closed", () -> echo.cause != null);
            }
            assertFalse(echo.hasEnded);
            assertEquals(CloseCause.TRUNCATED, echo.cause);
            assertEquals(List.of(TlsFailure.TRUNCATED), bench.noted.failures);
        }
    }

    static String echoOf(String text, SSLSocket client) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }
}
