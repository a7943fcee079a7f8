package dev.headgate.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.finding.Finding;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.ListMaker;
import dev.headgate.tls.pki.Made;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of reading: nothing throws, a refusal says why, and every finding is one line. */
class TrustProperties {
    private static final Made ROOT = Made.root("root");
    private static final byte[] BUNDLE = (ROOT.pem()
                    + CertificateMaker.named("self").host("a.test").selfSigned().pem())
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LIST =
            ListMaker.list().revoked(ROOT.certificate()).issuedBy(ROOT);
    private static final TrustLimits LIMITS = TrustLimits.DEFAULTS;

    private static void checkAll(byte[] bytes) {
        TrustResult bundle = new TrustReader(LIMITS).readPem(bytes, Made.NOW);
        check(bundle.findings(), bundle instanceof TrustResult.Refused);
        TrustResult store = new TrustReader(LIMITS).readPkcs12(bytes, null, Made.NOW);
        check(store.findings(), store instanceof TrustResult.Refused);
        RevocationResult lists = new RevocationReader(LIMITS).read(bytes, Made.NOW);
        check(lists.findings(), lists instanceof RevocationResult.Refused);
    }

    private static void check(List<Finding> findings, boolean isRefused) {
        boolean hasProblem = findings.stream().anyMatch(f -> f.code().severity() == FindingCode.Severity.PROBLEM);
        assertEquals(hasProblem, isRefused, findings::toString);
        for (Finding finding : findings) {
            assertTrue(finding.toString().chars().noneMatch(Character::isISOControl), finding::toString);
        }
    }

    @Property(tries = 500)
    void arbitraryBytesAreRefused(@ForAll byte[] bytes) {
        checkAll(bytes);
    }

    @Property(tries = 1000)
    void aMutantOfABundleIsReadOrRefused(@ForAll @IntRange(max = 9999) int at, @ForAll byte value) {
        byte[] bytes = BUNDLE.clone();
        bytes[at % bytes.length] = value;
        checkAll(bytes);
    }

    @Property(tries = 1000)
    void aMutantOfAListIsReadOrRefused(@ForAll @IntRange(max = 9999) int at, @ForAll byte value) {
        byte[] bytes = LIST.clone();
        bytes[at % bytes.length] = value;
        checkAll(bytes);
    }
}
