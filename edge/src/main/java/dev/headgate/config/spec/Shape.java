package dev.headgate.config.spec;

/**
 * How an object comes from the values of its keys, and goes back into them.
 *
 * <p>One class per object rather than a function per key: every start links all of them, and without an AOT cache the JVM
 * takes longer for three functions than for such a class.
 *
 * @param <T> the object
 */
public interface Shape<T> {
    /** The object of these values. */
    T make(Values<T> values);

    /** Puts the value of every key of {@code object}; null where the object does without. */
    void split(T object, Values<T> values);

    /** Looks at an object all of whose keys are fine, and reports what does not go together. */
    default void check(T object, Place place) {}
}
