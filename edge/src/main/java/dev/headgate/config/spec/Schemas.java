package dev.headgate.config.spec;

import java.util.LinkedHashMap;
import java.util.Map;

/** Pieces of JSON Schema in a fixed order, which {@code Map.of} does not keep from one JVM to the next. */
public final class Schemas {
    private Schemas() {}

    /** A type with one more keyword. */
    public static Map<String, Object> typed(String type, String keyword, Object value) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        schema.put(keyword, value);
        return schema;
    }

    /** A whole number within bounds, both included. */
    public static Map<String, Object> whole(long min, long max) {
        Map<String, Object> schema = typed("integer", "minimum", min);
        schema.put("maximum", max);
        return schema;
    }
}
