package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Spec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping from labels to their values, both names.
 *
 * @param countMin fewest labels
 */
record LabelsSpec(int countMin) implements Spec<Map<String, String>> {
    private static final int COUNT_MAX = 16;
    private static final ScalarSpec<String> NAME = Scalars.name();

    @Override
    public @Nullable Map<String, String> read(Node node, Reading reading) {
        if (!(node instanceof Node.Mapping mapping)
                || mapping.entries().size() > COUNT_MAX
                || mapping.entries().size() < countMin) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, "not labels")
                    .found(node.describe())
                    .expected(countMin + " to " + COUNT_MAX + " labels with a value each, such as {version: v2}"));
            return null;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (Node.Entry entry : mapping.entries()) {
            String name = NAME.read(entry.key(), reading);
            String value = NAME.read(entry.value(), reading);
            if (name != null && value != null) labels.put(name, value);
        }
        return labels.size() == mapping.entries().size() ? Collections.unmodifiableMap(labels) : null;
    }

    @Override
    public Object write(Map<String, String> labels) {
        Map<String, Object> tree = new LinkedHashMap<>();
        labels.forEach((name, value) -> tree.put(name, NAME.write(value)));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("maxProperties", (long) COUNT_MAX);
        schema.put("propertyNames", Map.of("pattern", "^[A-Za-z0-9._-]{1,64}$"));
        schema.put("additionalProperties", Map.of("type", List.of("string", "number", "boolean")));
        return schema;
    }

    @Override
    public String typeName() {
        return "label: value";
    }
}
