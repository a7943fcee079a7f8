package dev.headgate.tls.trust;

import static dev.headgate.tls.pki.ListMaker.list;
import static dev.headgate.tls.pki.Made.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.pki.Made;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Revocation lists in files. */
class RevocationReaderTest {
    private static final Made CA = Made.root("ca");
    private static final byte[] NUMBER = Der.write(Der.INTEGER, new byte[] {1});

    private static String outcome(byte[] bytes) {
        return outcome(bytes, TrustLimits.DEFAULTS);
    }

    private static String outcome(byte[] bytes, TrustLimits limits) {
        RevocationResult result = new RevocationReader(limits).read(bytes, NOW);
        String tokens = String.join(
                " ", result.findings().stream().map(f -> f.code().token()).toList());
        return (result instanceof RevocationResult.Refused ? "!" : "") + tokens;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void readsOneListAsDerAndSeveralAsPem() {
        String one = list().revoked(CA.certificate()).pemIssuedBy(CA);
        String other = list().extension("2.5.29.20", false, NUMBER).pemIssuedBy(CA);

        assertEquals("", outcome(list().issuedBy(CA)));
        RevocationResult both = new RevocationReader(TrustLimits.DEFAULTS).read(ascii(one + other), NOW);
        var ready = assertInstanceOf(RevocationResult.Ready.class, both, both::toString);
        assertEquals("2 revocation lists", ready.lists().toString());
    }

    @Test
    void warnsOfAListThatIsStale() {
        assertEquals("", outcome(list().until(NOW).issuedBy(CA)));
        assertEquals("crl.stale", outcome(list().until(NOW.minusSeconds(1)).issuedBy(CA)));
        assertEquals("", outcome(list().from(NOW).issuedBy(CA)));
        assertEquals(
                "crl.not_yet_valid", outcome(list().from(NOW.plusSeconds(1)).issuedBy(CA)));
    }

    @Test
    void refusesPartsOfListsAndThoseThatNeverGrowOld() {
        assertEquals(
                "!crl.unsupported",
                outcome(list().extension("2.5.29.27", true, NUMBER).issuedBy(CA)));
        assertEquals(
                "!crl.unsupported",
                outcome(list().extension("2.5.29.28", true, Der.write(Der.SEQUENCE))
                        .issuedBy(CA)));
        assertEquals(
                "!crl.unsupported",
                outcome(list().extension("1.2.3", true, NUMBER).issuedBy(CA)));
        assertEquals("!crl.unsupported", outcome(list().until(null).issuedBy(CA)));
    }

    @Test
    void refusesWhatCannotBeRead() {
        byte[] whole = list().issuedBy(CA);

        assertEquals("!crl.unreadable", outcome(Arrays.copyOf(whole, whole.length - 1)));
        assertEquals("!crl.unreadable", outcome(Arrays.copyOf(whole, whole.length + 1)));
        assertEquals("!crl.unreadable", outcome(ascii(Made.pem("X509 CRL", CA.der()))));
        assertEquals("!crl.missing", outcome(new byte[0]));
        assertEquals("!crl.missing", outcome(ascii(CA.pem())));
        assertEquals("!pem.label.unknown", outcome(ascii(Made.pem("X509 CLR", whole))));
    }

    @Test
    void boundsListsAndTheirLength() {
        byte[] whole = list().issuedBy(CA);
        byte[] two = ascii(list().pemIssuedBy(CA) + list().pemIssuedBy(CA));
        for (int by : new int[] {-1, 0, 1}) {
            var bytes = new TrustLimits(1, 1, 1, whole.length + by, 9, 1);
            var count = new TrustLimits(1, 1, 1, 1 << 20, 2 + by, 1);

            assertEquals(by < 0 ? "!pem.text.too_large" : "", outcome(whole, bytes));
            assertEquals(by < 0 ? "!pem.blocks.too_many" : "", outcome(two, count));
        }
    }
}
