package dev.headgate.config;

import dev.headgate.config.source.TreeWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON Schema of the language, for editors; it comes from the declarations that also read the file. */
public final class JsonSchema {
    private JsonSchema() {}

    /** The schema, draft 2020-12, as JSON. */
    public static String generate() {
        Map<String, Object> definitions = new LinkedHashMap<>();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Headgate configuration, version " + Language.VERSION);
        schema.putAll(Language.DOCUMENT.schema(definitions));
        schema.put("$defs", definitions);
        return TreeWriter.json(schema);
    }
}
