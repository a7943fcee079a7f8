package dev.headgate.config.spec;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that was likely meant. */
public final class Nearest {
    /** Longer text is no slip of the fingers; comparing costs the product of both lengths. */
    private static final int TEXT_LENGTH_MAX = 64;

    /** Among more names nobody looks for one. */
    private static final int CANDIDATES_MAX = 1000;

    private Nearest() {}

    /** {@code did you mean X?}, or nothing when no candidate is near. */
    public static String suggestion(String text, Collection<String> candidates) {
        String nearest = find(text, candidates);
        return nearest == null ? "" : "did you mean " + nearest + "?";
    }

    /** The candidate within a third of its length in edits, or null. */
    static @Nullable String find(String text, Collection<String> candidates) {
        if (text.length() > TEXT_LENGTH_MAX || candidates.size() > CANDIDATES_MAX) return null;
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        String wanted = folded(text);
        for (String candidate : candidates) {
            int distance = distance(wanted, folded(candidate));
            if (distance < bestDistance && distance <= Math.max(1, candidate.length() / 3)) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Spelling conventions are no edits: {@code header_bytes} and {@code header-bytes} are {@code headerBytes}. */
    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Edits that lead from one word to the other: insert, delete, replace, or swap two neighbours. */
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) edits[i][0] = i;
        for (int j = 0; j <= b.length(); j++) edits[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
