package dev.headgate.tls.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hellos of real clients say what these were told to say. */
class RealHelloTest {
    private static final int TIMEOUT_SECONDS = 20;

    private static byte[] ofJdk(SSLParameters parameters) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.beginHandshake();
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static SSLParameters parameters(String... versions) {
        var parameters = new SSLParameters();
        parameters.setProtocols(versions);
        return parameters;
    }

    private static ClientHello read(byte[] wire) {
        assertTrue(Reading.everyWay(HelloLimits.DEFAULTS, wire).startsWith("ClientHello["));
        var reader = new ClientHelloReader(HelloLimits.DEFAULTS);
        byte[] message = Arrays.copyOfRange(wire, Wire.RECORD_HEADER_BYTES, wire.length);
        byte[] fragmented = Hello.randomRecords(message, wire.length);
        assertEquals(HelloOutcome.COMPLETE, reader.read(ByteBuffer.wrap(fragmented), new HelloScan()));
        return reader.hello();
    }

    private static String serverName(ClientHello hello) {
        return new String(hello.bytes(), hello.serverNameOffset(), hello.serverNameLength(), StandardCharsets.US_ASCII);
    }

    private static List<String> protocols(ClientHello hello) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < hello.protocolCount(); i++) {
            names.add(new String(
                    hello.bytes(), hello.protocolOffset(i), hello.protocolLength(i), StandardCharsets.US_ASCII));
        }
        return names;
    }

    @Test
    void readsWhatTheJdkOffersInTls13() throws Exception {
        SSLParameters parameters = parameters("TLSv1.3");
        parameters.setServerNames(List.of(new SNIHostName("Shop.Example.com")));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        parameters.setNamedGroups(new String[] {"secp256r1", "x25519"});
        parameters.setSignatureSchemes(new String[] {"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"});
        ClientHello hello = read(ofJdk(parameters));
        assertEquals("[0304]", hello.versions().toString());
        assertTrue(hello.offersVersion(ClientHello.TLS_1_3));
        assertFalse(hello.offersVersion(ClientHello.TLS_1_2));
        assertTrue(hello.offersTls13Suite());
        assertEquals("shop.example.com", serverName(hello));
        assertEquals(List.of("h2", "http/1.1"), protocols(hello));
        assertEquals("[0017 001d]", hello.groups().toString());
        assertEquals("[0403 0804]", hello.signatureSchemes().toString());
        assertFalse(hello.offersPreSharedKey());
        assertFalse(hello.offersEarlyData());
    }

    @Test
    void readsWhatTheJdkOffersInTls12() throws Exception {
        SSLParameters parameters = parameters("TLSv1.2");
        parameters.setCipherSuites(
                new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
        ClientHello hello = read(ofJdk(parameters));
        assertTrue(hello.offersVersion(ClientHello.TLS_1_2));
        assertFalse(hello.offersVersion(ClientHello.TLS_1_3));
        assertFalse(hello.offersTls13Suite());
        assertTrue(hello.cipherSuites().contains(0xC02B));
        assertTrue(hello.cipherSuites().contains(0xC02F));
        assertFalse(hello.hasServerName());
        assertFalse(hello.hasProtocols());
    }

    @Test
    void readsWhatTheJdkOffersByDefault() throws Exception {
        ClientHello hello = read(ofJdk(parameters("TLSv1.3", "TLSv1.2")));
        assertTrue(hello.offersVersion(ClientHello.TLS_1_3));
        assertTrue(hello.offersVersion(ClientHello.TLS_1_2));
        assertTrue(hello.groups().count() > 0);
        assertTrue(hello.signatureSchemes().count() > 0);
    }

    @Test
    @Timeout(TIMEOUT_SECONDS)
    void readsWhatOpensslOffers() throws Exception {
        ClientHello hello = read(ofOpenssl("-servername", "a.example", "-alpn", "h2,http/1.1", "-fallback_scsv"));
        assertTrue(hello.offersVersion(ClientHello.TLS_1_3));
        assertEquals("a.example", serverName(hello));
        assertEquals(List.of("h2", "http/1.1"), protocols(hello));
        assertTrue(hello.isFallback());
        assertTrue(hello.sessionTicketLength() == 0);
    }

    @Test
    @Timeout(TIMEOUT_SECONDS)
    void readsWhatOpensslOffersInTls12() throws Exception {
        ClientHello hello = read(ofOpenssl("-tls1_2", "-noservername", "-sigalgs", "ECDSA+SHA256", "-groups", "P-256"));
        assertTrue(hello.offersVersion(ClientHello.TLS_1_2));
        assertFalse(hello.offersVersion(ClientHello.TLS_1_3));
        assertFalse(hello.hasServerName());
        assertEquals("[0403]", hello.signatureSchemes().toString());
        assertEquals("[0017]", hello.groups().toString());
    }

    /** The first record of {@code openssl s_client}; the test is skipped where there is no such program. */
    private static byte[] ofOpenssl(String... options) throws Exception {
        assumeTrue(hasOpenssl(), "no openssl");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command =
                    new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.getLocalPort()));
            command.addAll(List.of(options));
            Process client = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            server.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                byte[] header = in.readNBytes(Wire.RECORD_HEADER_BYTES);
                int length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
                return Hello.concat(header, in.readNBytes(length));
            } finally {
                client.destroy();
            }
        }
    }

    private static boolean hasOpenssl() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("openssl", "version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
