package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same text kept as another value.
 *
 * @param inner how it is read and written
 */
public record MappedSpec<T, U>(Spec<T> inner, Function<T, U> to, Function<U, T> from) implements DerivedSpec<U> {
    @Override
    public @Nullable U read(Node node, Reading reading) {
        T value = inner.read(node, reading);
        return value == null ? null : to.apply(value);
    }

    @Override
    public Object write(U value) {
        return inner.write(from.apply(value));
    }
}
