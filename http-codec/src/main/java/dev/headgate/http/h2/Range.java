package dev.headgate.http.h2;

/** Checks what limits are set to. On its own, so that no record of limits needs another to be there before it. */
final class Range {
    private Range() {}

    static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " out of range: value=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
