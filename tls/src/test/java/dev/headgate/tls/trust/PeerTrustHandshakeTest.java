package dev.headgate.tls.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes of two engines of the JDK, one of which judges the other by a trust manager of ours. */
class PeerTrustHandshakeTest {
    private static final int STEPS_MAX = 200;
    private static final Made ROOT = Made.root("root");
    private static final Made SERVER = CertificateMaker.named("server")
            .host("a.test")
            .extendedUsage(CertificateMaker.SERVER_AUTH)
            .issuedBy(ROOT);
    private static final Made CLIENT = CertificateMaker.named("client")
            .extendedUsage(CertificateMaker.CLIENT_AUTH)
            .issuedBy(ROOT);
    private static final TrustAnchors ANCHORS = new TrustAnchors(Set.of(ROOT.certificate()), Set.of());

    private static SSLContext context(@Nullable Purpose peer, Made... chain) throws GeneralSecurityException {
        TrustManager[] trust = peer == null
                ? null
                : new TrustManager[] {PeerTrust.trustManager(ANCHORS, RevocationLists.NONE, peer, () -> Made.NOW)};
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(chain.length == 0 ? null : keys(chain), trust, null);
        return context;
    }

    private static KeyManager[] keys(Made... chain) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] certificates = Stream.of(chain).map(Made::certificate).toArray(Certificate[]::new);
            store.setKeyEntry("key", chain[0].privateKey(), new char[0], certificates);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLEngine client(SSLContext context, String version, String host, @Nullable String algorithm) {
        SSLEngine engine = context.createSSLEngine(host, 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(algorithm);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLEngine server(SSLContext context, boolean wantsClient) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(wantsClient);
        return engine;
    }

    /** Moves bytes until both are done, or one fails. */
    private static void shake(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < STEPS_MAX; i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            boolean isQuiet = toServer.position() == 0 && toClient.position() == 0;
            if (isQuiet && isDone(client) && isDone(server)) return;
        }
        throw new AssertionError(
                "handshake does not end: " + client.getHandshakeStatus() + ", " + server.getHandshakeStatus());
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        engine.wrap(ByteBuffer.allocate(0), out);
        in.flip();
        ByteBuffer application = ByteBuffer.allocate(1 << 16);
        if (in.hasRemaining()) engine.unwrap(in, application);
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void comparesTheNameWhenItIsAskedTo(String version) throws Exception {
        SSLContext ours = context(Purpose.SERVER);
        SSLContext theirs = context(null, SERVER);

        assertDoesNotThrow(() -> shake(client(ours, version, "a.test", "HTTPS"), server(theirs, false)));
        var failure = assertThrows(
                SSLHandshakeException.class,
                () -> shake(client(ours, version, "b.test", "HTTPS"), server(theirs, false)));
        assertTrue(String.valueOf(failure.getMessage()).contains("b.test"), failure::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void believesTheChainAloneWhenNoNameIsAskedFor(String version) throws Exception {
        SSLContext ours = context(Purpose.SERVER);

        shake(client(ours, version, "b.test", null), server(context(null, SERVER), false));
        Made stranger = CertificateMaker.named("server").host("b.test").selfSigned();
        SSLContext theirs = context(null, stranger);
        assertThrows(
                SSLHandshakeException.class, () -> shake(client(ours, version, "b.test", null), server(theirs, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void judgesClients(String version) throws Exception {
        SSLContext ours = context(Purpose.CLIENT, SERVER);
        SSLContext right = context(Purpose.SERVER, CLIENT);
        SSLContext wrong =
                context(Purpose.SERVER, CertificateMaker.named("client").selfSigned());

        assertDoesNotThrow(() -> shake(client(right, version, "a.test", "HTTPS"), server(ours, true)));
        assertThrows(SSLException.class, () -> shake(client(wrong, version, "a.test", "HTTPS"), server(ours, true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysWhyInTheCause(String version) throws Exception {
        SSLContext ours = context(Purpose.SERVER);
        SSLContext theirs = context(null, CertificateMaker.named("other").selfSigned());

        var failure = assertThrows(
                SSLHandshakeException.class, () -> shake(client(ours, version, "b.test", null), server(theirs, false)));

        assertTrue(failure.getCause() instanceof CertificateException, failure::toString);
    }
}
