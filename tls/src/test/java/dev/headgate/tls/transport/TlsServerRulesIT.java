package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.testkit.peer.TlsPeer;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server of ours lets pass, and what not. */
@Timeout(120)
class TlsServerRulesIT {
    private static final ServerSettings SETTINGS = ServerSettings.of(TlsProfile.INTERMEDIATE, List.of("http/1.1"));
    private static final Identities IDENTITIES = Identities.of(List.of(Keys.ecdsa()));
    private static final SSLContext PEER = Keys.peer(null);

    private final Echo echo = new Echo();

    // ---- pieces

    @ParameterizedTest
    @CsvSource({"TLSv1.2, 1", "TLSv1.3, 1", "TLSv1.2, 7", "TLSv1.3, 7", "TLSv1.3, 1000"})
    void readsRecordsThatComeInPieces(String version, int pieceBytes) throws IOException {
        byte[] content = new byte[20_000];
        new Random(pieceBytes).nextBytes(content);
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, version)) {
                peer.inPiecesOf(pieceBytes).handshake().send(content);
                assertArrayEquals(content, peer.receive(content.length));
                peer.engine().closeOutbound();
                peer.send(new byte[0]);
                peer.receiveAll();
            }
            closed();
            assertTrue(echo.hasEnded);
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    @Test
    void takesTheFirstBytesThatComeBehindTheHandshakeAtOnce() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, Keys.NAME)) {
                for (int i = 0; i < 200; i++) {
                    assertEquals("round " + i, TlsServerIT.echoOf("round " + i, client));
                }
            }
            closed();
        }
    }

    // ---- hellos

    @ParameterizedTest
    @CsvSource({"unknown.test, NAME_UNKNOWN, unrecognized_name", "a.b.example.test, NAME_UNKNOWN, unrecognized_name"})
    void refusesNamesWithoutCertificate(String name, TlsFailure expected, String alert) throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, name)) {
                assertAlert(alert, client);
            }
            assertFailure(expected, bench);
        }
    }

    @Test
    void showsTheDefaultToUnknownNamesWhenThereIsOne() throws IOException {
        Identities identities = Identities.withDefault(List.of(Keys.ecdsa()), List.of(Keys.shortNamed()));
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, identities, () -> echo);
            for (String[] pair : new String[][] {{"unknown.test", "short"}, {Keys.NAME, "not.looked.at.test"}}) {
                try (SSLSocket client = TlsBench.client(PEER, address, pair[0])) {
                    assertEquals("hello", TlsServerIT.echoOf("hello", client));
                    var leaf = (java.security.cert.X509Certificate)
                            client.getSession().getPeerCertificates()[0];
                    assertEquals("CN=" + pair[1], leaf.getSubjectX500Principal().getName());
                }
            }
            closed();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, EC",
        "TLSv1.3, rsa_pss_rsae_sha256, ecdsa_secp256r1_sha256, RSA",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, RSA",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, EC"
    })
    void choosesAmongKeysByWhatTheClientTakes(String version, String first, String second, String expected)
            throws IOException {
        try (TlsBench bench = new TlsBench()) {
            Identities both = Identities.of(List.of(Keys.rsa(), Keys.ecdsa()));
            InetSocketAddress address = bench.serve(SETTINGS, both, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, Keys.NAME)) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setProtocols(new String[] {version});
                if (version.equals("TLSv1.3")) {
                    parameters.setSignatureSchemes(new String[] {first, second});
                } else {
                    parameters.setCipherSuites(new String[] {first, second});
                }
                client.setSSLParameters(parameters);
                assertEquals("hello", TlsServerIT.echoOf("hello", client));
                assertEquals(
                        expected,
                        client.getSession()
                                .getPeerCertificates()[0]
                                .getPublicKey()
                                .getAlgorithm());
            }
            closed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.1"})
    void refusesOldVersions(String version) throws IOException {
        byte minor = (byte) (version.equals("TLSv1") ? 1 : 2);
        assertRefused(hello(minor, "c013"), TlsFailure.VERSION_MISMATCH, 70);
    }

    @Test
    void refusesWhatIsTooWeak() throws IOException {
        assertRefused(hello(3, "000a0005002f"), TlsFailure.CIPHER_MISMATCH, 40);
    }

    @Test
    void refusesAFallbackThatIsNotNeeded() throws IOException {
        assertRefused(hello(3, "c02b5600"), TlsFailure.DOWNGRADE, 86);
    }

    @Test
    void refusesAHelloOfSslV2() throws IOException {
        assertRefused(HexFormat.of().parseHex("802e0100020015000000100100800300800700c0"), TlsFailure.SSLV2, 70);
    }

    @Test
    void refusesClientsThatSpeakNoneOfOurProtocols() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, Keys.NAME)) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"spdy/3"});
                client.setSSLParameters(parameters);
                assertAlert("no_application_protocol", client);
            }
            assertFailure(TlsFailure.PROTOCOL_MISMATCH, bench);
        }
    }

    @Test
    void takesTls13AloneInTheModernProfile() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            ServerSettings modern = ServerSettings.of(TlsProfile.MODERN, List.of("http/1.1"));
            InetSocketAddress address = bench.serve(modern, IDENTITIES, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, Keys.NAME)) {
                client.setEnabledProtocols(new String[] {"TLSv1.2"});
                assertAlert("protocol_version", client);
            }
            assertFailure(TlsFailure.VERSION_MISMATCH, bench);
        }
    }

    @Test
    void closesOnWhatIsNotTls() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                assertEquals(-1, client.getInputStream().read());
            }
            assertFailure(TlsFailure.NOT_TLS, bench);
        }
    }

    // ---- time and number

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 49})
    void closesWhenTheHandshakeTakesTooLong(int bytes) throws IOException {
        try (TlsBench bench = new TlsBench()) {
            NamePolicy policy = new NamePolicy(TlsBench.context(SETTINGS, IDENTITIES));
            InetSocketAddress address = bench.serve(policy, Duration.ofMillis(100), () -> echo);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write(hello(3, "c02b"), 0, bytes);
                assertEquals(-1, client.getInputStream().read());
            }
            assertFailure(TlsFailure.HANDSHAKE_TIMEOUT, bench);
        }
    }

    @Test
    void closesOnTooManyRecordsWithoutData() throws IOException {
        int max = 20;
        try (TlsBench bench = new TlsBench(TlsOptions.defaults().withControlRecordsMax(max))) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.3")) {
                peer.handshake();
                for (int i = 0; i < max; i++) {
                    peer.updateKeys();
                }
                peer.send(new byte[] {7});
                assertArrayEquals(new byte[] {7}, peer.receive(1));
                peer.updateKeys();
                assertEquals(1, peer.receiveAll().length);
            }
            assertFailure(TlsFailure.RECORD_FLOOD, bench);
        }
    }

    @Test
    void refusesHandshakesBeyondThoseThatMayWait() throws Exception {
        try (TlsBench bench = new TlsBench(TlsOptions.defaults().withHandshakes(1, 1))) {
            Stopper stopper = new Stopper();
            // One handshake is computed and stands still, one waits; the third has no place.
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, Echo::new);
            assertTrue(stopper.occupy(bench));
            try (TlsPeer waiting = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.3");
                    TlsPeer refused = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.3")) {
                waiting.engine().beginHandshake();
                waiting.step();
                TlsBench.await("queued", () -> stopper.isFull(bench));
                refused.engine().beginHandshake();
                refused.step();
                TlsBench.await("refused", () -> bench.noted.failures.contains(TlsFailure.OVERLOADED));
                stopper.release();
                waiting.handshake().send("hello".getBytes(StandardCharsets.US_ASCII));
                assertEquals("hello", new String(waiting.receive(5), StandardCharsets.US_ASCII));
            } finally {
                stopper.release();
            }
        }
    }

    @Test
    void aHandshakeThatAStopCutsOffHasNotFailed() throws Exception {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, Echo::new);
            bench.runtime.close();
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.3")) {
                peer.engine().beginHandshake();
                peer.step();
                TlsBench.await("read", () -> bench.loop().counters().bytesRead() > 0);
                TlsBench.await("ended", () -> bench.loop().counters().connectionsOpen() == 0);
            }
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    // ---- renegotiation, truncation, damage

    @Test
    void refusesRenegotiation() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.2")) {
                peer.handshake().send(new byte[] {1});
                assertArrayEquals(new byte[] {1}, peer.receive(1));
                peer.engine().beginHandshake();
                peer.step();
                try {
                    assertEquals(1, peer.receiveAll().length);
                } catch (SSLException e) {
                    assertTrue(e.getMessage().contains("alert"), e.getMessage());
                }
            }
            assertFailure(TlsFailure.RENEGOTIATION, bench);
        }
    }

    @Test
    void closesOnARecordThatWasChanged() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, "TLSv1.3")) {
                byte[] record = peer.handshake().records(new byte[] {1, 2, 3});
                record[record.length - 1] ^= 1;
                peer.sendRaw(record);
                SSLException alert = assertThrows(SSLException.class, peer::receiveAll);
                assertTrue(alert.getMessage().contains("bad_record_mac"), alert.getMessage());
            }
            assertFailure(TlsFailure.PROTOCOL_ERROR, bench);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void keepsItsOutputOpenBehindTheClientsEnd(String version) throws IOException {
        Later later = new Later();
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> later);
            try (TlsPeer peer = TlsPeer.connect(PEER, address.getPort(), Keys.NAME, version)) {
                peer.handshake().send(new byte[] {1});
                peer.engine().closeOutbound();
                peer.send(new byte[0]);
                byte[] answer = peer.receiveAll();
                // In TLS 1.2 the end of one direction is that of both (RFC 5246 §7.2.1).
                assertEquals(version.equals("TLSv1.3") ? "late" : "", new String(answer, StandardCharsets.US_ASCII));
            }
            TlsBench.await("closed", () -> later.cause != null);
            assertTrue(later.hasEnded);
        }
    }

    // ---- certificates that change

    /** The JDK binds a ticket to the chain that it was issued with; one from before the change costs a whole handshake, and no more. */
    @ParameterizedTest
    @CsvSource({"true, 9", "false, 0"})
    void resumesSessionsAsLongAsTheChainIsTheSame(boolean isSame, int resumed) throws IOException {
        ServerContext context = TlsBench.context(SETTINGS, IDENTITIES);
        SSLContext client = Keys.peer(null);
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(new NamePolicy(context), TlsBench.PATIENCE, Echo::new);
            for (int i = 0; i < 10; i++) {
                try (SSLSocket socket = TlsBench.client(client, address, Keys.NAME)) {
                    assertEquals("hello", TlsServerIT.echoOf("hello", socket));
                }
                context.swap(Identities.of(List.of(i % 2 == 0 && !isSame ? Keys.rsa() : Keys.ecdsa())));
            }
            assertEquals(10, bench.noted.handshakes.size());
            assertEquals(
                    resumed,
                    bench.noted.handshakes.stream()
                            .filter(h -> h.endsWith("resumed"))
                            .count());
            assertEquals(List.of(), bench.noted.failures);
        }
    }

    // ---- what stays

    @Test
    void holdsNoBufferWhenIdle() throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (SSLSocket client = TlsBench.client(PEER, address, Keys.NAME)) {
                assertEquals("hello", TlsServerIT.echoOf("hello", client));
                assertEquals(
                        0, bench.<Integer>onLoop(() -> bench.loop().buffers().outstandingBuffers()));
                assertEquals(
                        0, bench.<Integer>onLoop(() -> bench.loop().timers().linkedTimers()));
            }
            closed();
        }
    }

    // ---- aids

    private void closed() {
        TlsBench.await("closed", () -> echo.cause != null);
    }

    private void assertFailure(TlsFailure expected, TlsBench bench) {
        closed();
        assertEquals(CloseCause.TRANSPORT_FAILED, echo.cause);
        assertEquals(List.of(expected), bench.noted.failures, bench.noted.details::toString);
    }

    private static void assertAlert(String alert, SSLSocket client) {
        SSLException failure = assertThrows(SSLException.class, client::startHandshake);
        assertTrue(failure.getMessage().contains(alert), failure.getMessage());
    }

    private void assertRefused(byte[] hello, TlsFailure expected, int alert) throws IOException {
        try (TlsBench bench = new TlsBench()) {
            InetSocketAddress address = bench.serve(SETTINGS, IDENTITIES, () -> echo);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write(hello);
                byte[] answer = client.getInputStream().readAllBytes();
                assertArrayEquals(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert}, answer);
            }
            assertFailure(expected, bench);
            assertFalse(echo.isOpen);
        }
    }

    /** A hello without extensions, of TLS 1.{@code minor - 1}, with these cipher suites. */
    private static byte[] hello(int minor, String suites) {
        byte[] codes = HexFormat.of().parseHex(suites);
        int length = 2 + 32 + 1 + 2 + codes.length + 2;
        ByteBuffer bytes = ByteBuffer.allocate(5 + 4 + length);
        bytes.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (4 + length));
        bytes.put((byte) 1).put((byte) 0).putShort((short) length);
        bytes.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
        bytes.putShort((short) codes.length).put(codes).put((byte) 1).put((byte) 0);
        return bytes.array();
    }

    /** Answers only when the client has ended its side. */
    private static final class Later extends Echo {
        @Override
        public void onBytes(Connection connection, ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void onEnd(Connection connection) {
            connection.write(ByteBuffer.wrap("late".getBytes(StandardCharsets.US_ASCII)));
            super.onEnd(connection);
        }
    }
}
