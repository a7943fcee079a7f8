package dev.headgate.tls.trust;

import static dev.headgate.tls.pki.ListMaker.list;
import static dev.headgate.tls.pki.Made.NOW;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.pki.Asn1;
import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is believed, by the chain alone. */
class PeerTrustTest {
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final Made ROOT = Made.root("root");
    private static final Made INTERMEDIATE =
            CertificateMaker.named("intermediate").authority().issuedBy(ROOT);
    private static final Made LEAF = server("leaf").issuedBy(INTERMEDIATE);
    private static final Made CLIENT = CertificateMaker.named("client")
            .extendedUsage(CertificateMaker.CLIENT_AUTH)
            .issuedBy(INTERMEDIATE);

    private static CertificateMaker server(String name) {
        return CertificateMaker.named(name).host("a.test").extendedUsage(CertificateMaker.SERVER_AUTH);
    }

    private static TrustAnchors authorities(Made... made) {
        return new TrustAnchors(
                Set.copyOf(Stream.of(made).map(Made::certificate).toList()), Set.of());
    }

    private static TrustAnchors pinned(Made made) {
        return new TrustAnchors(Set.of(), Set.of(made.certificate()));
    }

    private static RevocationLists lists(byte[]... lists) {
        List<X509CRL> all = new ArrayList<>();
        for (byte[] list : lists) {
            var result = new RevocationReader(TrustLimits.DEFAULTS).read(list, NOW);
            all.addAll(assertInstanceOf(RevocationResult.Ready.class, result, result::toString)
                    .lists()
                    .lists());
        }
        return new RevocationLists(all);
    }

    private static X509Certificate[] chain(Made... made) {
        return Stream.of(made).map(Made::certificate).toArray(X509Certificate[]::new);
    }

    private static void check(TrustAnchors anchors, RevocationLists lists, Instant now, Made... chain)
            throws CertificateException {
        PeerTrust.trustManager(anchors, lists, Purpose.SERVER, () -> now).checkServerTrusted(chain(chain), "UNKNOWN");
    }

    private static void assertTrusted(TrustAnchors anchors, RevocationLists lists, Made... chain) {
        assertDoesNotThrow(() -> check(anchors, lists, NOW, chain));
    }

    private static void assertTrusted(TrustAnchors anchors, Made... chain) {
        assertTrusted(anchors, RevocationLists.NONE, chain);
    }

    private static String refusal(TrustAnchors anchors, RevocationLists lists, Instant now, Made... chain) {
        return String.valueOf(assertThrows(CertificateException.class, () -> check(anchors, lists, now, chain))
                .getMessage());
    }

    private static void assertRefused(String why, TrustAnchors anchors, Made... chain) {
        String message = refusal(anchors, RevocationLists.NONE, NOW, chain);
        assertTrue(message.contains(why), message);
    }

    // ---- paths

    @Test
    void believesWhatLeadsToAnAuthority() {
        assertTrusted(authorities(ROOT), LEAF, INTERMEDIATE);
        assertTrusted(authorities(ROOT), LEAF, INTERMEDIATE, ROOT);
        assertTrusted(authorities(ROOT), LEAF, ROOT, Made.root("other"), INTERMEDIATE);
        assertTrusted(authorities(INTERMEDIATE), LEAF);
        assertTrusted(authorities(INTERMEDIATE), LEAF, INTERMEDIATE, ROOT);
    }

    @Test
    void refusesWhatLeadsNowhere() {
        assertRefused("no trusted issuer of CN=leaf", authorities(ROOT), LEAF);
        assertRefused("no trusted issuer", authorities(Made.root("other")), LEAF, INTERMEDIATE, ROOT);
        assertRefused("no trusted issuer", authorities(Made.root("root")), LEAF, INTERMEDIATE, ROOT);
        assertRefused("no trusted issuer", authorities(ROOT), server("self").selfSigned());
    }

    @Test
    void refusesALeafThatIssues() {
        Made leaf = server("b").issuedBy(LEAF);

        assertRefused("no trusted issuer", authorities(ROOT), leaf, LEAF, INTERMEDIATE);
    }

    @Test
    void takesTheAnchorOfTheNameThatHasSigned() {
        assertTrusted(authorities(Made.root("root"), ROOT, Made.root("root")), LEAF, INTERMEDIATE);
    }

    @Test
    void believesAnAuthorityThatShowsItself() {
        Made own = server("own").authority().selfSigned();

        assertTrusted(authorities(own), own);
    }

