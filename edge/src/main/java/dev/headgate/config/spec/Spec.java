package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value looks like: read from a node, written as a tree, described by a schema.
 *
 * <p>A tree is made of {@code String}, {@code Long}, {@code Boolean}, {@code List} and {@code Map} with text keys.
 *
 * @param <T> the value in memory
 */
public interface Spec<T> {
    /** The value at {@code node}, or null after its mistakes were reported. */
    @Nullable
    T read(Node node, Reading reading);

    /** The tree that reads back as {@code value}. */
    Object write(T value);

    /**
     * The JSON Schema of the value.
     *
     * @param definitions where shared parts are put, by name
     */
    Map<String, Object> schema(Map<String, Object> definitions);

    /** What it is in a few words, for people: {@code duration}. */
    String typeName();

    /** The bounds of the value for people, {@code 1s to 1h}; empty when there are none. */
    default String range() {
        return "";
    }

    /** The objects that may stand in it, for the reference. */
    default List<ObjectSpec<?>> objects() {
        return List.of();
    }
}
