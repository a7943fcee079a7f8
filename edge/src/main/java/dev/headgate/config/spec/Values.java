package dev.headgate.config.spec;

import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys of one object.
 *
 * @param <T> the object
 */
public final class Values<T> {
    private final IdentityHashMap<Key<T, ?>, Object> values = new IdentityHashMap<>();

    /** The value of a key that is required or has a default. */
    public <V> V get(Key<T, V> key) {
        return Objects.requireNonNull(find(key), key.name());
    }

    /** The value of a key, or null when it is not there and has no default. */
    @SuppressWarnings("unchecked") // put() takes a value of its key's type only
    public <V> @Nullable V find(Key<T, V> key) {
        return (V) values.get(key);
    }

    /** Gives the key a value; null leaves it without. */
    public <V> void put(Key<T, V> key, @Nullable V value) {
        if (value != null) values.put(key, value);
    }
}
