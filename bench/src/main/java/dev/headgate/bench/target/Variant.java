package dev.headgate.bench.target;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Headgate with something changed, to be measured beside the usual one.
 *
 * @param name how it is called, behind {@code headgate-}
 * @param javaOptions further flags of its JVM
 * @param settings further keys of its configuration's top level; {@code loops} is apart
 * @param tlsProvider who does TLS; empty for the JDK
 * @param loops event loops; 0 for as many as the others
 */
public record Variant(
        String name, List<String> javaOptions, Map<String, String> settings, Optional<String> tlsProvider, int loops) {
    private static final String TLS_PROVIDER = "tls.provider";
    private static final int LOOPS_MAX = 1024;

    public Variant {
        javaOptions = List.copyOf(javaOptions);
        settings = new LinkedHashMap<>(settings);
    }

    /**
     * Reads {@code NAME=WORD WORD...}, where each word is a flag of the JVM ({@code -XX:+UseG1GC}) or a key and value of the
     * configuration ({@code busyPoll:50us}); {@code tls.provider:NAME} is that of its listener with TLS.
     *
     * @throws IllegalArgumentException when it is none such, with what is wrong
     */
    public static Variant parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "--variant is NAME=FLAGS, such as g1='-XX:-UseSerialGC -XX:+UseG1GC', with a"
                            + " name of small letters, digits and hyphens, not " + text);
        }
        List<String> javaOptions = new ArrayList<>();
        Map<String, String> settings = new LinkedHashMap<>();
        Optional<String> tlsProvider = Optional.empty();
        int loops = 0;
        for (String word : text.substring(equals + 1).trim().split("\\s+", -1)) {
            int colon = word.indexOf(':');
            if (word.startsWith("-")) {
                javaOptions.add(word);
            } else if (colon > 0 && word.substring(0, colon).equals("loops")) {
                loops = loops(word.substring(colon + 1));
            } else if (word.startsWith(TLS_PROVIDER + ":") && colon < word.length() - 1) {
                tlsProvider = Optional.of(word.substring(colon + 1));
            } else if (colon > 0 && colon < word.length() - 1) {
                settings.put(word.substring(0, colon), word.substring(colon + 1));
            } else {
                throw new IllegalArgumentException("--variant " + name
                        + " wants JVM flags (-XX:...) or keys of the configuration (busyPoll:50us), not '" + word
                        + "'");
            }
        }
        return new Variant(name, javaOptions, settings, tlsProvider, loops);
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= 24
                && text.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
    }

    private static int loops(String digits) {
        try {
            int loops = Integer.parseInt(digits);
            if (loops >= 1 && loops <= LOOPS_MAX) return loops;
        } catch (NumberFormatException e) {
            // Answered below, like a number out of range.
        }
        throw new IllegalArgumentException("loops of a variant is a number from 1 to " + LOOPS_MAX + ", not " + digits);
    }

    /** Event loops, where the others have {@code usual}. */
    public int loopsOr(int usual) {
        return loops == 0 ? usual : loops;
    }

    /** What is changed, in the words in which it was given. */
    public String changes() {
        List<String> words = new ArrayList<>(javaOptions);
        if (loops > 0) words.add("loops:" + loops);
        tlsProvider.ifPresent(provider -> words.add(TLS_PROVIDER + ":" + provider));
        settings.forEach((key, value) -> words.add(key + ":" + value));
        return String.join(" ", words);
    }
}
