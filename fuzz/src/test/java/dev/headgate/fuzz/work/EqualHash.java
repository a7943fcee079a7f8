package dev.headgate.fuzz.work;

import java.util.List;
import java.util.stream.IntStream;

/** Words that a table by {@code String.hashCode}, with or without regard to case, has in one place, and others of the same lengths. */
final class EqualHash {
    private static final int PAIRS = 10;
    private static final String[] EQUAL = {"an", "c0"}; // 31 * 'a' + 'n' == 31 * 'c' + '0'
    private static final String[] OTHER = {"an", "c1"};

    private EqualHash() {}

    /** So many words of one hash. */
    static List<String> words(int count) {
        return of(EQUAL, count);
    }

    /** So many words of different hashes, alike in all else. */
    static List<String> otherWords(int count) {
        return of(OTHER, count);
    }

    private static List<String> of(String[] pair, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(0, PAIRS)
                        .mapToObj(bit -> pair[i >> bit & 1])
                        .reduce("", String::concat))
                .toList();
    }
}
