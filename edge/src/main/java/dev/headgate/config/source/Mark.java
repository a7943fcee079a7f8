package dev.headgate.config.source;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column from 1, in code points
 */
public record Mark(int line, int column) {
    /** The beginning of the text. */
    public static final Mark START = new Mark(1, 1);
}
