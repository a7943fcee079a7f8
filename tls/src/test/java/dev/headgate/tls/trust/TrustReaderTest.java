package dev.headgate.tls.trust;

import static dev.headgate.tls.pki.Made.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Indefinite;
import dev.headgate.tls.pki.Made;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Bundles of anchors, and what is no anchor. */
class TrustReaderTest {
    private static final Made ROOT = Made.root("root");
    private static final Made OTHER = Made.root("other");
    private static final Made INTERMEDIATE =
            CertificateMaker.named("intermediate").authority().issuedBy(ROOT);
    private static final Made SELF =
            CertificateMaker.named("self").host("a.test").selfSigned();

    private static TrustResult read(String bundle) {
        return read(bundle, TrustLimits.DEFAULTS);
    }

    private static TrustResult read(String bundle, TrustLimits limits) {
        return new TrustReader(limits).readPem(bundle.getBytes(StandardCharsets.UTF_8), NOW);
    }

    private static String outcome(TrustResult result) {
        String tokens = String.join(
                " ", result.findings().stream().map(f -> f.code().token()).toList());
        return (result instanceof TrustResult.Refused ? "!" : "") + tokens;
    }

    private static TrustAnchors anchors(TrustResult result) {
        return assertInstanceOf(TrustResult.Ready.class, result, result::toString)
                .anchors();
    }

    @Test
    void readsAuthoritiesWhateverStandsAroundThem() {
        TrustResult result = read("# roots\n" + ROOT.pem() + INTERMEDIATE.pem() + "text\n\ufeff" + OTHER.pem());

        assertEquals("", outcome(result));
        assertEquals(
                Set.of(ROOT.certificate(), INTERMEDIATE.certificate(), OTHER.certificate()),
                anchors(result).authorities());
        assertEquals("3 authorities, 0 pinned certificates", anchors(result).toString());
    }

    @Test
    void dropsWhatIsThereTwice() {
        TrustResult result = read(ROOT.pem() + OTHER.pem() + ROOT.pem());

        assertEquals("trust.duplicate_dropped", outcome(result));
        assertEquals(2, anchors(result).authorities().size());
    }

    @Test
    void pinsACertificateThatSignedItself() {
        TrustResult result = read(SELF.pem() + ROOT.pem());

        assertEquals("trust.pinned", outcome(result));
        assertEquals(Set.of(SELF.certificate()), anchors(result).pinned());
        assertEquals(Set.of(ROOT.certificate()), anchors(result).authorities());
    }

    @Test
    void pinsAnAuthorityThatMayNotSignCertificates() {
        Made odd = CertificateMaker.named("odd")
                .basicConstraints()
                .usage(CertificateMaker.DIGITAL_SIGNATURE)
                .selfSigned();

        assertEquals("trust.pinned", outcome(read(odd.pem())));
        assertEquals(
                "",
                outcome(read(CertificateMaker.named("b")
                        .basicConstraints()
                        .selfSigned()
                        .pem())));
    }

    @Test
    void refusesALeafThatAnotherHasIssued() {
        Made leaf = CertificateMaker.named("leaf").host("a.test").issuedBy(ROOT);

        assertEquals("!trust.leaf", outcome(read(leaf.pem() + ROOT.pem())));
    }

    @Test
    void warnsOfAnchorsThatAreNotValidOrWeak() {
        CertificateMaker[] makers = {
            CertificateMaker.named("a").until(NOW.minusSeconds(1)),
            CertificateMaker.named("b").from(NOW.plusSeconds(1)),
            CertificateMaker.named("c").until(NOW.plusSeconds(1)),
            CertificateMaker.named("d").rsa(2047)
        };
        var bundle = new StringBuilder();
        for (CertificateMaker maker : makers)
            bundle.append(maker.authority().selfSigned().pem());

        assertEquals(
                "certificate.expired certificate.not_yet_valid certificate.expires_soon trust.key_weak",
                outcome(read(bundle.toString())));
    }

    @Test
    void refusesWhatCannotBeRead() {
        assertEquals("!certificate.missing", outcome(read("")));
        assertEquals("!certificate.missing", outcome(read(ROOT.keyPem())));
        assertEquals("!certificate.unreadable", outcome(read(Made.pem("CERTIFICATE", new byte[] {0x30, 0}))));
        assertEquals("!pem.label.unknown", outcome(read(ROOT.pem() + Made.pem("CERTIFICAT", ROOT.der()))));
        assertEquals("!pem.end.missing", outcome(read(ROOT.pem() + "-----BEGIN CERTIFICATE-----\n")));
    }