    @Test
    void believesAPinnedCertificateAndNothingThatItSigned() {
        KeyPair keys = Made.newKeys();
        Made self = server("self").keys(keys).selfSigned();

        assertTrusted(pinned(self), self);
        assertRefused("no trusted issuer", pinned(self), server("other").issuedBy(self), self);
        assertRefused(
                "no trusted issuer", pinned(self), server("self").keys(keys).selfSigned());
    }

    @Test
    void boundsTheLengthOfTheChain() {
        Made[] all = new Made[9];
        Made issuer = ROOT;
        for (int i = 8; i > 0; i--) {
            issuer = CertificateMaker.named("ca " + i).authority().issuedBy(issuer);
            all[i] = issuer;
        }
        all[0] = server("leaf").issuedBy(issuer);

        assertRefused("chain too long: length=9, limit=8", authorities(ROOT), all);
        assertTrusted(authorities(all[8]), Stream.of(all).limit(8).toArray(Made[]::new));
        assertTrusted(authorities(all[7]), Stream.of(all).limit(7).toArray(Made[]::new));
    }

    /** A search by depth would try thousands of orders. */
    @Test
    @Timeout(10)
    void doesNotSearchAmongAuthoritiesThatIssueEachOther() {
        KeyPair keys = Made.newKeys();
        Made self = CertificateMaker.named("same").keys(keys).authority().selfSigned();
        List<Made> all = new ArrayList<>(List.of(server("leaf").issuedBy(self)));
        for (int i = 0; i < 7; i++)
            all.add(CertificateMaker.named("same").keys(keys).authority().issuedBy(self));

        for (int i = 0; i < 50; i++) assertRefused("no trusted issuer", authorities(ROOT), all.toArray(Made[]::new));
    }

    // ---- time

    @Test
    void judgesValidityAtTheTimeOfTheHandshake() {
        Made short1 = server("short").until(NOW).issuedBy(ROOT);
        TrustAnchors anchors = authorities(ROOT);

        assertTrusted(anchors, short1);
        assertTrue(refusal(anchors, RevocationLists.NONE, NOW.plusSeconds(1), short1)
                .contains("NotAfter"));
        assertTrue(refusal(anchors, RevocationLists.NONE, Made.FROM.minusSeconds(1), LEAF, INTERMEDIATE)
                .contains("no trusted issuer"));
    }

    @Test
    void doesNotBelieveAnAnchorThatHasExpired() {
        Made old = CertificateMaker.named("old").authority().until(NOW).selfSigned();
        Made leaf = server("leaf").issuedBy(old);
        Made pinned = server("self").until(NOW).selfSigned();

        assertTrusted(authorities(old), leaf);
        assertTrusted(pinned(pinned), pinned);
        refusal(authorities(old), RevocationLists.NONE, LATER, leaf);
        refusal(authorities(old), RevocationLists.NONE, LATER, leaf, old);
        refusal(pinned(pinned), RevocationLists.NONE, LATER, pinned);
    }

    @Test
    void goesOverTheIssuerThatIsValid() {
        KeyPair keys = Made.newKeys();
        CertificateMaker valid = CertificateMaker.named("ca").keys(keys).authority();
        CertificateMaker expired =
                CertificateMaker.named("ca").keys(keys).authority().until(NOW.minusSeconds(1));
        Made ca = valid.issuedBy(ROOT);
        Made leaf = server("leaf").issuedBy(ca);

        assertTrusted(authorities(ROOT), leaf, expired.issuedBy(ROOT), ca);
    }

    // ---- purpose

    @Test
    void refusesACertificateOfAnotherPurpose() {
        assertRefused("not for a SERVER", authorities(ROOT), CLIENT, INTERMEDIATE);
        assertTrusted(
                authorities(ROOT), CertificateMaker.named("any").host("a.test").issuedBy(ROOT));
        var clients = PeerTrust.trustManager(authorities(ROOT), RevocationLists.NONE, Purpose.CLIENT, () -> NOW);
        assertDoesNotThrow(() -> clients.checkClientTrusted(chain(CLIENT, INTERMEDIATE), "UNKNOWN"));
        assertThrows(
                CertificateException.class, () -> clients.checkClientTrusted(chain(LEAF, INTERMEDIATE), "UNKNOWN"));
        assertThrows(
                CertificateException.class, () -> clients.checkServerTrusted(chain(LEAF, INTERMEDIATE), "UNKNOWN"));
        assertEquals(Set.of(ROOT.certificate()), Set.of(clients.getAcceptedIssuers()));
    }

    @Test
    void refusesAnAuthorityOfAnotherPurpose() {
        Made clientsOnly = CertificateMaker.named("clients")
                .authority()
                .extendedUsage(CertificateMaker.CLIENT_AUTH)
                .issuedBy(ROOT);

        assertRefused(
                "CN=clients is not for a SERVER",
                authorities(ROOT),
                server("leaf").issuedBy(clientsOnly),
                clientsOnly);
    }

