package dev.headgate.config.spec;

import java.util.List;
import java.util.Map;

/**
 * Another spec with something done to its value on the way: what may be written is the same.
 *
 * @param <T> the value in memory
 */
public interface DerivedSpec<T> extends Spec<T> {
    /** The other one. */
    Spec<?> inner();

    @Override
    default Map<String, Object> schema(Map<String, Object> definitions) {
        return inner().schema(definitions);
    }

    @Override
    default String typeName() {
        return inner().typeName();
    }

    @Override
    default String range() {
        return inner().range();
    }

    @Override
    default List<ObjectSpec<?>> objects() {
        return inner().objects();
    }
}
