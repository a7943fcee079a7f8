package dev.headgate.fuzz.oracle;

/**
 * What a plain reader makes of the bytes that are there.
 *
 * @param <T> the model of a message
 */
public sealed interface Verdict<T> {
    /**
     * The message is whole and good.
     *
     * @param length bytes that belong to it; what follows is another message's
     */
    record Accepted<T>(T model, int length) implements Verdict<T> {}

    /** No bytes behind these can make a good message of them. */
    record Refused<T>(String reason) implements Verdict<T> {}

    /** The message does not end here, and the plain reader judges whole ones only. */
    record Unfinished<T>() implements Verdict<T> {}
}
