package dev.headgate.config.spec;

import org.jspecify.annotations.Nullable;

/**
 * One key of an object.
 *
 * @param <T> the object
 * @param <V> the key's value
 */
public final class Key<T, V> {
    /** What holds when the key is not there. */
    enum Absence {
        /** That is a mistake. */
        REFUSED,
        /** The default is taken. */
        DEFAULTED,
        /** The object does without. */
        MEANINGFUL
    }

    private final String name;
    private final Spec<V> spec;
    private final String doc;
    private final Absence absence;
    private final @Nullable V defaultValue; // set exactly when DEFAULTED
    private boolean isEdgeLimit; // set while the object is being declared
    private @Nullable Long standsFor; // likewise, where the default is a word for a number

    Key(String name, Spec<V> spec, String doc, Absence absence, @Nullable V defaultValue) {
        this.name = name;
        this.spec = spec;
        this.doc = doc;
        this.absence = absence;
        this.defaultValue = defaultValue;
    }

    /** Marks a limit or rule whose default suits the open internet: a higher value, or another word, is worth a warning. */
    public Key<T, V> edgeLimit() {
        isEdgeLimit = true;
        return this;
    }

    /** The same where the default is a word, which stands for {@code value} on this machine. */
    public Key<T, V> edgeLimit(long value) {
        standsFor = value;
        return edgeLimit();
    }

    public String name() {
        return name;
    }

    Spec<V> spec() {
        return spec;
    }

    String doc() {
        return doc;
    }

    Absence absence() {
        return absence;
    }

    @Nullable
    V defaultValue() {
        return defaultValue;
    }

    /** Whether {@code value}, read for this key, is wider than the default. */
    boolean isRelaxedBy(Object value) {
        if (!isEdgeLimit || defaultValue == null) return false;
        Object known = standsFor == null ? defaultValue : standsFor;
        return value instanceof Number number && known instanceof Number usual
                ? number.longValue() > usual.longValue()
                : !value.equals(defaultValue);
    }

    /** What a relaxed value is wider than. */
    String usual() {
        return writtenDefault() + (standsFor == null ? "" : ", which is " + standsFor + " here");
    }

    /** The written form of the default, or null when there is none. */
    @Nullable
    Object writtenDefault() {
        return defaultValue == null ? null : spec.write(defaultValue);
    }

    /** The written form of this key's value, or null when the object does without. */
    @Nullable
    Object writtenValueIn(Values<T> values) {
        V value = values.find(this);
        return value == null ? null : spec.write(value);
    }
}