    @Test
    void boundsTextCertificatesAndTheirLength() {
        String bundle = ROOT.pem() + OTHER.pem();
        int longest = Math.max(ROOT.der().length, OTHER.der().length);
        for (int by : new int[] {-1, 0, 1}) {
            String mark = by < 0 ? "!" : "";

            assertLimit(mark + "pem.text.too_large", bundle, new TrustLimits(bundle.length() + by, 9, 9999, 1, 1, 1));
            assertLimit(mark + "pem.blocks.too_many", bundle, new TrustLimits(1 << 20, 2 + by, 9999, 1, 1, 1));
            assertLimit(mark + "pem.block.too_large", bundle, new TrustLimits(1 << 20, 9, longest + by, 1, 1, 1));
        }
    }

    private static void assertLimit(String expected, String bundle, TrustLimits limits) {
        String outcome = outcome(read(bundle, limits));
        String first = outcome.split(" ", -1)[0];
        assertEquals(expected.startsWith("!") ? expected : "", first);
    }

    private static byte[] store(Certificate... certificates) throws Exception {
        char[] password = "correct".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        for (int i = 0; i < certificates.length; i++) store.setCertificateEntry("c" + i, certificates[i]);
        store.setKeyEntry("key", SELF.privateKey(), password, new Certificate[] {SELF.certificate()}); // is no anchor
        var out = new ByteArrayOutputStream();
        store.store(out, password);
        return out.toByteArray();
    }

    private static TrustResult read(byte[] store, TrustLimits limits) {
        return new TrustReader(limits).readPkcs12(store, "correct".toCharArray(), NOW);
    }

    @Test
    void readsTheTrustedCertificatesOfAKeyStore() throws Exception {
        byte[] store = store(ROOT.certificate(), OTHER.certificate());

        for (byte[] bytes : new byte[][] {store, Indefinite.of(store)}) {
            TrustResult result = read(bytes, TrustLimits.DEFAULTS);

            assertEquals("", outcome(result));
            assertEquals(
                    Set.of(ROOT.certificate(), OTHER.certificate()),
                    anchors(result).authorities());
        }
        var wrong = new TrustReader(TrustLimits.DEFAULTS).readPkcs12(store, "wrong".toCharArray(), NOW);
        assertEquals("!key.passphrase.wrong", outcome(wrong));
    }

    @Test
    void refusesAKeyStoreWithoutTrustedCertificates() throws Exception {
        assertEquals("!certificate.missing", outcome(read(store(), TrustLimits.DEFAULTS)));
        assertEquals("!store.unreadable", outcome(read(new byte[3], TrustLimits.DEFAULTS)));
    }

    @Test
    void boundsAKeyStore() throws Exception {
        byte[] store = store(ROOT.certificate(), OTHER.certificate());
        for (int by : new int[] {-1, 0, 1}) {
            String mark = by < 0 ? "!" : "";
            String large = mark.isEmpty() ? "" : "!store.too_large";
            String many = mark.isEmpty() ? "" : "!pem.blocks.too_many";

            assertEquals(large, outcome(read(store, new TrustLimits(store.length + by, 9, 1, 1, 1, 1 << 20))));
            assertEquals(many, outcome(read(store, new TrustLimits(1 << 20, 2 + by, 1, 1, 1, 1 << 20))));
        }
        assertEquals(
                "!key.encryption.too_many_iterations", outcome(read(store, new TrustLimits(1 << 20, 9, 1, 1, 1, 100))));
    }

    /** Where the machine has one. */
    @Test
    void readsTheBundleOfTheOperatingSystem() throws Exception {
        Path bundle = Path.of("/etc/ssl/certs/ca-certificates.crt");
        Assumptions.assumeTrue(Files.isReadable(bundle), "no bundle here");

        TrustAnchors anchors = anchors(new TrustReader(TrustLimits.DEFAULTS).readPem(Files.readAllBytes(bundle), NOW));

        assertEquals(0, anchors.pinned().size());
    }
}
