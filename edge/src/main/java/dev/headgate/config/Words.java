package dev.headgate.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Words with their meanings, in the order given, which {@code Map.of} would lose. */
final class Words {
    private Words() {}

    static <E> Map<String, E> of(String word1, E meaning1, String word2, E meaning2) {
        Map<String, E> words = new LinkedHashMap<>();
        words.put(word1, meaning1);
        words.put(word2, meaning2);
        return words;
    }

    static <E> Map<String, E> of(String word1, E meaning1, String word2, E meaning2, String word3, E meaning3) {
        Map<String, E> words = of(word1, meaning1, word2, meaning2);
        words.put(word3, meaning3);
        return words;
    }

    static <E> Map<String, E> of(
            String word1, E meaning1, String word2, E meaning2, String word3, E meaning3, String word4, E meaning4) {
        Map<String, E> words = of(word1, meaning1, word2, meaning2, word3, meaning3);
        words.put(word4, meaning4);
        return words;
    }
}
