package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.CHAIN;
import static dev.headgate.tls.credential.Fixtures.NOW;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static dev.headgate.tls.credential.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.PemReader;
import dev.headgate.tls.finding.Input;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PEM as text (RFC 7468 §2, §3). */
class PemTextTest {
    private static final String KEY = text("ed25519.pkcs8.pem");
    private static final String LEAF = text("ed25519.crt");
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "-----END CERTIFICATE-----\n";

    record Vector(String id, String certificates, String outcome) {
        @Override
        public String toString() {
            return id;
        }
    }

    static List<Vector> vectors() {
        String all = LEAF + CHAIN;
        return List.of(
                new Vector("LF", all, ""),
                new Vector("CRLF", all.replace("\n", "\r\n"), ""),
                new Vector("CR", all.replace("\n", "\r"), ""),
                new Vector("blanks behind lines", all.replace("\n", " \t\n"), ""),
                new Vector("no line end last", all.stripTrailing(), ""),
                new Vector("byte order mark", "\ufeff" + all, ""),
                new Vector("byte order mark of a later file", LEAF + "\ufeff" + CHAIN, ""),
                new Vector("byte order mark behind text", LEAF + "\ufeffissuer:\n" + CHAIN, ""),
                new Vector(
                        "byte order mark and lost END", LEAF.replace(END, "") + "\ufeff" + CHAIN, "!pem.end.missing"),
                new Vector("byte order mark inside", LEAF.replaceFirst("\n", "\n\ufeff"), "!pem.base64.invalid"),
                new Vector("text around", "subject: leaf\n\n" + LEAF + "issuer:\n" + CHAIN + "the end ä\n", ""),
                new Vector("X509 label", all.replace("CERTIFICATE", "X509 CERTIFICATE"), ""),
                new Vector("empty", "", "!certificate.missing"),
                new Vector("no PEM", "hello\n", "!certificate.missing"),
                new Vector("other block", KEY, "!certificate.missing"),
                new Vector(
                        "wrong label",
                        all.replace("CERTIFICATE", "CERTIFICAT"),
                        "!pem.label.unknown pem.label.unknown"),
                new Vector("lost END", LEAF.replace(END, "") + CHAIN, "!pem.end.missing"),
                new Vector("lost END last", LEAF + CHAIN.replace(END, ""), "!pem.end.missing"),
                new Vector("lost BEGIN", LEAF.replace(BEGIN, "") + CHAIN, "!pem.end.stray"),
                new Vector("other END", LEAF.replace(END, "-----END KEY-----\n") + CHAIN, "!pem.end.other_label"),
                new Vector("BEGIN joined", LEAF.replace(BEGIN, BEGIN.strip()), "!pem.begin.malformed pem.end.stray"),
                new Vector("header", LEAF.replace(BEGIN, BEGIN + "A: b\n\n"), "!pem.header.unexpected"),
                new Vector("bad letter", LEAF.replaceFirst("MII", "M*I") + CHAIN, "!pem.base64.invalid"),
                new Vector("blank inside", LEAF.replaceFirst("MII", "M II") + CHAIN, "!pem.base64.invalid"),
                new Vector("cut off", BEGIN + "MIIB\nA\n" + END, "!pem.base64.invalid"),
                new Vector("bits behind the end", BEGIN + "MB==\n" + END, "!pem.base64.invalid"),
                new Vector("no content", BEGIN + END, "!pem.base64.invalid"),
                new Vector("no certificate", BEGIN + "MAA=\n" + END, "!certificate.unreadable"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsOrSaysWhy(Vector vector) {
        assertEquals(vector.outcome(), outcome(read(vector.certificates(), KEY, null)));
    }

    @Test
    void saysAtWhichLineTheBlockBegins() {
        CredentialResult result = read("one\ntwo\n" + BEGIN + "*\n" + END, KEY, null);

        assertEquals(3, result.findings().getFirst().line());
    }

    @Test
    void boundsTextBlocksAndTheirLength() {
        String all = LEAF + CHAIN;
        int textBytes = all.length();
        int blockBytes = Math.max(derBytes(LEAF), derBytes(CHAIN));
        for (int by : new int[] {-1, 0, 1}) {
            boolean isRefused = by < 0;

            assertLimit(isRefused, "pem.text.too_large", new CredentialLimits(textBytes + by, 32, 9999, 8, 8192, 1));
            assertLimit(isRefused, "pem.blocks.too_many", new CredentialLimits(99_999, 2 + by, 9999, 8, 8192, 1));
            assertLimit(
                    isRefused, "pem.block.too_large", new CredentialLimits(99_999, 32, blockBytes + by, 8, 8192, 1));
        }
    }

    /** A block is one of them however it is broken. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                END,
                BEGIN,
                "-----BEGIN CERTIFICATE\n",
                BEGIN + END,
                BEGIN + "A: b\n",
                BEGIN + "*\n" + END,
                BEGIN + "-----END KEY-----\n"
            })
    void boundsWhatItFinds(String part) {
        CredentialResult result = read(part.repeat(5_000), KEY, null);

        assertTrue(
                result.findings().size() <= 2 * 32 + 2, () -> result.findings().size() + " findings");
        assertTrue(result.toString().contains("pem.blocks.too_many"), result::toString);
    }

    private static void assertLimit(boolean isRefused, String token, CredentialLimits limits) {
        assertEquals(isRefused ? "!" + token : "", outcome(read(LEAF + CHAIN, KEY, null, NOW, limits)));
    }

    private static int derBytes(String pem) {
        var blocks = PemReader.read(
                pem.getBytes(StandardCharsets.US_ASCII),
                Input.CERTIFICATES,
                CredentialLimits.DEFAULTS.pem(),
                new Findings());
        return blocks.getFirst().der().length;
    }
}
