package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.testkit.peer.TlsPeer;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.ServerSettings.ClientAuth;
import dev.headgate.tls.context.TlsProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities that change while the handshakes of clients are under way: who is let in is for those to say who are there at its end. */
@Timeout(120)
class AuthorityChangeIT {
    private static final SSLContext CLIENT = Keys.peer(Keys.ecdsa());
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private final Echo echo = new Echo();
    private final AtomicReference<ServerContext> context = new AtomicReference<>();

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesWhomTheNewOnesDoNotKnow(String version) throws IOException {
        Authorities old = Authorities.accepting();
        Authorities changed = Authorities.refusing();
        try (TlsBench bench = new TlsBench();
                TlsPeer peer = beforeItsCertificate(bench, ClientAuth.REQUIRE, old, version)) {
            change(changed);
            assertThrows(IOException.class, () -> peer.handshake().receiveAll());
            assertRefused(bench);
        }
        assertEquals(List.of(0, 1), List.of(old.asked.get(), changed.asked.get()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void takesWhomOnlyTheNewOnesKnow(String version) throws IOException {
        Authorities old = Authorities.refusing();
        Authorities changed = Authorities.accepting();
        try (TlsBench bench = new TlsBench();
                TlsPeer peer = beforeItsCertificate(bench, ClientAuth.OPTIONAL, old, version)) {
            change(changed);
            assertEchoes(peer.handshake());
        }
        assertEquals(List.of(0, 1), List.of(old.asked.get(), changed.asked.get()));
    }

    /** Judged already, by the old ones, when the change comes. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void judgesAnewWhenTheHandshakeHasBegunWithTheOldOnes(String version) throws IOException {
        Authorities changed = Authorities.refusing();
        Authorities old = new Authorities(() -> change(changed));
        try (TlsBench bench = new TlsBench();
                TlsPeer peer = beforeItsCertificate(bench, ClientAuth.REQUIRE, old, version)) {
            assertEquals(0, peer.handshake().receiveAll().length); // Behind a handshake there is no alert any more.
            assertRefused(bench);
        }
        assertEquals(List.of(1, 1), List.of(old.asked.get(), changed.asked.get()));
    }

    /** Where certificates are judged behind the handshake, the change comes in the middle of that. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void judgesAnewWhatIsJudgedBehindTheHandshake(String version) throws IOException {
        Authorities last = Authorities.accepting();
        Authorities second = new Authorities(() -> change(last));
        Authorities first = new Authorities(() -> change(second));
        try (TlsBench bench = new TlsBench();
                TlsPeer peer = beforeItsCertificate(bench, ClientAuth.REQUEST, first, version)) {
            assertEchoes(peer.handshake());
        }
        assertEquals(List.of(1, 1, 1), List.of(first.asked.get(), second.asked.get(), last.asked.get()));
    }

    /** A client that has all that it needs to show its certificate. */
    private TlsPeer beforeItsCertificate(
            TlsBench bench, ClientAuth mode, X509ExtendedTrustManager authorities, String version) throws IOException {
        ServerSettings settings = ServerSettings.of(TlsProfile.INTERMEDIATE, List.of("http/1.1"));
        context.set(TlsBench.context(settings.withClientAuth(mode, authorities), Identities.of(List.of(Keys.ecdsa()))));
        var address = bench.serve(new NamePolicy(name -> context.get()), TlsBench.PATIENCE, () -> echo);
        return TlsPeer.connect(CLIENT, address.getPort(), Keys.NAME, version).handshakeHalfway();
    }

    private void change(X509ExtendedTrustManager authorities) {
        try {
            context.set(context.get().succeededBy(authorities));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(TlsBench bench) {
        TlsBench.await("the end", () -> echo.cause != null);
        assertEquals(List.of(TlsFailure.CERTIFICATE_INVALID), bench.noted.failures);
        assertFalse(echo.isOpen);
    }

    private void assertEchoes(TlsPeer peer) throws IOException {
        peer.send(HELLO);
        assertEquals("hello", new String(peer.receive(HELLO.length), StandardCharsets.US_ASCII));
        peer.close();
        TlsBench.await("the end", () -> echo.cause != null);
    }
}
