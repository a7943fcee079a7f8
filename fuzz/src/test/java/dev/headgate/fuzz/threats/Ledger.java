package dev.headgate.fuzz.threats;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of the security document: threat, what it did to others, what comes of it here, and the tests that show it.
 *
 * @param threats in the order of the table
 * @param waiting rows of which nothing can be proven yet
 * @param proofs of all modules
 */
record Ledger(List<Threat> threats, List<Threat> waiting, List<Proof> proofs) {
    private static final String WAITING_HEAD = "| row | attack | befell | waits for |\n| --- | --- | --- | --- |\n";
    private static final String HEAD = "| row | attack | befell | outcome | tests |\n| --- | --- | --- | --- | --- |\n";

    List<Proof> proofsOf(Threat threat) {
        return proofs.stream()
                .filter(proof -> proof.rows().contains(threat.id()))
                .toList();
    }

    /** Markdown, from the first heading to the last row. */
    String text() {
        var text = new StringBuilder();
        String heading = "";
        for (Threat threat : threats) {
            if (!threat.heading().equals(heading)) {
                heading = threat.heading();
                text.append("\n### ").append(heading).append("\n\n").append(HEAD);
            }
            List<Proof> own = proofsOf(threat);
            text.append("| %s | %s | %s | %s | %s |\n"
                    .formatted(
                            threat.id(), threat.attack(), advisories(threat, own), outcome(threat, own), tests(own)));
        }
        text.append("\n### Waiting for a feature\n\n").append(WAITING_HEAD);
        for (Threat threat : waiting) {
            text.append("| %s | %s | %s | %s |\n"
                    .formatted(threat.id(), threat.attack(), String.join(", ", threat.advisories()), threat.later()));
        }
        return text.append('\n').toString();
    }

    private static String advisories(Threat threat, List<Proof> proofs) {
        return Stream.concat(
                        proofs.stream().flatMap(proof -> proof.advisories().stream()), threat.advisories().stream())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String outcome(Threat threat, List<Proof> proofs) {
        // What is said of this row first, then what is said of another and of this one too.
        String now = proofs.stream()
                .sorted(Comparator.comparing(proof -> !proof.rows().getFirst().equals(threat.id())))
                .map(Proof::outcome)
                .filter(outcome -> !outcome.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        String later = threat.later().isEmpty() ? "" : "*with " + threat.later() + "*";
        return now.isEmpty() || later.isEmpty() ? now + later : now + "; " + later;
    }

    private static String tests(List<Proof> proofs) {
        Map<String, String> bySource = new LinkedHashMap<>();
        for (Proof proof : proofs) {
            String link = "[%s](../%s)".formatted(proof.simpleName(), proof.source());
            bySource.merge(link, proof.method(), (methods, next) -> methods + ", " + next);
        }
        return bySource.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("<br>"));
    }
}