    // ---- revocation

    @Test
    void wantsACurrentListOfEachIssuer() {
        byte[] ofRoot = list().issuedBy(ROOT);
        byte[] ofIntermediate = list().issuedBy(INTERMEDIATE);
        TrustAnchors anchors = authorities(ROOT);

        assertTrusted(anchors, lists(ofRoot, ofIntermediate), LEAF, INTERMEDIATE);
        assertUnknown("CN=intermediate", lists(ofRoot));
        assertUnknown("CN=root", lists(ofIntermediate));
        assertUnknown(
                "CN=root",
                lists(ofIntermediate, list().until(NOW.minusSeconds(1)).issuedBy(ROOT)));
        assertUnknown("CN=root", lists(ofIntermediate, list().from(LATER).issuedBy(ROOT)));
        assertUnknown("CN=root", lists(ofIntermediate, list().issuedBy(Made.root("root"))));
    }

    private static void assertUnknown(String issuer, RevocationLists lists) {
        assertEquals(
                "no current revocation list of " + issuer, refusal(authorities(ROOT), lists, NOW, LEAF, INTERMEDIATE));
    }

    @Test
    void refusesWhatHasBeenRevoked() {
        byte[] ofRoot = list().issuedBy(ROOT);
        byte[] ofIntermediate = list().issuedBy(INTERMEDIATE);
        byte[] leafRevoked = list().revoked(LEAF.certificate()).issuedBy(INTERMEDIATE);
        byte[] issuerRevoked = list().revoked(INTERMEDIATE.certificate()).issuedBy(ROOT);
        byte[] otherRevoked = list().revoked(CLIENT.certificate()).issuedBy(INTERMEDIATE);

        assertTrusted(authorities(ROOT), lists(ofRoot, otherRevoked), LEAF, INTERMEDIATE);
        assertRevoked("CN=leaf", lists(ofRoot, leafRevoked));
        assertRevoked("CN=leaf", lists(ofRoot, ofIntermediate, leafRevoked));
        assertRevoked("CN=intermediate", lists(issuerRevoked, ofIntermediate));
    }

    private static void assertRevoked(String name, RevocationLists lists) {
        String message = refusal(authorities(ROOT), lists, NOW, LEAF, INTERMEDIATE);
        assertTrue(message.startsWith("certificate of " + name + " revoked at "), message);
    }

    @Test
    void takesNoListOfAnIssuerThatMayNotSignAny() {
        Made ca = CertificateMaker.named("ca")
                .basicConstraints()
                .usage(CertificateMaker.KEY_CERT_SIGN)
                .selfSigned();

        String message = refusal(
                authorities(ca), lists(list().issuedBy(ca)), NOW, server("leaf").issuedBy(ca));
        assertEquals("no current revocation list of CN=ca", message);
    }

    // ---- what it never does

    /** Addresses of lists, responders and issuers stand in every certificate; none is asked. */
    @Test
    void makesNoConnection() throws Exception {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            String url = "http://127.0.0.1:" + listener.socket().getLocalPort() + "/";
            Made ca = addresses(CertificateMaker.named("ca").authority(), url).issuedBy(ROOT);
            Made leaf = addresses(server("leaf"), url).issuedBy(ca);
            RevocationLists lists = lists(list().issuedBy(ROOT), list().issuedBy(ca));

            assertTrusted(authorities(ROOT), lists, leaf, ca);
            refusal(authorities(ROOT), lists(list().issuedBy(ROOT)), NOW, leaf, ca);
            refusal(authorities(ROOT), lists(list().issuedBy(ca)), NOW, leaf, ca);
            refusal(authorities(ROOT), RevocationLists.NONE, NOW, leaf);

            assertNull(listener.accept());
        }
    }

    private static CertificateMaker addresses(CertificateMaker maker, String url) {
        byte[] uri = Der.write(0x86, url.getBytes(StandardCharsets.US_ASCII));
        byte[] point = Der.write(Der.SEQUENCE, Der.write(0xa0, Der.write(0xa0, uri)));
        byte[] responder = Der.write(Der.SEQUENCE, Asn1.oid("1.3.6.1.5.5.7.48.1"), uri);
        byte[] issuer = Der.write(Der.SEQUENCE, Asn1.oid("1.3.6.1.5.5.7.48.2"), uri);
        return maker.extension("2.5.29.31", false, Der.write(Der.SEQUENCE, point))
                .extension("1.3.6.1.5.5.7.1.1", false, Der.write(Der.SEQUENCE, responder, issuer));
    }
}
