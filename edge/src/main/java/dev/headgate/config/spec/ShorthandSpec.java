package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An object, or one scalar that stands for it.
 *
 * @param scalar the short form, written as one scalar
 * @param object the long form, which is also the written one unless the scalar can say all
 * @param shorthand when the scalar can say all
 */
public record ShorthandSpec<T>(Spec<T> scalar, Spec<T> object, Predicate<T> shorthand) implements Spec<T> {
    @Override
    public @Nullable T read(Node node, Reading reading) {
        boolean isScalar = node instanceof Node.Scalar && !node.isNull();
        return isScalar ? scalar.read(node, reading) : object.read(node, reading);
    }

    @Override
    public Object write(T value) {
        return shorthand.test(value) ? scalar.write(value) : object.write(value);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return Map.of("anyOf", List.of(scalar.schema(definitions), object.schema(definitions)));
    }

    @Override
    public String typeName() {
        return scalar.typeName() + " or " + object.typeName();
    }

    @Override
    public List<ObjectSpec<?>> objects() {
        return object.objects();
    }
}
