package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A mapping from names to values, each of which can be referred to by its name.
 *
 * @param value what each name stands for
 * @param countMax most names
 * @param naming gives a value its name
 */
public record NamedSpec<T>(Spec<T> value, int countMax, BiFunction<String, T, T> naming)
        implements Spec<Map<String, T>> {
    private static final ScalarSpec<String> NAME = Scalars.name();

    @Override
    public @Nullable Map<String, T> read(Node node, Reading reading) {
        if (!(node instanceof Node.Mapping mapping)) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, "not a mapping from names")
                    .found(node.describe())
                    .expected("names, each with a " + value.typeName()));
            return null;
        }
        if (mapping.entries().size() > countMax) {
            reading.report(Problem.at(node.mark(), ProblemCode.OUT_OF_RANGE, "too many names")
                    .found(mapping.entries().size() + " names")
                    .expected("at most " + countMax + " names"));
        }
        Map<String, T> values = new LinkedHashMap<>();
        for (Node.Entry entry : mapping.entries()) {
            String name = NAME.read(entry.key(), reading);
            reading.define(entry.key().text(), entry.key().mark());
            T read = value.read(entry.value(), reading);
            if (name != null && read != null) values.put(name, naming.apply(name, read));
        }
        return values.size() == mapping.entries().size() && values.size() <= countMax ? values : null;
    }

    @Override
    public Object write(Map<String, T> values) {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((name, named) -> tree.put(name, value.write(named)));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("maxProperties", (long) countMax);
        schema.put("propertyNames", Map.of("pattern", "^[A-Za-z0-9._-]{1,64}$"));
        schema.put("additionalProperties", value.schema(definitions));
        return schema;
    }

    @Override
    public String typeName() {
        return "name: " + value.typeName();
    }

    @Override
    public List<ObjectSpec<?>> objects() {
        return value.objects();
    }
}
