package dev.headgate.e2e;

import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads JSON as the subset of YAML that it is. */
public final class Json {
    private Json() {}

    /** The members of one object; anything else, or a repeated name, is a failure. */
    public static Map<String, Object> object(String text) {
        var settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        if (!text.startsWith("{") || !(new Load(settings).loadFromString(text) instanceof Map<?, ?> members)) {
            throw new AssertionError("no JSON object: " + text);
        }
        Map<String, Object> object = new TreeMap<>();
        members.forEach((name, value) -> object.put((String) name, value));
        return object;
    }
}
