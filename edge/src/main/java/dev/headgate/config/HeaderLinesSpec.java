package dev.headgate.config;

import dev.headgate.config.RouteConfig.HeaderLine;
import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Schemas;
import dev.headgate.config.spec.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping from field names to a value or, where {@code valuesMax} allows, several.
 *
 * @param valuesMax most values of one name
 */
record HeaderLinesSpec(int valuesMax) implements Spec<List<HeaderLine>> {
    private static final int NAMES_MAX = 64;
    private static final ScalarSpec<String> NAME = HttpScalars.fieldName();
    private static final ScalarSpec<String> VALUE = HttpScalars.fieldValue();

    @Override
    public @Nullable List<HeaderLine> read(Node node, Reading reading) {
        if (!(node instanceof Node.Mapping mapping) || mapping.entries().size() > NAMES_MAX) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, "not header fields")
                    .found(node.describe())
                    .expected("at most " + NAMES_MAX + " field names, each with its value"));
            return null;
        }
        List<HeaderLine> lines = new ArrayList<>();
        Map<String, Mark> seen = new HashMap<>();
        boolean complete = true;
        for (Node.Entry entry : mapping.entries()) {
            String name = NAME.read(entry.key(), reading);
            List<String> values = readValues(entry.value(), reading);
            complete &= name != null && values != null;
            if (name == null) continue;
            Mark first = seen.putIfAbsent(name, entry.key().mark());
            if (first != null) reportDuplicate(entry, first, reading);
            if (values != null) values.forEach(value -> lines.add(new HeaderLine(name, value)));
        }
        return complete ? lines : null;
    }

    private @Nullable List<String> readValues(Node node, Reading reading) {
        if (valuesMax > 1) return new ListSpec<>(VALUE, 1, valuesMax).read(node, reading);
        String value = VALUE.read(node, reading);
        return value == null ? null : List.of(value);
    }

    /** Names are compared without regard to case, which the document's own check of keys cannot know. */
    private static void reportDuplicate(Node.Entry entry, Mark first, Reading reading) {
        reading.report(Problem.at(entry.key().mark(), ProblemCode.DUPLICATE_KEY, "the field stands here twice")
                .found(entry.key().describe())
                .expected("one entry; the first is at line " + first.line() + ", column " + first.column()));
    }

    @Override
    public Object write(List<HeaderLine> lines) {
        Map<String, List<Object>> byName = new LinkedHashMap<>();
        for (HeaderLine line : lines) {
            byName.computeIfAbsent(line.name(), name -> new ArrayList<>()).add(VALUE.write(line.value()));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        byName.forEach((name, values) -> tree.put(name, values.size() == 1 ? values.getFirst() : values));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> value = Map.of("type", List.of("string", "number", "boolean"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("maxProperties", (long) NAMES_MAX);
        schema.put(
                "additionalProperties",
                valuesMax == 1 ? value : Map.of("anyOf", List.of(value, Schemas.typed("array", "items", value))));
        return schema;
    }

    @Override
    public String typeName() {
        return valuesMax == 1 ? "field name: value" : "field name: value or values";
    }
}
