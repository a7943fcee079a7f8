package dev.headgate.fuzz.threats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every threat has its test or the feature that it waits for, and the document says so. */
class ThreatLedgerTest {
    private static final String BEGIN = "<!-- ledger: generated from the annotations of the tests -->\n";
    private static final String END = "<!-- end of the ledger -->\n";

    private static final ProofScanner SCANNER = new ProofScanner();
    private static final Ledger LEDGER = new Ledger(Threat.all(), Threat.waiting(), SCANNER.proofs());
    private static final String ADVISORY = "[A-Za-z0-9./ ]+ (CVE-\\d{4}-\\d{4,}|VU#\\d+)";

    @Test
    void everyThreatHasATestOfTheWholeProxyOrWaitsForAFeature() {
        List<String> bare = LEDGER.threats().stream()
                .filter(threat ->
                        threat.later().isEmpty() || !LEDGER.proofsOf(threat).isEmpty())
                .filter(threat -> LEDGER.proofsOf(threat).stream().noneMatch(Proof::isOfTheWhole))
                .map(Threat::id)
                .toList();
        assertEquals(List.of(), bare);
    }

    @Test
    void everyTestOfAThreatSaysWhatComesOfItSomewhere() {
        List<String> silent = LEDGER.threats().stream()
                .filter(threat -> !LEDGER.proofsOf(threat).isEmpty())
                .filter(threat -> LEDGER.proofsOf(threat).stream()
                        .noneMatch(proof ->
                                proof.isOfTheWhole() && !proof.outcome().isEmpty()))
                .map(Threat::id)
                .toList();
        assertEquals(List.of(), silent);
    }

    @Test
    void everyTestIsNamedByItsFirstRowAndNamesRowsThatThereAre() {
        Set<String> known = LEDGER.threats().stream().map(Threat::id).collect(Collectors.toSet());
        List<String> wrong = LEDGER.proofs().stream()
                .filter(proof -> !proof.isNamedByRow() || !known.containsAll(proof.rows()))
                .map(proof -> proof.className() + "." + proof.method() + " " + proof.rows())
                .toList();
        assertEquals(List.of(), wrong);
    }

    /** As soon as a test proves something of it, a row waits no more, and belongs to the table of those that do not. */
    @Test
    void rowsThatWaitHaveNoTestAndNameTheirFeature() {
        List<String> wrong = LEDGER.waiting().stream()
                .filter(threat ->
                        threat.later().isEmpty() || !LEDGER.proofsOf(threat).isEmpty())
                .map(Threat::id)
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRowIsThereOnceAndEveryAdvisoryHasANumber() {
        List<String> ids = Stream.concat(LEDGER.threats().stream(), LEDGER.waiting().stream())
                .map(Threat::id)
                .toList();
        assertEquals(List.copyOf(new LinkedHashSet<>(ids)), ids);
        List<String> odd = Stream.concat(
                        Stream.concat(LEDGER.threats().stream(), LEDGER.waiting().stream())
                                .flatMap(threat -> threat.advisories().stream()),
                        LEDGER.proofs().stream().flatMap(proof -> proof.advisories().stream()))
                .filter(advisory -> !advisory.matches(ADVISORY))
                .toList();
        assertEquals(List.of(), odd);
    }

    /** {@code -Dheadgate.docs=write} writes it anew. */
    @Test
    void documentShowsTheLedger() throws IOException {
        Path file = SCANNER.root.resolve("docs/security.md");
        String document = Files.readString(file);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        if ("write".equals(System.getProperty("headgate.docs"))) {
            Files.writeString(file, document.substring(0, begin) + LEDGER.text() + document.substring(end));
        } else {
            assertEquals(
                    LEDGER.text(),
                    document.substring(begin, end),
                    "run ThreatLedgerTest with -Dheadgate.docs=write, with -am so that all tests are compiled");
        }
    }
}
